import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { BUILD_ARGUMENT, CODEBUILD, engine, expectFailed, MOUNT, SECRET } from "./suite.js";

const STALE = "/v2/credentials/00000000-0000-4000-8000-000000000000";

interface Mistake {
  readonly name: string;
  /** The command after `node /fetch-creds.js`. */
  readonly command: string;
  /** The address, or undefined when the user forgot to pass it. */
  readonly address?: string;
  readonly exitCode: number;
  /** In the build's log, on the line that names the failure. */
  readonly line: RegExp;
}

const ADDRESS = CODEBUILD.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;

const MISTAKES: readonly Mistake[] = [
  {
    name: "a bucket that the role may not read",
    command: "cp s3://someone-elses-bucket/report.txt /tmp/",
    address: ADDRESS,
    exitCode: 1,
    line: /s3:\/\/someone-elses-bucket\/report\.txt.*AccessDenied/,
  },
  {
    name: "an object that is not there",
    command: "cp s3://my-bucket/no/such/key /tmp/",
    address: ADDRESS,
    exitCode: 1,
    line: /s3:\/\/my-bucket\/no\/such\/key.*NoSuchKey/,
  },
  { name: "an address that was not passed", command: "verify", exitCode: 253, line: /credential/i },
  {
    name: "an id from an earlier build",
    command: "verify",
    address: STALE,
    exitCode: 254,
    line: /400.*InvalidIdInRequest|InvalidIdInRequest.*400/,
  },
  {
    name: "a variable that nothing expanded",
    command: "verify",
    address: "$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    exitCode: 253,
    line: /AWS_CONTAINER_CREDENTIALS_RELATIVE_URI/,
  },
  {
    name: "an export that failed in eval",
    command: 'export >/tmp/e; eval "$(cat /tmp/e)" && echo went-on',
    address: STALE,
    exitCode: 1,
    line: /InvalidIdInRequest/,
  },
];

describe.each(MISTAKES)("$name fails the build", ({ command, address, exitCode, line }) => {
  const env = { ...CODEBUILD, [BUILD_ARGUMENT]: address };

  it.each(["secret", "buildkit", "classic"] as const)("with our line in the log (%s)", async (way) => {
    const secret = way === "secret";
    const arg = secret ? "" : `ARG ${BUILD_ARGUMENT}\n`;
    const run = `RUN ${secret ? MOUNT : ""} node /fetch-creds.js ${command}`;
    using context = buildContext({
      Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\n${arg}${run}\n`,
    });
    const passed =
      address === undefined ? {} : secret ? { secrets: [SECRET] } : { buildArgs: [BUILD_ARGUMENT] };
    const builder = way === "classic" ? "classic" : "buildkit";
    const built = await engine.build({ context: context.path, builder, ...passed, env });
    expectFailed(built, line, exitCode);
    expect(built.output).not.toMatch(/^(#\d+ [\d.]+ )?went-on$/m);
  });
});

describe("what only one form can get wrong", () => {
  it("a secret that the USER may not read: the log says which option of the mount fixes it", async () => {
    using context = buildContext({
      Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nUSER node\nRUN ${MOUNT} node /fetch-creds.js\n`,
    });
    const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD });
    expectFailed(built, /\/run\/secrets\/AWS_CONTAINER_CREDENTIALS_RELATIVE_URI/, 253);
    // In the line below.
    expect(built.output).toMatch(/uid=.*mode=0444|mode=0444.*uid=/);
  });

  it.each(["buildkit", "classic"] as const)("an ARG before FROM (%s)", async (builder) => {
    using context = buildContext({
      Dockerfile: `ARG ${BUILD_ARGUMENT}\nFROM node:22-slim\nCOPY fetch-creds.js /\nRUN node /fetch-creds.js\n`,
    });
    const request = { context: context.path, builder, buildArgs: [BUILD_ARGUMENT], env: CODEBUILD };
    const built = await engine.build(request);
    expectFailed(built, /credential/, 253);
  });

  it("a build without a network", async () => {
    using context = buildContext({
      Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN ${MOUNT} node /fetch-creds.js\n`,
    });
    const request = { context: context.path, secrets: [SECRET], env: CODEBUILD };
    const built = await engine.build({ ...request, more: ["--network", "none"] });
    expectFailed(built, /169\.254\.170\.2/, 255);
    // In the line below.
    expect(built.output).toMatch(/--network/);
  });
});
