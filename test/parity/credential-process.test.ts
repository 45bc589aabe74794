import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parseProcessOutput } from "../../src/credentials/process-output.js";
import { shellWords, UnsplittableCommand } from "../../src/profiles/shell-words.js";
import { forkyRoot, inRoot } from "../support/forky/root.js";
import { seededRandom } from "../support/seeded-random.js";

const root = await forkyRoot();

/** What a Python program of the AWS CLI's makes of a value, both as JSON. */
function python<T>(program: string, value: unknown): T {
  const [command = "", ...args] = [...inRoot(root), "/usr/bin/python3", "-c", program];
  const input = JSON.stringify(value);
  return JSON.parse(execFileSync(command, args, { input, maxBuffer: 64 * 1024 * 1024 }).toString()) as T;
}

const SPLIT = `
import json, sys
sys.path.insert(0, "/usr/lib/python3/dist-packages/awscli")
from awscli.botocore.compat import compat_shell_split
def split(command):
    try:
        return compat_shell_split(command)
    except ValueError:
        return None
print(json.dumps([split(command) for command in json.load(sys.stdin)]))
`;

const READ = `
import json, sys
from awscli.botocore.credentials import ProcessProvider
class Popen:
    returncode = 0
    def __init__(self, output): self.output = output
    def communicate(self): return self.output.encode("utf-8"), b""
def read(output):
    config = {"profiles": {"p": {"credential_process": "x"}}}
    provider = ProcessProvider("p", lambda: config, popen=lambda *a, **k: Popen(output))
    try:
        keys = provider.load()
        expiry = getattr(keys, "_expiry_time", None)
        frozen = keys.get_frozen_credentials()
        return [frozen.access_key, frozen.secret_key, frozen.token or None, expiry and expiry.timestamp()]
    except Exception:
        return None
print(json.dumps([read(output) for output in json.load(sys.stdin)]))
`;

function ours(command: string): string[] | null {
  try {
    return shellWords(command);
  } catch (error) {
    if (error instanceof UnsplittableCommand) return null;
    throw error;
  }
}

const COMMANDS = 5000;

/** What splitting is about, and what it is not about. */
const CHARACTERS = [
  ..."ab'\"\\ ",
  ..."'\"\\\\",
  ..."\t\n\r\v\f#$`;|&<>(){}*?~=!%@^-_.",
  "\u00e9",
  "\u00a0",
  "\u2028",
  "\u{1f600}",
];

function randomCommands(seed: number): string[] {
  const random = seededRandom(seed);
  const one = () => CHARACTERS[Math.floor(random() * CHARACTERS.length)] ?? "";
  return Array.from({ length: COMMANDS }, () =>
    Array.from({ length: Math.floor(random() * 24) }, one).join(""),
  );
}

describe.skipIf(root === undefined)("a credential_process, beside the AWS CLI's botocore", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);

  it(`is split into the same words, ${COMMANDS} times (seed ${seed})`, () => {
    const commands = randomCommands(seed);
    const theirs = python<(string[] | null)[]>(SPLIT, commands);
    expect(theirs).toHaveLength(COMMANDS);
    expect(theirs.filter((words) => words === null).length).toBeGreaterThan(COMMANDS / 10);
    expect(theirs.filter((words) => (words?.length ?? 0) > 1).length).toBeGreaterThan(COMMANDS / 10);
    const differing = commands.filter(
      (command, index) => JSON.stringify(ours(command)) !== JSON.stringify(theirs[index]),
    );
    expect(differing).toEqual([]);
  });

  const keys = { Version: 1, AccessKeyId: "A", SecretAccessKey: "S" };
  const OUTPUTS: readonly string[] = [
    ...[
      {},
      { SessionToken: "t" },
      { SessionToken: "" },
      { SessionToken: null },
      { Expiration: null },
      { Version: 2 },
      { Version: "1" },
      { Version: null },
      { AccessKeyId: undefined },
      { SecretAccessKey: undefined },
      { Other: [1] },
      ...[
        "2030-01-02T03:04:05Z",
        "2030-01-02T03:04:05z",
        "2030-01-02T03:04:05.5Z",
        "2030-01-02T03:04:05+02:00",
        "2030-01-02T03:04:05-0730",
        "2030-01-02T03:04:05+02",
        "2030-01-02 03:04:05Z",
        "2030-01-02 03:04:05 UTC",
        "2030-01-02T03:04:05UTC",
        "2030-01-02T03:04Z",
        "20300102T030405Z",
        "2030-13-02T03:04:05Z",
        "2030-02-30T03:04:05Z",
        "soon",
        "",
      ].map((Expiration) => ({ SessionToken: "t", Expiration })),
    ].map((fields) => JSON.stringify({ ...keys, ...fields })),
    "",
    "{",
    "null",
    "[]",
    "\ufeff{}",
    `${JSON.stringify(keys)}{}`,
    `\n ${JSON.stringify(keys)} \n`,
  ];

  it("has its output read in the same way", () => {
    const theirs = python<(readonly unknown[] | null)[]>(READ, OUTPUTS);
    const read = OUTPUTS.map((output) => {
      const found = parseProcessOutput(Buffer.from(output));
      if ("fault" in found) return null;
      const { accessKeyId, secretAccessKey, sessionToken = null, expiration } = found.credentials;
      return [accessKeyId, secretAccessKey, sessionToken, expiration ? expiration.epochMs / 1000 : null];
    });
    expect(theirs.filter((each) => each === null).length).toBeGreaterThan(5);
    expect(OUTPUTS.map((output, index) => [output, read[index]])).toEqual(
      OUTPUTS.map((output, index) => [output, theirs[index]]),
    );
  });
});
