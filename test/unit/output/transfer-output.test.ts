import { describe, expect, it } from "vitest";
import { Failure } from "../../../src/failure.js";
import { humanSize } from "../../../src/output/human-size.js";
import { LocalTimes, objectLine, prefixLine, sizeText } from "../../../src/output/listing-lines.js";
import { progressEvents, progressFor, progressText, type Showing } from "../../../src/output/progress.js";
import { TransferJson } from "../../../src/output/transfer-json.js";
import { TransferLines } from "../../../src/output/transfer-lines.js";
import { testContext } from "../../support/test-context.js";

describe("humanSize, as the AWS CLI", () => {
  it.each([
    [0, "0 Bytes"],
    [1, "1 Byte"],
    [1023, "1023 Bytes"],
    [1024, "1.0 KiB"],
    // Ties of the second decimal go to the even digit.
    [1280, "1.2 KiB"],
    [1792, "1.8 KiB"],
    [1536, "1.5 KiB"],
    [2304, "2.2 KiB"],
    [1024 ** 2 - 1, "1.0 MiB"],
    [5 * 1024 ** 3, "5.0 GiB"],
    [1024 ** 6, "1.0 EiB"],
    [1024 ** 7, "1024.0 EiB"],
  ])("%d: %s", (bytes, text) => {
    expect(humanSize(bytes)).toBe(text);
  });
});

describe("listing lines", () => {
  it("show a prefix's last part, escaped", () => {
    expect(prefixLine("a/b\u001b/")).toBe(`${" ".repeat(27)}PRE b\\x1b/\n`);
    expect(prefixLine("odd")).toBe(`${" ".repeat(27)}PRE /\n`);
  });

  it("show times in the zone of this machine, and sizes right-aligned", () => {
    const times = new LocalTimes();
    const shown = (...parts: [number, number, number, number, number, number, number]) =>
      times.text(new Date(...parts).getTime());
    expect(shown(2026, 0, 2, 3, 4, 5, 999)).toBe("2026-01-02 03:04:05");
    expect(shown(2026, 0, 2, 3, 4, 6, 0)).toBe("2026-01-02 03:04:06");
    expect(shown(2026, 11, 31, 23, 59, 59, 0)).toBe("2026-12-31 23:59:59");
    expect(objectLine("T", "7", "a\u001b")).toBe("T          7 a\\x1b\n");
    expect([sizeText(2048, true), sizeText(2048, false)]).toEqual(["2.0 KiB", "2048"]);
  });
});

const state = { bytes: 512, expectedBytes: 2048, files: 1, failed: 0, expectedFiles: 4, final: true };

