import { describe, expect, it } from "vitest";
import type { Outcome } from "../../parity/bed/stage.js";
import { errorFaults } from "../../parity/errors.js";
import { errorLines, normaliseErrors, normaliseOutput } from "../../parity/normalise.js";

const NAMES = new Map([["parity-a-first", "BUCKET"]]);

const outcome = (stderr: string, code = 1): Outcome => ({
  code,
  stdout: [],
  stderr: [],
  errorLines: errorLines(stderr, NAMES),
  files: {},
  objects: {},
  run: { code, stdout: Buffer.alloc(0), stderr },
});

const HEAD_404 = "fatal error: An error occurred (404) when calling the HeadObject operation: Not Found\n";
const PUT_403 =
  "upload failed: ./a to s3://BUCKET/a An error occurred (AccessDenied) when calling the PutObject operation: no\n";

describe("the parity suite sees in an error", () => {
  it.each([
    [
      "another code",
      HEAD_404,
      "download failed: s3://BUCKET/a to ./a An error occurred (AccessDenied) when calling the GetObject operation: x",
    ],
    ["words of another error", HEAD_404, "download failed: s3://BUCKET/a to ./a Something went wrong"],
    ["nothing at all", HEAD_404, ""],
    ["another message of S3", PUT_403, PUT_403.replace(": no", ": yes")],
    ["the right sentence for another file", PUT_403, PUT_403.replaceAll("/a", "/b")],
    [
      "no error of the system",
      "upload failed: ./a to s3://BUCKET/a [Errno 13] x\n",
      "upload failed: ./a to s3://BUCKET/a EIO",
    ],
    ["another option", "Unknown options: --delete\n", "fetch-creds: cp has no option '--recursive'"],
    ["what this suite does not know", "Something new of the AWS CLI\n", "fetch-creds: x"],
  ])("%s", (_, aws, ours) => {
    expect(errorFaults(outcome(aws), outcome(ours))).not.toEqual([]);
  });

  it("an error line where nothing failed", () => {
    expect(errorFaults(outcome("", 0), outcome("warning: x\n", 0))).toEqual(["warning: x"]);
  });

  it.each([
    [
      HEAD_404,
      "download failed: s3://BUCKET/a to ./a An error occurred (NoSuchKey) when calling the GetObject operation: x",
    ],
    [PUT_403, PUT_403],
    ["upload failed: ./a to s3://BUCKET/a [Errno 13] x\n", "upload failed: ./a to s3://BUCKET/a EACCES"],
    [PUT_403.replace(": no", ": None"), PUT_403],
    ["Unknown options: --delete\n", "fetch-creds: cp has no option '--delete'"],
    [
      "\naws: [ERROR]: An error occurred (ParamValidation): Unknown options: --delete\n",
      "fetch-creds: cp has no option '--delete'",
    ],
  ])("no fault in the same error: %s", (aws, ours) => {
    expect(errorFaults(outcome(aws), outcome(ours))).toEqual([]);
  });

  it("another reason to skip a file", () => {
    const reduced = (reason: string) => normaliseErrors([`warning: Skipping file /x/a. ${reason}`]);
    expect(reduced("File does not exist.")).not.toEqual(reduced("File/Directory is not readable."));
  });
});

describe("the parity suite sees in a listing", () => {
  const times = new Map([
    ["dir/a.txt", Date.UTC(2026, 10, 29, 20, 0, 1)],
    ["dir/b.txt", Date.UTC(2026, 10, 29, 20, 0, 2)],
  ]);
  const shown = (line: string) => normaliseOutput(line, NAMES, times, true);

  it("the right date", () => {
    expect(shown("2026-11-29 20:00:01          5 a.txt")).toEqual(["DATE          5 a.txt"]);
    expect(shown("2026-11-29 20:00:02    1.5 KiB dir/b.txt")).toEqual(["DATE    1.5 KiB dir/b.txt"]);
    expect(shown("2026-11-29 20:00:02    1 Bytes an escaped\\x1b name")).toEqual([
      "DATE    1 Bytes an escaped\\x1b name",
    ]);
  });

  it.each(["2027-11-29 20:00:01", "2026-11-29 20:00:02", "2026-11-29 21:00:01", "2026-11-29 20:00:00"])(
    "a wrong one: %s",
    (date) => {
      expect(shown(`${date}          5 a.txt`)).toEqual([`${date}          5 a.txt`]);
    },
  );
});
