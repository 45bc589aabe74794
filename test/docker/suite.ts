import { dirname } from "node:path";
import { expect } from "vitest";
import { theBed } from "../support/docker/bed.js";
import { type CommandOptions, type CommandResult, command } from "../support/docker/command.js";
import { inRoot } from "../support/forky/root.js";

/** What every test in here needs: the engine, the address as a build gets it, and the strings that must not leak. */
export const { engine, description } = theBed();

const NAME = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

/** `--secret` from the variable of the same name. */
export const SECRET = `id=${NAME},env=${NAME}`;

/** `--build-arg`, with the value from the environment. */
export const BUILD_ARGUMENT = NAME;

/** The environment of `docker build` in CodeBuild. */
export const CODEBUILD = { [NAME]: description.relativeUri, AWS_REGION: "us-east-1" };

/** The mount that gives a RUN the address. */
export const MOUNT = `--mount=type=secret,id=${NAME}`;

/** By name, every string that a careful build keeps to itself. */
export const SECRETS = {
  "the access key": description.roleKeys.accessKeyId,
  "the secret key": description.roleKeys.secretAccessKey,
  "the session token": description.roleKeys.sessionToken,
  "the address's id": description.relativeUri.slice("/v2/credentials/".length),
};

/** Runs one of the programs that Debian's testing suite brings: docker, buildah, aws. */
export function inForky(words: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program, ...args] = [...inRoot(description.root), ...words];
  return command(program!, args, options);
}

/** Runs lines of shell where Docker's and the AWS CLI's own programs come first, on the test's engine. */
export function shell(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<CommandResult> {
  const PATH = `/usr/bin:/bin:/usr/sbin:/sbin:${dirname(process.execPath)}`;
  const all = { AWS_ENDPOINT_URL_S3: description.s3, DOCKER_HOST: description.engine, ...env, PATH };
  return inForky(["sh", "-e", "-c", script], { cwd, env: all });
}

const YAML =
  "import json, sys; from ruamel.yaml import YAML; print(json.dumps(YAML(typ='safe').load(open(sys.argv[1]))))";

/** A YAML file's content, read by a parser that is not ours. */
export async function readYaml(file: string): Promise<unknown> {
  const read = await inForky(["/usr/bin/python3", "-c", YAML, file]);
  expect(read.code, read.output).toBe(0);
  return JSON.parse(read.stdout);
}

/** A build that went through; its log is shown when it did not. */
export function expectBuilt(result: CommandResult): void {
  expect(result.code, result.output).toBe(0);
}

/**
 * A build that failed in a step of ours with this exit code, and whose log has one line of ours that says why, or that of a
 * transfer, which is worded as in `aws s3`. BuildKit repeats it.
 */
export function expectFailed(built: CommandResult, line: RegExp, exitCode: number): void {
  expect(built.code, built.output).not.toBe(0);
  const lines = Array.from(built.output.matchAll(/(?:fetch-creds: |download failed: ).*/g), ([text]) => text);
  expect([...new Set(lines)], built.output).toEqual([expect.stringMatching(line)]);
  expect(built.output).toMatch(new RegExp(`(exit code: |non-zero code: )${exitCode}\\b`));
  expectNoSecret(built.output);
}

/** A log without any secret in it. */
export function expectNoSecret(text: string): void {
  const found = Object.entries(SECRETS).filter(([, secret]) => text.includes(secret));
  expect(found.map(([name]) => name)).toEqual([]);
}