describe("progress", () => {
  it("says bytes, files, rate and time left; what is not final is about", () => {
    expect(progressText(state, 1000)).toBe("512 Bytes of 2.0 KiB, 1 of 4 files, 512 Bytes/s, 3 s left");
    expect(progressText({ ...state, final: false }, 0)).toBe(
      "512 Bytes of ~2.0 KiB, 1 of ~4 files, 0 Bytes/s",
    );
  });

  it.each([
    [{ files: 0, failed: 1, expectedFiles: 1 }, "0 of 1 file, 1 failed"],
    [{ files: 2, failed: 1, expectedFiles: 4 }, "2 of 4 files, 1 failed"],
    // It failed before it was planned.
    [{ files: 0, failed: 1, expectedFiles: 0 }, "0 of 1 file, 1 failed"],
  ])("counts what failed as failed: %j", (counts, text) => {
    expect(progressText({ ...state, ...counts }, 1000)).toContain(`, ${text}, `);
  });

  it("says the rate of a first millisecond, and a rate below a byte", () => {
    expect(progressText(state, 1)).toContain(", 500.0 KiB/s, ");
    const slow = { ...state, bytes: 1, expectedBytes: 100 };
    expect(progressText(slow, 2000)).toMatch(/ files, 1 Byte\/s, 3 min left$/);
  });

  it("says how long it takes, rounded down, and nothing of it when all is there", () => {
    const steady = { ...state, bytes: 2000, expectedBytes: 2000 + 119_950 };
    expect(progressText(steady, 2000)).toMatch(/, 119 s left$/);
    expect(progressText({ ...steady, expectedBytes: 2001 }, 2000)).toMatch(/, 1 s left$/);
    expect(progressText({ ...steady, expectedBytes: 2000 }, 2000)).not.toContain("left");
  });

  it("says no milliseconds that are left: they are over before they are read", () => {
    expect(progressText({ ...state, bytes: 2000 }, 10_000)).toMatch(/ 1 s left$/);
  });

  it("guesses no time left from next to nothing", () => {
    const begun = { ...state, bytes: 10 * 1024, expectedBytes: 322 * 1024 ** 2 };
    expect(progressText(begun, 2000)).toBe("10.0 KiB of 322.0 MiB, 1 of 4 files, 5.0 KiB/s");
    expect(progressText({ ...begun, bytes: 4 * 1024 ** 2 }, 2000)).toMatch(/ 2\.0 MiB\/s, 2 min left$/);
  });

  it("in a log: nothing for two seconds, then a line every five, never a carriage return", () => {
    let now = 0;
    const context = testContext({}, { now: () => now });
    const progress = progressFor(context);
    for (; now < 12_500; now += 100) progress.moved(state);
    progress.clear();
    expect(context.stderr.text.split("\n")).toHaveLength(4);
    expect(context.stderr.text).not.toContain("\r");
    expect(context.stdout.text).toBe("");
  });

  it("on a terminal: one line that is written over, and taken away for others", () => {
    let now = 0;
    const context = testContext({}, { now: () => now });
    context.stderr.isTTY = true;
    const progress = progressFor(context);
    for (; now < 1000; now += 50) progress.moved(state);
    expect(context.stderr.text).not.toContain("\n");
    expect(context.stderr.text.split("\r").length).toBeGreaterThan(3);
    progress.clear();
    expect(context.stderr.text.endsWith("\r\u001b[K")).toBe(true);
  });

  it.each([
    [0, "3 s left"],
    [undefined, "3 s left"],
    [40, "\r\u001b[K512 Bytes of 2.0 KiB, 3 s left"],
    [21, "\r\u001b[K512 Bytes of 2.0 KiB"],
    [20, "\r\u001b[K512 Bytes"],
    [10, "\r\u001b[K512 Bytes"],
    [9, "\r\u001b[K"],
    [8, "\r\u001b[K"],
  ])("on a terminal of %s columns it ends with %j", (columns, end) => {
    let now = 0;
    const context = testContext({}, { now: () => now });
    Object.assign(context.stderr, { isTTY: true, columns });
    const progress = progressFor(context);
    now = 1000;
    progress.moved(state);
    expect(context.stderr.text.endsWith(end)).toBe(true);
  });

  const large = {
    bytes: 1000.4 * 1024 ** 2,
    expectedBytes: 3.4 * 1024 ** 4,
    files: 123_456,
    failed: 12,
    expectedFiles: 987_654,
    final: false,
  };
  it.each(Array.from({ length: 181 }, (_, index) => index + 20))(
    "fits %d columns, and each field in it is whole",
    (columns) => {
      for (const one of [state, large, { ...large, bytes: large.expectedBytes / 2, final: true }]) {
        const whole = progressText(one, 1000).split(", ");
        const text = progressText(one, 1000, columns);
        expect(text.length).toBeLessThanOrEqual(columns);
        const [bytes = ""] = whole;
        expect([...whole, bytes.split(" of ")[0]]).toEqual(expect.arrayContaining(text.split(", ")));
        // What fits is not left out.
        if (whole.join(", ").length <= columns) expect(text).toBe(whole.join(", "));
      }
    },
  );

  it("leaves out the rate first, then the files, the time left, and last what failed", () => {
    const shown = [100, 77, 60, 40, 31, 22, 12].map((columns) => progressText(large, 1000, columns));
    expect(shown).toEqual([
      "1000.4 MiB of ~3.4 TiB, 123456 of ~987654 files, 12 failed, 1000.4 MiB/s",
      "1000.4 MiB of ~3.4 TiB, 123456 of ~987654 files, 12 failed, 1000.4 MiB/s",
      "1000.4 MiB of ~3.4 TiB, 123456 of ~987654 files, 12 failed",
      "1000.4 MiB of ~3.4 TiB, 12 failed",
      "1000.4 MiB of ~3.4 TiB",
      "1000.4 MiB of ~3.4 TiB",
      "1000.4 MiB",
    ]);
    const known = { ...state, failed: 1 };
    expect([60, 50, 40, 32].map((columns) => progressText(known, 1000, columns))).toEqual([
      "512 Bytes of 2.0 KiB, 1 of 4 files, 1 failed, 3 s left",
      "512 Bytes of 2.0 KiB, 1 failed, 3 s left",
      "512 Bytes of 2.0 KiB, 1 failed, 3 s left",
      "512 Bytes of 2.0 KiB, 1 failed",
    ]);
  });

  it.each([
    [{ interval: 1000 }, 11],
    [{ interval: 10_000 }, 1],
    [{ interval: 0 }, 2],
  ])("in a log as often as is asked for: %j", (showing, lines) => {
    let now = 0;
    const context = testContext({}, { now: () => now });
    const progress = progressFor(context, showing);
    for (; now < 12_000; now += 100) progress.moved(state);
    expect(context.stderr.text.split("\n")).toHaveLength(lines + 1);
    const told: object[] = [];
    now = 0;
    const events = progressEvents(
      () => now,
      showing,
      (one) => told.push(one),
    );
    for (; now < 12_000; now += 100) events.moved(state);
    expect(told).toHaveLength(lines);
  });

  /** What is shown at each of these times after the start. */
  const shownAt = (
    times: readonly number[],
    { isTTY = false, env = {}, ...showing }: Showing & { isTTY?: boolean; env?: Record<string, string> },
    start = 10_000,
  ) => {
    let now = start;
    const context = testContext(env, { now: () => now });
    context.stderr.isTTY = isTTY;
    const progress = progressFor(context, showing);
    return times.filter((time) => {
      now = start + time;
      const before = context.stderr.text;
      progress.moved(state);
      return context.stderr.text !== before;
    });
  };

  it.each([
    [{}, [0, 1999, 2000, 2001, 6999, 7000, 7001, 11_999, 12_000], [2000, 7000, 12_000]],
    [{ interval: 1000 }, [999, 1000, 1999, 2000], [1000, 2000]],
    [{ isTTY: true }, [0, 199, 200, 299, 300, 399, 400], [200, 300, 400]],
    [{ isTTY: true, interval: 500 }, [199, 200, 699, 700], [200, 700]],
    [{ isTTY: true, env: { TERM: "dumb" } }, [200, 2000], [2000]],
    [{ isTTY: true, inLines: true }, [200, 2000], [2000]],
  ])("is shown, with %j, of these times %j at %j", (showing, times, expected) => {
    expect(shownAt(times, showing)).toEqual(expected);
  });

  it("is shown on a terminal whose clock begins at 0, too", () => {
    expect(shownAt([199, 200], { isTTY: true, interval: 200 }, 0)).toEqual([200]);
  });

  it("says the time since the start, by whatever clock", () => {
    for (const isTTY of [true, false]) {
      let now = 10_000;
      const context = testContext({}, { now: () => now });
      context.stderr.isTTY = isTTY;
      const progress = progressFor(context);
      now += 4000;
      progress.moved(state);
      expect(context.stderr.text).toContain(", 128 Bytes/s, 12 s left");
    }
  });

  it("is taken off a terminal once, where it is shown, and stays away for the usual time", () => {
    let now = 10_000;
    const context = testContext({}, { now: () => now });
    context.stderr.isTTY = true;
    const progress = progressFor(context);
    progress.clear();
    expect(context.stderr.text).toBe("");
    now += 1000;
    progress.moved(state);
    const shown = context.stderr.text;
    now += 1000;
    for (let time = 0; time < 2; time++) progress.clear();
    expect(context.stderr.text).toBe(`${shown}\r\u001b[K`);
    now += 99;
    progress.moved(state);
    expect(context.stderr.text).toBe(`${shown}\r\u001b[K`);
    now += 1;
    progress.moved(state);
    expect(context.stderr.text).not.toBe(`${shown}\r\u001b[K`);
  });

  it("has all but the last of 80 columns where a terminal does not say how many it has", () => {
    const written = (expectedBytes: number) => {
      let now = 0;
      const context = testContext({}, { now: () => now });
      Object.assign(context.stderr, { isTTY: true, columns: 0 });
      const progress = progressFor(context);
      now = 1000;
      progress.moved({ ...large, expectedBytes, files: 1_234_567, failed: 1_234_567 });
      return context.stderr.text.replace("\r\u001b[K", "");
    };
    expect(written(3.4 * 1024 ** 4)).toMatch(/^.{67}1000\.4 MiB\/s$/);
    expect(written(13.4 * 1024 ** 4)).toMatch(/ failed$/);
  });

  it("in lines on a terminal has its room, too", () => {
    let now = 0;
    const context = testContext({}, { now: () => now });
    Object.assign(context.stderr, { isTTY: true, columns: 40 });
    const progress = progressFor(context, { inLines: true });
    now = 2000;
    progress.moved(state);
    expect(context.stderr.text).toBe("512 Bytes of 2.0 KiB, 6 s left\n");
  });

  it("on a terminal as often as is asked for, and in lines", () => {
    let now = 0;
    const shown = (showing: object) => {
      now = 0;
      const context = testContext({}, { now: () => now });
      context.stderr.isTTY = true;
      const progress = progressFor(context, showing);
      for (; now < 12_000; now += 100) progress.moved(state);
      return context.stderr.text;
    };
    expect(shown({ interval: 4000 }).split("\r")).toHaveLength(3);
    const lines = shown({ interval: 4000, inLines: true });
    expect(lines).not.toContain("\r");
    expect(lines.split("\n")).toHaveLength(3);
  });

  it("for programs: events", () => {
    let now = 0;
    const told: object[] = [];
    const progress = progressEvents(
      () => now,
      {},
      (one) => told.push(one),
    );
    now = 3000;
    progress.moved(state);
    expect(told).toEqual([state]);
  });
});

