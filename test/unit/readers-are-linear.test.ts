import { describe, it } from "vitest";
import { ServerError } from "../../src/aws/server-error.js";
import { parseTime } from "../../src/commands/options/time.js";
import { parseSize } from "../../src/commands/options/values.js";
import { parseExpiration } from "../../src/credentials/expiration.js";
import { parseKeyValueLines } from "../../src/credentials/key-value-lines.js";
import { parseProcessOutput } from "../../src/credentials/process-output.js";
import { parseResponse } from "../../src/credentials/response.js";
import { isSameRole } from "../../src/credentials/same-role.js";
import { headerBytes, headerText } from "../../src/http/header-bytes.js";
import { bypassesProxy } from "../../src/http/proxies.js";
import { KEYS, OBJECTS, type ReadingRules } from "../../src/http/reading-rules.js";
import { parseHead } from "../../src/http/response-head.js";
import { ResponseReader } from "../../src/http/response-reader.js";
import { concealed, learnSecrets } from "../../src/output/concealed.js";
import { isBrokenText } from "../../src/output/control-characters.js";
import { printable, shownUrl } from "../../src/output/printable.js";
import { parseIni } from "../../src/profiles/parse-ini.js";
import { configSections } from "../../src/profiles/sections.js";
import { shellWords } from "../../src/profiles/shell-words.js";
import { fileNamePattern } from "../../src/s3/filters/file-name-pattern.js";
import { parseS3Uri } from "../../src/s3/locations/uri.js";
import { keysOfText } from "../support/keys-of-text.js";
import { expectLinear } from "../support/time-growth.js";

type Input = (size: number) => string;

/** Texts that make an expression go back: runs of what it takes, and no end that it wants. */
const runs = (...parts: readonly string[]): (readonly [string, Input])[] =>
  parts.map((part) => [`runs of ${JSON.stringify(part)}`, (size) => part.repeat(size / part.length)]);

const within = (before: string, part: string, after: string): readonly [string, Input] => [
  `${JSON.stringify(part)} between ${JSON.stringify(before)} and ${JSON.stringify(after)}`,
  (size) => before + part.repeat(size / part.length) + after,
];

const INI = [
  ...runs("[", "]", " ", "\n", "\r", "=", "[a]", "a = b\n", "[ ", "\u2028"),
  within("[", " ", ""),
  within("[", " ", "x"),
  within("[a]", " ", "x"),
  within("[", "]", "x"),
  within("a", " ", "b"),
  within("a =", " ", "b \u2028"),
  within("\n", " \n", "x"),
];
const LINES = [
  ...runs("A=1\n", "A", "'", '"', "\\", "export "),
  within("export", " ", "="),
  within("A=", "'b'", '"'),
  within('A="', "\\", ""),
  within('A="', "b", ""),
  within(" ", "\t", "x"),
];
const HTTP = [
  within("HTTP/1.1 200 OK\r\nX:", " ", "y\0"),
  within("HTTP/1.1 200 OK\r\nX:", " ", ""),
  within("HTTP/1.1 200 OK\r\nX: y", " ", "z"),
  within("HTTP/1.1 200 OK\r\nX: y", "\t ", "\0"),
  within("HTTP/1.1 200 OK\r\n", "a", ""),
  within("HTTP/1.1 200 OK\r\n", "X: y\r\n", ""),
  within("HTTP/1.1 200", " ", "\0"),
];

const HTTP_LENIENT = [
  within("HTTP/1.1 200 OK\r\nX: y", "\n ", ""),
  within("HTTP/1.1 200 OK\r\nX: y", "\r\n\t", "\0"),
  within("HTTP/1.1 200 OK\r\nContent-Length: 1", ", 1", "x"),
  within("HTTP/1.1 200 OK\r\nX: y", "\n", ""),
  within("HTTP/1.1 200 OK\r\nX: y", "\r", ""),
];

function readResponse(text: string, rules: ReadingRules): void {
  new ResponseReader(rules).push(Buffer.from(`${text}\r\n\r\n`, "latin1"));
}

const PROCESS_OUTPUT = '{"Version":1,"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"';

/** Each reader of text from outside: a file, a response, a name, a value. */
const READERS: Readonly<
  Record<string, readonly [(text: string) => unknown, readonly (readonly [string, Input])[]]>
