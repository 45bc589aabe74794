import { existsSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../support/key-ring.js";
import { type RunResult, runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

const keys = new KeyRing();
let endpoint: CredentialEndpoint;
/** S3, and STS. */
let aws: S3Server;
let folder: TemporaryFolder;
let count = 0;

beforeAll(async () => {
  endpoint = await startCredentialEndpoint({ keys });
  aws = await startS3Server({ keys, buckets: ["b"] });
  aws.put("b", "k", "hello");
  folder = temporaryFolder();
});
afterAll(async () => {
  await Promise.all([endpoint.close(), aws.close()]);
  folder.remove();
});
beforeEach(() => aws.forget());

/** What each verb is to do; OUT is a new path in the folder. */
const LINES = {
  verify: "verify",
  export: "export",
  "export --output": "export --output OUT",
  exec: "exec -- touch OUT",
  "exec --refreshable": "exec --refreshable -- touch OUT",
  "cp down": "cp s3://b/k OUT",
  "cp to a stream": "cp s3://b/k -",
  "cp up": "cp FILE s3://b/up",
  "cp across": "cp s3://b/k s3://b/across",
  "cp --dryrun": "cp s3://b/k OUT --dryrun",
  "sync down": "sync s3://b OUT",
  ls: "ls s3://b",
  "ls of buckets": "ls",
  "cache-key": "cache-key s3://b/k",
  doctor: "doctor s3://b/k",
} as const;
type Line = keyof typeof LINES;
const ALL = Object.keys(LINES) as Line[];
const OF_S3 = ALL.filter((name) => !/^(verify|export|exec)/.test(name));

/** Each guard with how its failure begins. */
const EXPECTED: Readonly<Record<string, string>> = {
  "--expect-role other": "expected the role other",
  "--expect-account 210987654321": "expected the account 210987654321",
  "--min-ttl 3h": "expected credentials valid for at least 3 h 0 min",
};
const WRONG = Object.keys(EXPECTED);

/**
 * Each verb with one guard, each guard with many verbs: the whole table would take minutes. Sources that begin at other
 * guards have all of it together.
 */
function taken(
  names: readonly Line[],
  guards: readonly string[],
  first = 0,
): { name: Line; guard: string }[] {
  return names.map((name) => ({
    name,
    guard: guards[(first + ALL.indexOf(name)) % guards.length] as string,
  }));
}
const RIGHT = "--expect-role codebuild-app --expect-account 123456789012 --min-ttl 15m";

interface Source {
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** Keys that no longer tell their role, as an export without the expiry leaves them. */
function temporaryKeys(): string {
  const { accessKeyId, secretAccessKey, sessionToken } = keys.issue(Date.now() + 3_600_000);
  return `AWS_ACCESS_KEY_ID=${accessKeyId}\nAWS_SECRET_ACCESS_KEY=${secretAccessKey}\nAWS_SESSION_TOKEN=${sessionToken}\n`;
}

const SOURCES: Readonly<Record<string, () => Source>> = {
  endpoint: () => ({ args: [], env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri } }),
  file: () => {
    writeFileSync(folder.at("keys"), temporaryKeys());
    return { args: ["--credentials-file", folder.at("keys")], env: {} };
  },
  environment: () => ({
    args: [],
    env: Object.fromEntries(
      temporaryKeys()
        .trim()
        .split("\n")
        .map((line) => line.split("=", 2) as [string, string]),
    ),
  }),
  profile: () => {
    writeFileSync(folder.at("profiles"), `[default]\n${temporaryKeys().toLowerCase()}`);
    const text = temporaryKeys().replace(/^\w+/gm, (name) => name.toLowerCase());
    writeFileSync(folder.at("profiles"), `[default]\n${text}`);
    return { args: [], env: { AWS_SHARED_CREDENTIALS_FILE: folder.at("profiles") } };
  },
};

async function ran(name: Line, guards: string, { args, env }: Source) {
  const out = folder.at(`out-${++count}`);
  writeFileSync(folder.at("file"), "up");
  const words = LINES[name]
    .split(" ")
    .map((word) => (word === "OUT" ? out : word === "FILE" ? folder.at("file") : word));
  const [verb = "", ...rest] = words;
  const line = [verb, ...args, ...guards.split(" ").filter((word) => word !== ""), ...rest];
  const result = await runBuilt(line, {
    cwd: folder.path,
    env: { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "us-east-1", ...env },
  });
  // STS is asked with POST /; everything else is work.
  const work = aws.requests.filter(({ method, bucket }) => method !== "POST" || bucket !== undefined);
  return { ...result, work: work.length, wrote: existsSync(out) };
}

/** What a refusal leaves behind: nothing but its words. `export` has an eval fail, doctor reports on stdout. */
const NOTHING = { work: 0, wrote: false };

function expectRefusal(name: Line, guard: string, { stdout, stderr }: RunResult): void {
  const words = EXPECTED[guard] ?? "";
  if (name === "doctor") expect(stdout).toMatch(new RegExp(`^FIX   answer: ${words}[,;]`, "m"));
  else expect(stderr).toMatch(new RegExp(`^fetch-creds: ${words}[,;]`));
}

describe("a guard that does not hold", () => {
  // These take no keys from the environment or a profile.
  const ofEndpointOrFile = ALL.filter((name) => !OF_S3.includes(name));
  for (const [source, table] of [
    ["endpoint", [...taken(ALL, WRONG), ...taken(ofEndpointOrFile, WRONG, 2)]],
    ["file", taken(ALL, WRONG, 1)],
  ] as const)
    it.each(table)(
      `$name $guard, keys from the ${source}: exit 1, and nothing is done`,
      async ({ name, guard }) => {
        const given = SOURCES[source]?.() as Source;
        const result = await ran(name, guard, given);
        const refused = name === "exec --refreshable" && source === "file" ? 253 : 1;
        expect({ ...result, timedOut: false }, result.stderr).toMatchObject({ code: refused, ...NOTHING });
        if (refused === 253) expect(result.stderr).toMatch(/^fetch-creds: --refreshable needs/);
        else expectRefusal(name, guard, result);
        if (name !== "doctor") expect(result.stdout).toBe(name === "export" ? "false\n" : "");
      },
    );

  for (const [source, first] of [
    ["environment", 2],
    ["profile", 0],
  ] as const)
    it.each(taken(OF_S3, WRONG, first))(
      `$name $guard, keys from the ${source}: exit 1, and nothing is done`,
      async ({ name, guard }) => {
        const result = await ran(name, guard, SOURCES[source]?.() as Source);
        expect(result, result.stderr).toMatchObject({ code: 1, ...NOTHING });
        expectRefusal(name, guard, result);
      },
    );

  it.each(ALL)("%s with guards that hold: exit 0, and it is done", async (name) => {
    const asked = endpoint.requests.length;
    const { code, work, stderr, wrote } = await ran(name, RIGHT, SOURCES.endpoint?.() as Source);
    expect({ code, works: work > 0, asks: endpoint.requests.length > asked }, stderr).toEqual({
      code: 0,
      works: OF_S3.includes(name),
      asks: true,
    });
    if (LINES[name].includes("OUT")) expect(wrote).toBe(name !== "cp --dryrun");
  });
});

describe("a guard that cannot be applied", () => {
  const GUARDS = [...WRONG, "--expect-role codebuild-app", "--sts"];

  it.each([...taken(OF_S3, GUARDS), ...GUARDS.map((guard) => ({ name: "cp up" as const, guard }))])(
    "$name --no-sign-request $guard: exit 252, and nothing is done",
    async ({ name, guard }) => {
      const result = await ran(name, `--no-sign-request ${guard}`, SOURCES.endpoint?.() as Source);
      expect(result).toMatchObject({ code: 252, stdout: "", ...NOTHING });
      expect(result.stderr).toContain(`${guard.split(" ")[0]} and --no-sign-request exclude each other`);
      expect(aws.requests).toHaveLength(0);
    },
  );

  it.each(taken(ALL, ["--expect-role", "--expect-account"]))(
    "$name $guard twice, and differently: exit 252, and nothing is done",
    async ({ name, guard }) => {
      const twice = `${guard} codebuild-app ${guard} 123456789012`;
      const result = await ran(name, twice, SOURCES.endpoint?.() as Source);
      expect(result, result.stderr).toMatchObject({ code: 252, ...NOTHING });
      expect(result.stderr).toContain(`${guard} was given more than once`);
    },
  );

  it.each(ALL.filter((name) => name !== "exec" && name !== "exec --refreshable" && name !== "doctor"))(
    "%s --if-available without a source does nothing: there is nothing of which it could hold",
    async (name) => {
      const result = await ran(name, `--if-available ${WRONG.join(" ")}`, { args: [], env: {} });
      expect(result, result.stderr).toMatchObject({ code: 0, stdout: "", ...NOTHING });
      if (!name.startsWith("export")) {
        expect(result.stderr).toContain("does nothing (--if-available)");
        return;
      }
      // An eval of nothing is told nothing; with a source the guard holds here as well.
      expect(result.stderr).toBe("");
      const sourced = await ran(name, `--if-available ${WRONG[0]}`, SOURCES.endpoint?.() as Source);
      expect(sourced).toMatchObject({ code: 1, ...NOTHING });
    },
  );

  it.each(
    taken(ALL, ["--expect-account 12345", "--expect-account 1234-5678-9012", "--expect-account ACCOUNT"]),
  )("$name $guard, which is no account ID: exit 252, and nothing is done", async ({ name, guard }) => {
    const result = await ran(name, guard, SOURCES.endpoint?.() as Source);
    expect(result, result.stderr).toMatchObject({
      code: 252,
      stdout: name === "export" ? "false\n" : "",
      ...NOTHING,
    });
    expect(result.stderr).toBe(
      `fetch-creds: --expect-account '${guard.split(" ")[1]}' is not a valid account ID\n  An account ID has 12 digits, without dashes or blanks: 123456789012.\n`,
    );
    expect(aws.requests).toHaveLength(0);
  });

  it.each(taken(ALL, ["--expect-role -h", "--expect-account --help", "--min-ttl --version"]))(
    "$name $guard is a guard without a value: exit 252, and nothing is done",
    async ({ name, guard }) => {
      const result = await ran(name, guard, SOURCES.endpoint?.() as Source);
      const stdout = name === "export" ? "false\n" : "";
      expect(result).toMatchObject({ code: 252, stdout, ...NOTHING });
      expect(result.stderr).toContain(`${guard.split(" ")[0]} needs a value`);
    },
  );
});
