import { writeFileSync } from "node:fs";
import { constants } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { rawServer } from "../support/raw-server.js";
import { runBuilt, startBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
let endpoint: CredentialEndpoint;
beforeAll(async () => {
  endpoint = await startCredentialEndpoint();
});
afterAll(async () => {
  await endpoint.close();
  folder.remove();
});

/** Has Node listen for a debugger before the file begins, as a signal does that comes while Node starts. */
const BEFORE_THE_FILE = `
const { url } = require("node:inspector");
process.debugPort = 0;
process.kill(process.pid, "SIGUSR1");
while (url() === undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
process.on("exit", () => require("node:fs").writeSync(1, "at the end: " + url() + "\\n"));
`;

describe("SIGUSR1, on which Node listens for a debugger", () => {
  it.each([
    ["verify"],
    ["export"],
    ["exec", "--", "true"],
    ["cp", "s3://bucket/key", "."],
    ["ls"],
    ["doctor"],
  ])("ends %s as it ends any program", async (...args) => {
    // Nothing is answered: whoever asks here holds still.
    const { url, requests } = await rawServer(() => undefined);
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/role` };
    const { child, finished } = startBuilt(args, { env, cwd: folder.path });
    await until(() => requests.length > 0, child);
    child.kill("SIGUSR1");
    const { code, signal, stderr } = await finished;
    expect(signal ?? code).toBeOneOf(["SIGUSR1", 128 + constants.signals.SIGUSR1]);
    expect(stderr).not.toContain("Debugger");
  });

  it("that came while Node started, has the debugger closed again", async () => {
    writeFileSync(folder.at("before.cjs"), BEFORE_THE_FILE);
    const options = {
      env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri },
      nodeOptions: ["--require", folder.at("before.cjs")],
    };
    const { code, stdout, stderr } = await runBuilt(["verify"], options);
    expect(stderr).toContain("Debugger listening on");
    expect({ code, end: stdout.split("\n").at(-2) }).toEqual({ code: 0, end: "at the end: undefined" });
  });

  it("is left alone by who asks for one with --inspect", async () => {
    writeFileSync(folder.at("asked.cjs"), BEFORE_THE_FILE.replace(/process.kill.*/, ""));
    const options = {
      env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri },
      nodeOptions: ["--inspect=127.0.0.1:0", "--require", folder.at("asked.cjs")],
    };
    const { code, stdout } = await runBuilt(["verify"], options);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Role [\s\S]*\nat the end: ws:\/\/127\.0\.0\.1:/),
    });
  });
});
