import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { runBuilt } from "../support/run-built.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
const KEYS = "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n";
const S3 = ["--endpoint-url", "http://127.0.0.1:1", "--region", "us-east-1", "--credentials-file", "keys"];
const OWN = ["--credentials-file", "keys"];

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
  writeFileSync(folder.at("keys"), KEYS);
  symlinkSync("loop", folder.at("loop"));
  writeFileSync(folder.at("busy"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
});
afterAll(() => folder.remove());

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line, with a fix below it at the most, and nothing that only we can use. */
function expectOneLine({ code, stderr }: Ran, expected: number, line: RegExp): void {
  expect({ code, stderr }).toMatchObject({ code: expected });
  expect(stderr).toMatch(/^fetch-creds: [^\n]*\n( {2}[^\n]*\n)*$/);
  expect(stderr).toMatch(line);
  expect(stderr).not.toMatch(/internal error|\n\s+at |node:/);
}

describe.concurrent("a link that leads to itself", () => {
  it.each([
    [["cp", "loop", "s3://b/", ...S3], 1, /loop.*\(ELOOP\)/],
    [["cp", "s3://b/k", "loop", "--dryrun", ...S3], 1, /loop.*\(ELOOP\)/],
    [["sync", "loop", "s3://b", ...S3], 255, /loop does not exist/],
    [["cp", "keys", "s3://b/", "--metadata", "file://loop", ...S3], 252, /loop: ELOOP/],
    [
      ["cp", "keys", "s3://b/", "--sse-c", "AES256", "--sse-c-key", "fileb://loop", ...S3],
      252,
      /loop: ELOOP/,
    ],
    [
      ["ls", "s3://b", "--ca-bundle", "loop", ...S3, "--endpoint-url", "https://127.0.0.1:1"],
      252,
      /The CA bundle loop cannot be read/,
    ],
    [["verify", "--credentials-file", "loop"], 253, /credentials file loop: too many symbolic links/],
    [["export", "--output", "loop", ...OWN], 255, /cannot write loop: too many symbolic links/],
    [["export", "--output", "loop/x", ...OWN], 255, /cannot write loop\/x: too many symbolic links/],
    [["exec", ...OWN, "--", "./loop"], 126, /\.\/loop: cannot be run: too many symbolic links/],
  ])("%j: exit %i, in one line", async (args, code, line) => {
    expectOneLine(await runBuilt(args, { cwd: folder.path }), code, line);
  });

  it("as the file of a token: exit 253, in one line", async () => {
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "loop",
    };
    const result = await runBuilt(["verify"], { cwd: folder.path, env });
    expectOneLine(result, 253, /token file loop .*: too many symbolic links; nothing was sent/);
  });
});

/** A script of the shell's, with the built file as `$0` to `$1`. */
function sh(script: string): Ran {
  const ran = execFileSync(
    "sh",
    ["-c", `{ ${script}; } 2>err >out; echo $?; cat out; echo; echo ---; cat err`, NODE, BUILT_FILE],
    { cwd: folder.path, env: { PATH: process.env.PATH } },
  ).toString();
  const [, code = "", stdout = "", stderr = ""] = ran.match(/^(\d+)\n(.*)\n---\n(.*)$/s) ?? [];
  return { code: Number(code), stdout: stdout.trim(), stderr };
}

describe.skipIf(process.platform === "win32")("a program that somebody writes to", () => {
  it("cannot be run: exit 126, in one line", () => {
    const run = '"$0" "$1" exec --credentials-file keys -- ./busy';
    expect(sh(run)).toEqual({ code: 0, stdout: "ran", stderr: "" });
    expectOneLine(sh(`exec 9>>busy; ${run}`), 126, /\.\/busy: cannot be run: somebody is writing to it/);
  });
});

describe.skipIf(process.platform !== "linux")("bytes that are not UTF-8", () => {
  const BYTES = "$(printf 'x\\377')";

  it.each([
    `cp "${BYTES}" s3://b/`,
    `cp keys "s3://b/${BYTES}"`,
    `sync s3://b "${BYTES}"`,
    `verify --credentials-file "${BYTES}"`,
    `export --credentials-file keys --output "${BYTES}"`,
    `exec --credentials-file "${BYTES}" -- true`,
    `"${BYTES}"`,
  ])("in an argument are refused: %s", (line) => {
    expectOneLine(sh(`"$0" "$1" ${line}`), 252, /^fetch-creds: the argument '.*x\ufffd' is not UTF-8\n/);
  });

  it("are the command's own after exec --, and what U+FFFD itself is called is taken", () => {
    const run = (word: string) => sh(`"$0" "$1" exec --credentials-file keys -- echo "${word}"`);
    expect(run(BYTES)).toEqual({ code: 0, stdout: "x\ufffd", stderr: "" });
    const real = sh(`"$0" "$1" verify --credentials-file "$(printf 'x\\357\\277\\275')"`);
    expectOneLine(real, 253, /cannot read the credentials file x\ufffd: no such file/);
  });

  it.each([
    ['AWS_REGION="VALUE" "$0" "$1" ls s3://b --credentials-file keys', 252],
    ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="/VALUE" "$0" "$1" verify', 253],
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI="http://127.0.0.1:1/VALUE" "$0" "$1" verify', 253],
    [
      'AWS_CONTAINER_AUTHORIZATION_TOKEN="VALUE" AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/ "$0" "$1" verify',
      253,
    ],
    [
      'AWS_ENDPOINT_URL="http://VALUE/" AWS_REGION=us-east-1 "$0" "$1" ls s3://b --credentials-file keys',
      252,
    ],
    ['AWS_CA_BUNDLE="VALUE" "$0" "$1" ls s3://b --region us-east-1 --credentials-file keys', 252],
    ['HTTPS_PROXY="http://VALUE/" "$0" "$1" ls s3://b --region us-east-1 --credentials-file keys', 252],
  ])("in a variable end in one line: %s", (line, code) => {
    expectOneLine(sh(line.replace("VALUE", BYTES)), code, /^fetch-creds: ./);
  });
});

describe.skipIf(process.platform !== "linux")("a descriptor of Node's own", () => {
  const own = Array.from({ length: 12 }, (_, index) => index + 3);

  it.each([
    [["verify", "--credentials-file", "FD"], 253, /cannot read the credentials file/],
    [
      ["ls", "s3://b", ...S3, "--endpoint-url", "https://127.0.0.1:1", "--ca-bundle", "FD"],
      252,
      /The CA bundle/,
    ],
    [["cp", "keys", "s3://b/k", ...S3, "--metadata", "file://FD"], 252, /unable to load the file/],
    [["cp", "s3://b/k", "FD", ...S3], 1, /Cannot write .*: no stream of that number is open \(EBADF\)/],
  ])("is read and written by nobody: %j", async (args, code, line) => {
    for (const number of own) {
      const words = args.map((word) => word.replace("FD", `/dev/fd/${number}`));
      const result = await runBuilt(words, { cwd: folder.path, timeoutMs: 30_000 });
      expect({ number, ...result }).toMatchObject({ number, code, timedOut: false });
      expect(result.stderr.split("\n")[0]).toMatch(line);
    }
  });
});
