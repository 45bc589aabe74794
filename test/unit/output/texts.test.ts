import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { Failure } from "../../../src/failure.js";
import { errorAnnotation, maskCommand } from "../../../src/output/annotation.js";
import { changedFailure } from "../../../src/output/changed-failure.js";
import { painter, wantsColor } from "../../../src/output/color.js";
import { concealed, learnLater, learnSecrets } from "../../../src/output/concealed.js";
import { hasControlCharacter, isBrokenText } from "../../../src/output/control-characters.js";
import { decoded } from "../../../src/output/decoded.js";
import { parseDuration, sayDuration } from "../../../src/output/duration.js";
import { failureLines } from "../../../src/output/failure-json.js";
import {
  LONGEST_NAME,
  printable,
  printableJson,
  shortened,
  shownUrl,
} from "../../../src/output/printable.js";
import { reportText, tokenless, verification } from "../../../src/output/verification.js";
import { testContext } from "../../support/test-context.js";

describe("printable", () => {
  it.each([
    ["plain text, é, 日本, 😀", "plain text, é, 日本, 😀"],
    ["a\nb\rc\td", "a\\nb\\rc\\td"],
    ["\u001b[31mred\u0007\0", "\\x1b[31mred\\x07\\x00"],
    ["\u009b31m\u007f", "\\x9b31m\\x7f"],
    ["\u202egnp.exe\u2066\u200b\ufeff", "\\u202egnp.exe\\u2066\\u200b\\ufeff"],
    ["\u2028\u2029", "\\u2028\\u2029"],
    ["\ud800x", "\\ud800x"],
    ["x\udc00", "x\\udc00"],
    ["\udc00", "\\udc00"],
    ["a\u{e0041}\u{e007f}b", "a\\u{e0041}\\u{e007f}b"],
    ["\u3164\uffa0\u115f\u034f\u2800", "\\u3164\\uffa0\\u115f\\u034f\\u2800"],
    ["x\ufe0f\u{e0100}\u180b", "x\\ufe0f\\u{e0100}\\u180b"],
    ["a#b##c #[ ##", "a#b##c #[ ##"],
    ["##[error]x", "#\\x23[error]x"],
    ["a ##VSO[task.setvariable variable=x]y", "a #\\x23VSO[task.setvariable variable=x]y"],
    ["##teamcity[buildStop comment='x']", "#\\x23teamcity[buildStop comment='x']"],
    ["x ##octopus[create-artifact]y ##TeamCity[z", "x #\\x23octopus[create-artifact]y #\\x23TeamCity[z"],
    ["####any[", "###\\x23any["],
    ["## heading [link], ##a-b[", "## heading [link], ##a-b["],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it("escapes all that Unicode says is not seen, and nothing that is", () => {
    const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Cs}\u2800]/u;
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      // Of later versions of Unicode than this Node's.
      if (/\p{Cn}/u.test(character)) continue;
      if (unseen.test(character) === (printable(character) === character)) expect(code.toString(16)).toBe("");
    }
  });

  it("is cut where a value is longer than anything that helps, and shows no password of an address", () => {
    expect(shortened("x".repeat(201))).toBe(`${"x".repeat(200)}…`);
    expect(shortened("x".repeat(200))).toBe("x".repeat(200));
    expect(shortened("x".repeat(LONGEST_NAME), LONGEST_NAME)).toBe("x".repeat(4096));
    expect(shortened("x".repeat(4097), LONGEST_NAME)).toBe(`${"x".repeat(4096)}…`);
    learnSecrets("cut-or-concealed");
    expect(shortened(`cut-or-concealed${"x".repeat(197)}`)).toBe(`***${"x".repeat(197)}`);
    expect(shortened(`cut-or-concealed${"x".repeat(198)}`)).toBe(`***${"x".repeat(197)}…`);
  });

  it("shows no part of a secret that stands where it is cut", () => {
    const secret = "kY7/dR2+qW9zT4vB6nM1xC8pL3sF5gH0jA+eU/iO";
    learnSecrets(secret);
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("hex")])
      for (const before of [150, 170, 190]) {
        const whole = `${"x".repeat(before)} *** ${"y".repeat(100)}`;
        expect(shortened(whole.replace("***", form))).toBe(`${whole.slice(0, 200)}…`);
      }
    expect(shownUrl("http://me:secret@host/x@y")).toBe("http://***@host/x@y");
  });

  it("leaves nothing that a terminal obeys, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|##\[|##vso\[/,
        );
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });
});