describe("transfer lines", () => {
  const failure = new Failure("s3-error", { message: "No\u001b[2J", hint: "fix", exitCode: 1 });
  const transfer = { operation: "download", source: "s3://b/\u202ek", destination: "./k" } as const;

  it("are the AWS CLI's, escaped, errors on stderr", () => {
    const context = testContext();
    const lines = new TransferLines(context, "all", () => undefined);
    lines.say({ event: "done", transfer, size: 1 });
    lines.say({ event: "dryrun", transfer: { operation: "delete", source: "./x" } });
    lines.say({ event: "warning", id: "skipped-missing", message: "Skipping file x. Because." });
    lines.say({ event: "failed", transfer, failure });
    lines.say({ event: "skipped", transfer, reason: "exists" });
    lines.flush();
    expect(context.stdout.text).toBe("download: s3://b/\\u202ek to ./k\n(dryrun) delete: ./x\n");
    expect(context.stderr.text).toBe(
      "warning: Skipping file x. Because.\ndownload failed: s3://b/\\u202ek to ./k No\\x1b[2J\n  fix\n",
    );
  });

  it("show ten failures, count the others, and clear the progress line first", () => {
    const context = testContext();
    let cleared = 0;
    const lines = new TransferLines(context, "all", () => cleared++);
    for (let count = 0; count < 11; count++) lines.say({ event: "failed", transfer, failure });
    expect(cleared).toBe(0);
    lines.say({ event: "summary", done: 0, failed: 11, skipped: 0, warnings: 0, transfers: 11 });
    lines.flush();
    expect(context.stderr.text.match(/^download failed: /gm)).toHaveLength(10);
    expect(context.stderr.text).toMatch(/\n1 more failure, not shown here \(--json shows all\)\n$/);
    expect(cleared).toBe(1);
    lines.flush();
    expect(cleared).toBe(1);
    lines.say({ event: "summary", done: 0, failed: 10, skipped: 0, warnings: 0, transfers: 10 });
    lines.flush();
    expect(context.stderr.text.match(/ more failure/g)).toHaveLength(1);
  });

  it("have a hint of several lines in one", () => {
    const context = testContext();
    const lines = new TransferLines(context, "all", () => {});
    const several = new Failure("s3-error", { message: "No", hint: "one\ntwo", exitCode: 1 });
    const transfer = { operation: "download", source: "s3://b/k", destination: "k" } as const;
    lines.say({ event: "failed", transfer, failure: several });
    lines.flush();
    expect(context.stderr.text).toBe("download failed: s3://b/k to k No\n  one; two\n");
  });

  it("say once that an object was not verified, escaped", () => {
    const context = testContext();
    const lines = new TransferLines(context, "errors", () => undefined);
    for (const reason of ["it has\u202e none", "another"])
      lines.say({ event: "unverified", transfer, reason });
    lines.flush();
    expect(context.stderr.text).toBe("note: s3://b/\\u202ek was not verified: it has\\u202e none\n");
  });

  it("are without a hint where there is none, and tell the cause in --debug", () => {
    const context = testContext();
    const lines = new TransferLines(context, "all", () => undefined);
    const cause = new Error("ECONNRESET");
    lines.say({
      event: "failed",
      transfer,
      failure: new Failure("s3-error", { message: "No", exitCode: 1 }),
    });
    const caused = new Failure("s3-error", { message: "No", exitCode: 1, cause });
    lines.say({ event: "failed", transfer, failure: caused });
    lines.flush();
    expect(context.stderr.text).toBe("download failed: s3://b/\\u202ek to ./k No\n".repeat(2));
    const see = "failure s3-error: see docs/troubleshooting.md";
    expect(context.steps).toEqual([see, see, "cause: Error: ECONNRESET"]);
  });

  it("cut a name that is longer than any", () => {
    const context = testContext();
    const lines = new TransferLines(context, "all", () => undefined);
    lines.say({ event: "done", transfer: { ...transfer, source: `s3://b/${"k".repeat(3_000_000)}` } });
    lines.say({ event: "done", transfer: { ...transfer, source: "k".repeat(4096) } });
    lines.flush();
    const [cut = "", whole] = context.stdout.text.split("\n");
    expect(cut).toMatch(/^download: s3:\/\/b\/k+… to \.\/k$/);
    expect(cut.length).toBeLessThan(4200);
    expect(whole).toBe(`download: ${"k".repeat(4096)} to ./k`);
  });

  it("of what was done stand before a failure, in their order, where both streams are one", () => {
    const context = testContext();
    const both: string[] = [];
    for (const name of ["stdout", "stderr"] as const)
      context[name].write = (chunk: string) => both.push(chunk) > 0;
    const lines = new TransferLines(context, "all", () => undefined);
    lines.say({ event: "done", transfer, size: 1 });
    lines.say({ event: "failed", transfer, failure });
    // Before anything is flushed: a failure may end the process.
    expect(both.join("")).toBe("download: s3://b/\\u202ek to ./k\n");
    lines.flush();
    expect(both.join("").match(/^download(?: failed)?:/gm)).toEqual(["download:", "download failed:"]);
    both.splice(0);
    lines.say({ event: "done", transfer });
    lines.say({ event: "warning", id: "i", message: "x" });
    lines.flush();
    lines.say({ event: "done", transfer });
    lines.say({ event: "summary", ...totals });
    const [done, warning, doneBefore, ...more] = both;
    expect([done, warning, doneBefore]).toEqual([done, "warning: x\n", done]);
    expect(more, "waits for the flush").toEqual([]);
  });

  it("annotate for GitHub Actions, and can be quiet", () => {
    const context = testContext({ GITHUB_ACTIONS: "true" });
    const lines = new TransferLines(context, "errors", () => undefined);
    lines.say({ event: "done", transfer });
    lines.say({ event: "failed", transfer, failure });
    lines.flush();
    expect(context.stdout.text).toBe("");
    lines.say({
      event: "failed",
      transfer,
      failure: new Failure("s3-error", { message: "No", exitCode: 1 }),
    });
    lines.flush();
    expect(context.stderr.text.match(/^::.*$/gm)).toEqual([
      "::error title=fetch-creds::download failed: s3://b/\\u202ek to ./k No\\x1b[2J%0Afix",
      "::error title=fetch-creds::download failed: s3://b/\\u202ek to ./k No",
    ]);
    const quiet = testContext();
    const none = new TransferLines(quiet, "nothing", () => undefined);
    none.say({ event: "failed", transfer, failure });
    none.flush();
    expect(quiet.stderr.text).toBe("");
  });

  const totals = { done: 3, failed: 2, skipped: 0, warnings: 0, transfers: 5, first: { transfer, failure } };
  const LAST = "2 of 5 transfers failed, the first: download of s3://b/\\u202ek to ./k: No\\x1b[2J\n";

  it.each([
    ["all", "summary", LAST],
    ["errors", "summary", LAST],
    ["errors", "interrupted", LAST],
    ["nothing", "summary", ""],
  ] as const)("%s: end with the first failure again: %s", (loudness, event, expected) => {
    const context = testContext({ GITHUB_ACTIONS: "true" });
    const lines = new TransferLines(context, loudness, () => undefined);
    lines.say({ event, ...totals });
    lines.flush();
    expect(context.stderr.text).toBe(expected);
  });

  it.each([[{ ...totals, done: 0, failed: 1, transfers: 1 }], [{ ...totals, failed: 0, first: undefined }]])(
    "say the failure of a run of one transfer once: %#",
    (one) => {
      const context = testContext();
      const lines = new TransferLines(context, "all", () => undefined);
      lines.say({ event: "summary", ...one });
      new TransferJson(context, false).say({ event: "summary", ...one });
      lines.flush();
      expect(context.stderr.text).toBe("");
    },
  );

  it("end with a delete that failed, and count those that are not shown", () => {
    const context = testContext();
    const lines = new TransferLines(context, "all", () => undefined);
    const first = { transfer: { operation: "delete", source: "s3://b/k" }, failure } as const;
    lines.say({ event: "summary", ...totals, failed: 12, transfers: 15, first });
    lines.flush();
    expect(context.stderr.text).toBe(
      "2 more failures, not shown here (--json shows all)\n12 of 15 transfers failed, the first: delete of s3://b/k: No\\x1b[2J\n",
    );
  });

  it.each([
    [undefined, LAST],
    [false, LAST],
    [true, ""],
  ])("as JSON: the first failure is in the summary, and in words on stderr; quiet: %s", (quiet, expected) => {
    const context = testContext();
    const json = new TransferJson(context, false, quiet);
    json.say({ event: "summary", ...totals });
    expect(JSON.parse(context.stdout.text)).toMatchObject({
      event: "summary",
      failed: 2,
      first: LAST.slice(36, -1),
    });
    expect(context.stderr.text).toBe(expected);
    json.say({ event: "interrupted", ...totals });
    json.flush();
    expect(context.stdout.text.split("\n")).toHaveLength(2);
    expect(context.stderr.text).toBe(expected.repeat(2));
  });

  it("as JSON: one object a line, beside an object on stdout on stderr", () => {
    const context = testContext();
    const json = new TransferJson(context, false);
    json.say({ event: "done", transfer, size: 3 });
    json.say({ event: "failed", transfer, failure });
    json.flush();
    expect(
      context.stdout.text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { event: "done", operation: "download", source: "s3://b/\u202ek", destination: "./k", size: 3 },
      {
        event: "failed",
        operation: "download",
        source: "s3://b/\u202ek",
        destination: "./k",
        error: { id: "s3-error", message: "No\u001b[2J", hint: "fix" },
      },
    ]);
    const streaming = testContext();
    const aside = new TransferJson(streaming, true);
    aside.say({ event: "warning", id: "i", message: "x" });
    aside.flush();
    expect(streaming.stdout.text).toBe("");
    expect(JSON.parse(streaming.stderr.text)).toEqual({ event: "warning", id: "i", message: "x" });
  });
});
