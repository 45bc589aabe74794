import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { S3_ADDRESS } from "../support/docker/bed.js";
import { buildContext } from "../support/docker/build-context.js";
import type { CommandResult } from "../support/docker/command.js";
import { CODEBUILD, engine, expectBuilt, MOUNT, SECRET } from "./suite.js";

const FILE = readFileSync(BUILT_FILE);
const DIGEST = createHash("sha256").update(FILE).digest("hex");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** The README's own line. */
const [ADD = ""] = readFileSync("README.md", "utf8").match(/^ADD --checksum=.*\\\n.*\n/m) ?? [];

/** Where releases are; counts what it is asked for. */
let releases: Server;
let asked: string[] = [];

beforeAll(async () => {
  releases = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.end(FILE);
  }).listen(0, S3_ADDRESS);
  await once(releases, "listening");
});
afterAll(() => {
  releases.closeAllConnections();
  releases.close();
});

/** The line with the address of the test's releases, and with a digest. */
function addLine(digest: string): string {
  const home = `http://${S3_ADDRESS}:${(releases.address() as AddressInfo).port}`;
  const line = ADD.replace(/https:\/\/github\.com\/[^/]+\/[^/]+(?=\/releases)/, home);
  expect(line).toContain(`${home}/releases/download/v${version}/fetch-creds.js`);
  return line.replace(/(?<=sha256:)\S+/, digest);
}

/** A build that gets the file by this line and runs it as a user that is not root. */
async function build(line: string): Promise<CommandResult> {
  using context = buildContext({
    Dockerfile: `FROM node:22-slim\n${line}USER node\nRUN ${MOUNT},uid=1000 node /fetch-creds.js verify && sha256sum /fetch-creds.js\n`,
    ".dockerignore": "fetch-creds.js\n",
  });
  const more = ["--no-cache"];
  return await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD, more });
}

it("ADD --checksum brings the file, which any user may run", async () => {
  asked = [];
  const built = await build(addLine(DIGEST));
  expectBuilt(built);
  expect(built.output).toContain(`${DIGEST}  /fetch-creds.js`);
  expect(built.output).toMatch(/ Source +AWS_CONTAINER_CREDENTIALS_RELATIVE_URI/);
  expect(asked).toContain(`/releases/download/v${version}/fetch-creds.js`);
});

it("ADD --checksum refuses other bytes", async () => {
  const { code, output } = await build(addLine("0".repeat(64)));
  expect(code).not.toBe(0);
  expect(output).toContain("digest mismatch");
});