describe("printableJson", () => {
  it("is JSON of the same value, with nothing in it that a terminal or a runner obeys", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\x7f", "\x9b", "\u202e", "\u{e0041}", "\u3164", "##[", "##vso["),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom(undefined, 2), (parts, indent) => {
        const value = { [parts.join("")]: parts };
        const text = printableJson(value, indent);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(printable(text.replaceAll("\n", ""))).toBe(text.replaceAll("\n", ""));
      }),
      { numRuns: 500 },
    );
  });
});

describe("concealed", () => {
  it("blanks secrets out in every form, wherever they stand", () => {
    const byte = fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(
        fc.string({ unit: byte, minLength: 12, maxLength: 60 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          learnSecrets(secret);
          const core = secret.slice(2, -2);
          const texts = [
            before + secret + after,
            before + encodeURIComponent(secret) + after,
            JSON.stringify({ [secret]: before }),
            Buffer.from(secret).toString("base64"),
            Buffer.from(secret).toString("base64url"),
            Buffer.from(`user:${secret}`).toString("base64"),
            Buffer.from(`a ${secret} b`).toString("base64"),
          ];
          for (const text of texts) {
            expect(concealed(text)).not.toContain(secret);
            expect(Buffer.from(concealed(text), "base64").toString("latin1")).not.toContain(core);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    "yXnY|>*!-%5\\x88Pw##i@+7",
    "AbCd%5\\x43\\u0041/eFgH",
    "AbCd&amp;lt;%2541/eFgH",
    "AbCd&#37;41\\%78ff/eFgH",
    "AbCd%4\\x31%%%\\\\/eFgH",
    "AbCd%2%3%3%35/eFgH",
  ])("blanks out %s, URL-encoded and not", (secret) => {
    learnSecrets(secret);
    for (const text of [secret, encodeURIComponent(secret), encodeURIComponent(encodeURIComponent(secret))])
      expect(concealed(`a ${text} b`)).toBe("a *** b");
  });

  const SECRET = 'sEcReT/Key+of=a"case\\and &\u00e9 0123456789';
  const url = (text: string) => encodeURIComponent(text);
  /** Every byte as the given text, but letters and digits. */
  const every = (write: (code: number) => string) =>
    [...Buffer.from(SECRET)]
      .map((code) => (/\w/.test(String.fromCharCode(code)) ? String.fromCharCode(code) : write(code)))
      .join("");
  const hex = (code: number) => code.toString(16).padStart(2, "0");

  it.each([
    ["as it is", SECRET],
    ["URL-encoded", url(SECRET)],
    ["URL-encoded but for slashes, as Python's quote does", url(SECRET).replaceAll("%2F", "/")],
    ["URL-encoded by encodeURI", encodeURI(SECRET)],
    ["as a form has it", url(SECRET).replaceAll("%20", "+")],
    ["URL-encoded in lower case", every((code) => `%${hex(code)}`)],
    ["URL-encoded in mixed case", url(SECRET).replace("%2F", "%2f").replace("%C3", "%c3")],
    ["URL-encoded whole", Buffer.from(SECRET).toString("hex").replace(/../g, "%$&")],
    ["URL-encoded twice", url(url(SECRET))],
    ["URL-encoded four times", url(url(url(url(SECRET))))],
    ["as JSON", JSON.stringify(SECRET).slice(1, -1)],
    ["as JSON with slashes escaped", JSON.stringify(SECRET).slice(1, -1).replaceAll("/", "\\/")],
    [
      "as JSON in ASCII",
      JSON.stringify(SECRET)
        .slice(1, -1)
        .replace(/[&/\u00e9]/g, (c) => `\\u00${hex(c.charCodeAt(0)).toUpperCase()}`),
    ],
    ["as JSON in JSON", JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)],
    ["as JSON, URL-encoded", url(JSON.stringify(SECRET).slice(1, -1))],
    ["with escapes of bytes", every((code) => `\\x${hex(code)}`)],
    [
      "as XML",
      SECRET.replaceAll("&", "&amp;")
        .replaceAll('"', "&quot;")
        .replaceAll("/", "&#x2F;")
        .replaceAll("+", "&#43;"),
    ],
    ["in hexadecimal digits", Buffer.from(SECRET).toString("hex")],
    ["in upper-case hexadecimal digits", Buffer.from(SECRET).toString("hex").toUpperCase()],
    ["in base64 that is URL-encoded", url(Buffer.from(`${SECRET}==`).toString("base64"))],
  ])("blanks a secret out %s, and nothing around it", (_how, text) => {
    learnSecrets(SECRET);
    const said = concealed(`before ${text} after 100% \u00e9`);
    // Of base64 the characters at the ends also hold what stands beside it.
    expect(said).toMatch(/^before \*\*\*\S{0,12} after 100% \u00e9$/);
    expect(said).not.toContain(text.slice(-8));
  });

  it("blanks out what has characters of one byte and of more, escaped", () => {
    learnSecrets("two\u0080bytes\u007fand\u{10ffff}more");
    for (const text of ["two\\u0080bytes\\u007fand\u{10ffff}more", "two&#x80;bytes&#127;and\u{10ffff}more"])
      expect(concealed(`a ${text} b`)).toBe("a *** b");
  });

  it("leaves what is written as JSON readable as JSON", () => {
    learnSecrets('"quoted\\secret/', "ends-with-a-backslash\\");
    for (const secret of ['"quoted\\secret/', "ends-with-a-backslash\\"]) {
      const text = concealed(JSON.stringify({ message: `a ${secret} b` }));
      expect(JSON.parse(text).message).toMatch(/^a \*\*\*\\? b$/);
    }
  });

  it("blanks out of base64 each character that holds nothing else, and no other", () => {
    const secret = "base64/secret+of=22byte";
    learnSecrets(secret);
    for (let before = 0; before < 6; before++)
      for (let after = 0; after < 3; after++) {
        const whole = "x".repeat(before) + secret + "y".repeat(after);
        const text = Buffer.from(whole).toString("base64");
        const first = Math.ceil((before * 8) / 6);
        const end = Math.floor(((before + secret.length) * 8) / 6);
        expect(concealed(text)).toBe(`${text.slice(0, first)}***${text.slice(end)}`);
      }
  });

  it("blanks out several, in any order, side by side, one in another", () => {
    learnSecrets("first-learnt", "second-learnt", "st-learnt-second");
    expect(concealed("a second-learnt b first-learnt c")).toBe("a *** b *** c");
    expect(concealed("a second-learntsecond-learnt c")).toBe("a ****** c");
    expect(concealed("a first-learnt-second-learnt c")).not.toMatch(/learnt|second/);
  });

  it("blanks out the longest first where only what is written is one: one in another, learnt in any order", () => {
    learnSecrets("41-short-first", "41-short-first-and-long", "42-short-last-and-long", "42-short-last");
    for (const text of ["%41-short-first-and-long", "%42-short-last-and-long"])
      expect(concealed(text)).toBe("%***");
  });

  it("blanks out what has characters of few and of many digits in XML", () => {
    learnSecrets("with\ta-tab", "up-to-\u{fffff}-there");
    for (const tab of ["&#9;", "&#x9;", "&#000009;", "&#x00009;"])
      expect(concealed(`a with${tab}a-tab b`)).toBe("a *** b");
    expect(concealed("a up-to-&#xfffff;-there b")).toBe("a *** b");
  });

  it("asks for what takes time to find once, when something is concealed", () => {
    const find = vi.fn(() => ["found-later"]);
    learnLater(find);
    expect(find).not.toHaveBeenCalled();
    for (let time = 0; time < 2; time++) expect(concealed("a found-later b")).toBe("a *** b");
    expect(find).toHaveBeenCalledTimes(1);
  });

  it("leaves ordinary words alone", () => {
    learnSecrets("short", "seven77", "", undefined);
    expect(concealed("a short seven77 text")).toBe("a short seven77 text");
    learnSecrets("eight888", "eight+88");
    expect(concealed("an eight888 text")).toBe("an *** text");
    expect(concealed("an eight%2B88 text")).toBe("an *** text");
  });

  it("leaves other texts with encodings alone", () => {
    learnSecrets("a/long/secret+of/this");
    for (const text of [
      "100%, 25% and %2F, C:\\new\\u0041, &amp; &#47;, a+b c, \u00e9\ud800",
      "&#xffffff; and &#9999999; are no characters",
      "a/long/secret of/thus",
      "%",
      "\\",
    ])
      expect(concealed(text)).toBe(text);
  });
});

describe("the characters of a text without its encodings", () => {
  it.each([
    ["%41%6a\\x42\\u0043&#x44;&#69;&amp;", "AjBCDE&"],
    ["&#;&#x;&;&#xg;&#1a;", "&#;&#x;&;&#xg;&#1a;"],
    ["%4g%%g4", "%4g%%g4"],
    ["\\x4g\\u004g\\g", "x4gu004gg"],
    ["\\u00414&#x041;1", "A4A1"],
  ])("of %s are %s", (source, text) => {
    expect(decoded(source).text).toBe(text);
  });

  it("are the same of a text that looks like an encoding itself, however that is encoded", () => {
    const xml = (text: string) =>
      text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
    const encodings: readonly ((text: string) => string)[] = [
      encodeURIComponent,
      (text) => encodeURIComponent(text).replaceAll("%2F", "/"),
      (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
      xml,
      (text) => text.replace(/[^\w]/g, (character) => `&#${character.charCodeAt(0)};`),
    ];
    // Not JSON in ASCII: in `\\u0025` either the backslash is doubled, or it stands before an escaped `%`.
    const piece = fc.constantFrom(...'\\%&;#xu0425cC/"<Zz', "\\x", "\\u00", "&#x", "&amp;", "%25", "%5C");
    fc.assert(
      fc.property(
        fc.string({ unit: piece, maxLength: 30 }),
        fc.array(fc.constantFrom(...encodings), { maxLength: 3 }),
        (text, applied) => {
          const written = applied.reduce((whole, encoding) => encoding(whole), text);
          expect(decoded(written).text).toBe(decoded(text).text);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("durations", () => {
  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["2m", 120_000],
    ["1h30m", 5_400_000],
    ["1d", 86_400_000],
    ["0.5s", 500],
    ["30", 30_000],
    ["0", 0],
    ["", undefined],
    ["s", undefined],
    ["-1s", undefined],
    ["1 s", undefined],
    ["1e3", undefined],
    ["1w", undefined],
    ["1h30", undefined],
    ["Infinity", undefined],
  ])("%j is %s ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [45_999, "45 s"],
    [-1, "0 ms"],
    [999.9, "999 ms"],
    [1000, "1 s"],
    [119_999, "119 s"],
    [120_000, "2 min"],
    [3_599_000, "59 min"],
    [7_199_999, "119 min"],
    [7_200_000, "2 h 0 min"],
    [21_480_000, "5 h 58 min"],
    [172_799_999, "47 h 59 min"],
    [172_800_000, "2 d 0 h"],
    [273_600_000, "3 d 4 h"],
  ])("%i ms are %s", (ms, text) => {
    expect(sayDuration(ms)).toBe(text);
  });
});

describe("wantsColor", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
    [false, { FORCE_COLOR: "1" }, true],
    [false, { FORCE_COLOR: "" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { FORCE_COLOR: "false" }, false],
    [true, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ])("terminal %s, %j: %s", (isTTY, env, expected) => {
    const { stderr } = testContext();
    stderr.isTTY = isTTY;
    expect(wantsColor(stderr, env)).toBe(expected);
  });
});

describe("painter", () => {
  it.each([
    ["red", 31],
    ["dim", 2],
    ["bold", 1],
    ["green", 32],
    ["yellow", 33],
  ] as const)("has %s as terminals know it", (style, number) => {
    const { stderr } = testContext();
    expect(painter(stderr, { FORCE_COLOR: "1" })(style, "text")).toBe(`\u001b[${number}mtext\u001b[0m`);
    expect(painter(stderr, {})(style, "text")).toBe("text");
  });
});

describe("a failure", () => {
  const failure = new Failure("odd", { message: "Odd.", hint: "h", exitCode: 1, cause: new Error("c") });

  it("keeps what is not changed of it, and what was told of it", () => {
    failure.told = true;
    const { message, ...kept } = { ...failure, message: failure.message };
    const changed = changedFailure(failure, { message: "Odder." });
    expect({ ...changed, message: changed.message }).toEqual({ ...kept, message: "Odder." });
    expect(message).toBe("Odd.");
  });

  it.each([
    [false, ['{"error":{"id":"odd","message":"Odd.","hint":"h"}}']],
    [
      true,
      [
        '{"event":"error","error":{"id":"odd","message":"Odd.","hint":"h"}}',
        '{"event":"summary","done":0,"failed":0,"skipped":0,"warnings":0}',
      ],
    ],
  ])("that ends a whole command is told as JSON, of a verb with events: %s", (events, lines) => {
    expect(failureLines(failure, events)).toBe(`${lines.join("\n")}\n`);
  });
});

describe("a text from outside", () => {
  it.each([
    ["plain ~", false],
    ["\u00e9 \u00a0", false],
    ["a\u001f", true],
    ["\u00e9\u007f", true],
    ["\u009f", true],
  ])("has a control character, %j: %s", (text, expected) => {
    expect(hasControlCharacter(text)).toBe(expected);
  });

  it.each([
    ["plain ~", false],
    ["\u00e9 \u{1f600}", false],
    ["a\ufffd", true],
    ["\ud800a", true],
    ["a\udc00", true],
    ["\udc00", true],
  ])("is broken, %j: %s", (text, expected) => {
    expect(isBrokenText(text)).toBe(expected);
  });
});

describe("GitHub's commands", () => {
  it("escape what would end them", () => {
    expect(errorAnnotation("100%\nof it\r")).toBe("::error title=fetch-creds::100%25%0Aof it%0D\n");
    expect(maskCommand("a%b")).toBe("::add-mask::a%25b\n");
  });
});

describe("verification", () => {
  const source = { kind: "environment-keys", name: "AWS_ACCESS_KEY_ID", place: "environment" } as const;
  const silent = {
    identity: { from: "source", roleArn: undefined, accountId: undefined },
    accessKeyAccountId: undefined,
    caller: undefined,
    differs: false,
  } as const;

  it("says what a source does not tell", () => {
    const found = verification(
      { accessKeyId: "AKIASHORT", secretAccessKey: "secret" },
      source,
      silent,
      undefined,
      0,
    );
    expect(found.accessKeyId).toBe("*".repeat(16));
    expect(reportText(found)).toBe(
      [
        "Role        unknown: this source does not report it (verify --sts asks)",
        `Access key  ${"*".repeat(16)}`,
        "Expires     unknown: this source does not report it",
        "Session     no session token: long-lived keys",
        "Source      AWS_ACCESS_KEY_ID (environment variable)",
        "Region      none is set: pass it with --build-arg AWS_REGION, and ARG AWS_REGION after FROM",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["AKIA1234567", ""],
    ["AKIA12345678", "5678"],
    ["AKIA123456789", "6789"],
  ])("shows of the key id %s its end: %j", (accessKeyId, end) => {
    const keys = { accessKeyId, secretAccessKey: "secret" };
    expect(verification(keys, source, silent, undefined, 0).accessKeyId).toBe("*".repeat(16) + end);
  });

  it("says why there is no session token", () => {
    expect(tokenless("AKIAX", false)).toBe("no session token: long-lived keys");
    expect(tokenless("ASIAX", false)).toMatch(/temporary keys: AWS refuses/);
    expect(tokenless("ASIAX", true)).toMatch(/SessionToken where Token belongs/);
  });

  it("shows a hostile role as text", () => {
    const keys = { accessKeyId: "AKIASHORT", secretAccessKey: "secret" };
    const hostile = { ...silent, identity: { ...silent.identity, roleArn: "arn:\u001b[31m\nx" } };
    expect(reportText(verification(keys, source, hostile, undefined, 0)).split("\n")[0]).toBe(
      "Role        arn:\\x1b[31m\\nx",
    );
  });
});
