import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { forkyRoot, inRoot } from "../support/forky/root.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { type ParityServer, startParityServer } from "./bed/server.js";

const SCRIPT = "scripts/aws-smoke.sh";

/** The checks that need no AWS: those that stand at the beginning of a line. */
const CHECKS = [...readFileSync(SCRIPT, "utf8").matchAll(/^check "([^"]+)"/gm)].map(([, title]) => title);

let server: ParityServer;
/** What stands before a program of the root that has the AWS CLI. */
let root: readonly string[];

beforeAll(async () => {
  root = inRoot(await forkyRoot());
  server = await startParityServer();
  await server.client.send(new CreateBucketCommand({ Bucket: "smoke" }));
});
afterAll(() => server?.close());

/** Runs the script with a built file; which checks held, which did not, and what it printed. */
async function rehearse(file: string) {
  const env = {
    PATH: `/usr/bin:${process.env.PATH}`,
    HOME: "/nonexistent",
    AWS_ACCESS_KEY_ID: server.accessKey,
    AWS_SECRET_ACCESS_KEY: server.secretKey,
    AWS_DEFAULT_REGION: "us-east-1",
    SMOKE_ENDPOINT_URL: server.url,
    FETCH_CREDS: file,
  };
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    const [program, ...args] = [...root, "sh", SCRIPT, "smoke"];
    execFile(program!, args, { env, timeout: 240_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
  const titles = (word: string) =>
    [...output.matchAll(new RegExp(`^${word} +(.*)$`, "gm"))].map(([, title]) => title);
  return { code, output, ok: titles("ok"), failed: titles("FAIL") };
}

/** The script that owners of an AWS account run, rehearsed without what only AWS knows. */
describe("scripts/aws-smoke.sh smoke", () => {
  it("finds every check to hold", async () => {
    const { code, output, ok, failed } = await rehearse(BUILT_FILE);
    expect(CHECKS.length).toBeGreaterThan(15);
    expect(failed, output).toEqual([]);
    expect(ok).toEqual(CHECKS);
    expect(output).toMatch(/^0 failures$/m);
    expect(code).toBe(0);
  });

  it("notices a file that does nothing", async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("empty.js"), "");
    const { code, output, ok, failed } = await rehearse(folder.at("empty.js"));
    // An upload is proven by the download after it, and where nothing is, nothing is to be done.
    expect(ok).toEqual(["standard input", "a folder up", "a prefix down", "sync finds nothing to do"]);
    expect(failed.length).toBe(CHECKS.length - ok.length);
    expect(output).toMatch(new RegExp(`^${failed.length} failures$`, "m"));
    expect(code).toBe(1);
  });
});