> = {
  parseIni: [
    parseIni,
    [...INI, ...runs("[a]\nb =\n", "[a]\nb =\n c = 1\n"), within("[a]\nb =\n", " c\n", "")],
  ],
  configSections: [
    (text) => configSections(new Map([[text, new Map()]])),
    [
      within('profile "', "a", ""),
      within('profile "', "\\a", ""),
      within("profile ", "a ", ""),
      within("profile '", '"', ""),
    ],
  ],
  parseKeyValueLines: [parseKeyValueLines, LINES],
  parseCredentialsFile: [keysOfText, [...INI, ...LINES, ...runs("{"), within('{"a":', "[", "")]],
  parseResponse: [
    (text) => parseResponse(Buffer.from(text)),
    [...runs("<", " ", "{", "\ud83d"), within('{"Code":"', "x", '"}')],
  ],
  shellWords: [
    shellWords,
    [...runs("a", " ", "'", '"', "\\", "'a' ", '\\"'), within('"', "\\a", ""), within("'", " ", "")],
  ],
  parseProcessOutput: [
    (text) => parseProcessOutput(Buffer.from(text)),
    [
      ...runs("{", " ", "\ud83d"),
      within(`${PROCESS_OUTPUT}2026-01-01T00:00:00.`, "0", 'x"}'),
      within(`${PROCESS_OUTPUT}2026-01-01T00:00:00`, " ", '"}'),
    ],
  ],
  parseExpiration: [parseExpiration, [within("2026-01-01T00:00:00.", "0", "x"), ...runs("2")]],
  "ResponseReader, of keys": [(text) => readResponse(text, KEYS), HTTP],
  "ResponseReader, of objects": [(text) => readResponse(text, OBJECTS), [...HTTP, ...HTTP_LENIENT]],
  "parseHead, of any length": [(text) => parseHead(text, false, OBJECTS), [...HTTP, ...HTTP_LENIENT]],
  ServerError: [
    (text) =>
      new ServerError(
        { status: 301, headers: { location: text, "x-amz-bucket-region": text }, body: Buffer.from(text) },
        "X",
      ),
    [
      ...runs("<", "s3-", " ", "s3.aa-", "<?xml "),
      within("s3.aa", "-a", ""),
      within("<Error>", "<Code>", ""),
    ],
  ],
  isSameRole: [
    (text) => isSameRole(text, "arn:aws:iam::123456789012:role/some/role"),
    [...runs("*", "*a", "a", "?"), within("arn:aws:iam::123456789012:role/", "*/", "x")],
  ],
  "isSameRole, of an endpoint": [
    (text) => isSameRole("x", text),
    [
      within("arn:aws:iam::123456789012:role/", "a/", ":"),
      within("arn:aws:iam::123456789012:role/", "/", "!"),
    ],
  ],
  "isSameRole, of a response": [
    (text) => isSameRole("*a*b*c", `arn:aws:sts::123456789012:assumed-role/${text}`),
    runs("a", "ab", "/", "*"),
  ],
  fileNamePattern: [fileNamePattern("*a*b?[c-d]*").matches, runs("a", "ab", "*", "/")],
  parseS3Uri: [
    parseS3Uri,
    [
      ...runs("s3:", "/", "a"),
      within("s3:", "/", ""),
      within("arn:aws", "a", ":s3:"),
      within("s3://arn:aws:s3:", "a", ""),
    ],
  ],
  parseTime: [
    parseTime,
    [
      ...runs("1", " ", "Z"),
      within("1", "1", "x"),
      within("1", " ", "x"),
      within("2030-01-01T00:00:00.", "1", "x"),
    ],
  ],
  parseSize: [parseSize, [within("1", " ", "x"), within("1", "1", "x")]],
  bypassesProxy: [
    (text) => bypassesProxy(new URL("http://host"), text),
    [...runs(",", "a:1", ":", "[", "["), within("a:", "1", "x")],
  ],
  printable: [printable, runs("#", "##a", "\u202e", "\ud800", "a", "\udc00", "\u{e0041}")],
  shownUrl: [shownUrl, [...runs("/", "//a", "@"), within("//", "a", "")]],
  isBrokenText: [isBrokenText, runs("\ud83d\ude00", "é")],
  concealed: [
    concealed,
    [
      ...runs("a-secret-of-this-tes", "***", "%", "%25", "\\\\", "\\\\u", "&#", "&", "&amp;", "25"),
      ...runs("%3", "&#x26;", "&amp", "amp;", "%5C", "\\x5c"),
      within("", "%3", "5"),
      ...runs("?sig=", "X-Amz-Signature="),
      within("?sig=", "+", "&"),
    ],
  ],
  headerBytes: [(text) => headerBytes("x", text), runs("é", "\udc80", "\ud83d\ude00")],
  headerText: [headerText, runs("\xe9", "\xc3\xa9")],
};

describe.each(Object.entries(READERS))("%s takes time in proportion to its text", (name, [read, inputs]) => {
  if (name === "concealed") learnSecrets("a-secret-of-this-test");
  it.each(inputs)("%s", (_what, input) => expectLinear(input, read));
});

describe("a chunked body takes time in proportion to its bytes", () => {
  it("however it comes", () =>
    expectLinear(
      (size) => "1\r\nx\r\n".repeat(size / 6),
      (text) => {
        const bytes = Buffer.from(text);
        const reader = new ResponseReader(OBJECTS);
        reader.push(Buffer.from("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"));
        for (let at = 0; at < bytes.length; at += 6) reader.push(bytes.subarray(at, at + 6));
      },
    ));
});
