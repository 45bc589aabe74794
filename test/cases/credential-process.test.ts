import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { KeyRing, type KnownKeys } from "../support/key-ring.js";
import { type RunOptions, runBuilt, startBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { until } from "../support/until.js";

const HOUR = 3_600_000;
const keys = new KeyRing();
const folder = temporaryFolder();
let s3: S3Server;
let count = 0;

beforeAll(async () => {
  s3 = await startS3Server({ keys, buckets: ["b"] });
  s3.put("b", "k", "hello");
});
afterAll(async () => {
  await s3.close();
  folder.remove();
});

/** What a credential_process prints for keys. */
const printed = ({ accessKeyId, secretAccessKey, sessionToken, expiresAt }: KnownKeys, more = {}) =>
  JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(expiresAt ?? 0).toISOString(),
    ...more,
  });

interface Process {
  /** A file for the program's own notes. */
  readonly notes: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A profile `deploy` whose credential_process is a program of the given shell text, in a folder of its own. */
function profile(script: string, args = ""): Process {
  const place = folder.at(`process ${++count}`);
  mkdirSync(place);
  writeFileSync(`${place}/get keys`, `#!/bin/sh\n${script}\n`);
  chmodSync(`${place}/get keys`, 0o755);
  writeFileSync(`${place}/config`, `[profile deploy]\ncredential_process = "${place}/get keys" ${args}\n`);
  const notes = `${place}/notes`;
  return {
    notes,
    env: { AWS_CONFIG_FILE: `${place}/config`, AWS_SHARED_CREDENTIALS_FILE: `${place}/none`, NOTES: notes },
  };
}

const options = ({ env }: Process, more: RunOptions = {}): RunOptions => ({
  cwd: folder.path,
  ...more,
  env: {
    AWS_ENDPOINT_URL: s3.url,
    AWS_REGION: "us-east-1",
    AWS_PROFILE: "deploy",
    HOME: folder.path,
    ...env,
    ...more.env,
  },
});

const run = (process: Process, args: readonly string[], more: RunOptions = {}) =>
  runBuilt(args, options(process, more));

const CP = ["cp", "s3://b/k", "-"];

describe("a profile's credential_process", () => {
  it("gives the keys that cp signs with", async () => {
    const issued = keys.issue(Date.now() + HOUR);
    const process = profile(`printf '%s|' "$@" >> "$NOTES"; echo '${printed(issued)}'`, `'a b' $HOME`);
    expect(await run(process, CP)).toMatchObject({ code: 0, stdout: "hello", stderr: "" });
    // Once, without a shell: what is a variable there stays as it stands.
    expect(readFileSync(process.notes, "utf8")).toBe("a b|$HOME|");
  });

  it("is asked by verify, export and exec where --profile names it", async () => {
    const issued = keys.issue(Date.now() + HOUR);
    const process = profile(`echo '${printed(issued)}'`);
    const json = await run(process, ["verify", "--profile", "deploy", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ source: { kind: "process", place: "file" } });
    const exported = await run(process, ["export", "--profile", "deploy", "--format", "process"]);
    expect(JSON.parse(exported.stdout)).toMatchObject({ AccessKeyId: issued.accessKeyId });
  });

  it("gives keys of the account that the profile names, unless it names one itself", async () => {
    const issued = keys.issue(Date.now() + HOUR);
    const accountOf = async (process: Process) => {
      const config = process.env.AWS_CONFIG_FILE ?? "";
      writeFileSync(config, `${readFileSync(config, "utf8")}aws_account_id = 210987654321\n`);
      const { stdout } = await run(process, ["verify", "--profile", "deploy", "--json"]);
      return JSON.parse(stdout).accountId;
    };
    expect(await accountOf(profile(`echo '${printed(issued)}'`))).toBe("210987654321");
    const named = printed(issued, { AccountId: "123456789012" });
    expect(await accountOf(profile(`echo '${named}'`))).toBe("123456789012");
  });

  it("shows none of its standard output, and its standard error only with --debug", async () => {
    const issued = keys.issue(Date.now() + HOUR);
    const words = `the session of ${issued.secretAccessKey} is young`;
    const process = profile(`echo '${words}' >&2; echo '${printed(issued)}'`);
    const plain = await run(process, CP);
    expect(plain).toMatchObject({ code: 0, stdout: "hello", stderr: "" });
    const { stderr } = await run(process, [...CP, "--debug"]);
    expect(stderr).toContain("credential_process: the session of *** is young");
    for (const secret of [issued.secretAccessKey, issued.sessionToken]) expect(stderr).not.toContain(secret);
  });

  it("has not what is copied from standard input", async () => {
    const issued = keys.issue(Date.now() + HOUR);
    const process = profile(`cat > "$NOTES"; echo '${printed(issued)}'`);
    const input = "what is to be stored";
    expect(await run(process, ["cp", "-", "s3://b/stored"], { input })).toMatchObject({ code: 0 });
    expect(s3.object("b", "stored")?.body.toString()).toBe(input);
    expect(readFileSync(process.notes, "utf8")).toBe("");
  });

  it.each<[string, string, string, RegExp]>([
    ["fails", "echo 'no session: run login' >&2; exit 7", "", / exited with 7: no session: run login\n/],
    ["is ended by a signal", "kill -TERM $$", "", / was ended by SIGTERM\n/],
    [
      "prints no JSON",
      "echo SECRETKEY",
      "",
      /gave no credentials that can be used: its output is not JSON\n/,
    ],
    ["prints another version", `echo '{"Version":2}'`, "", /its Version is not 1\n/],
    ["prints without end", "exec cat /dev/zero", "", /longer than 64 KiB\n/],
    ["is an unclosed quote", "", "'a", /a quote in it is not closed\n/],
    [
      "gives what has expired",
      `echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"SECRETKEY","Expiration":"2020-01-01T00:00:00Z"}'`,
      "",
      /expired at 2020-01-01T00:00:00Z; the local clock says 20/,
    ],
  ])("that %s is a failure in a line, and no other source is asked", async (_, script, args, words) => {
    const { code, stdout, stderr } = await run(profile(script, args), CP, {
      env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/" },
    });
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    expect(stderr).toMatch(/^fetch-creds: the credential_process of .*deploy/);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain("SECRETKEY");
  });

  it("that is not there is said with its name", async () => {
    const process = profile("");
    writeFileSync(
      process.env.AWS_CONFIG_FILE ?? "",
      "[profile deploy]\ncredential_process = get-keys --secret x\n",
    );
    const { code, stderr } = await run(process, CP);
    expect(code).toBe(253);
    expect(stderr).toMatch(/cannot be run: get-keys: no such file/);
    expect(stderr).not.toContain("--secret");
  });

  it("is run again when S3 says that its keys have expired", async () => {
    const first = keys.issue(Date.now() + HOUR);
    const second = keys.issue(Date.now() + HOUR);
    const process = profile(
      `echo x >> "$NOTES"; if test "$(wc -l < "$NOTES")" -gt 1; then echo '${printed(second)}'; else echo '${printed(first)}'; fi`,
    );
    first.expiresAt = Date.now() - 1;
    expect(await run(process, CP)).toMatchObject({ code: 0, stdout: "hello" });
    expect(readFileSync(process.notes, "utf8")).toBe("x\nx\n");
  });
});

const isGone = (pid: number) => {
  try {
    return /\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
};

describe("a credential_process that goes on", () => {
  const waiting = () =>
    profile(`sleep 1000 & echo $$ $! > "$NOTES.new"; mv "$NOTES.new" "$NOTES"; while :; do sleep 0.1; done`);
  const pids = ({ notes }: Process) => readFileSync(notes, "utf8").trim().split(" ").map(Number);

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "is ended by %s with what it has started, and so are we",
    async (signal) => {
      const process = waiting();
      const { child, finished } = startBuilt(CP, options(process));
      await until(() => existsSync(process.notes), child);
      child.kill(signal);
      const { code, stdout, stderr } = await finished;
      const number = { SIGTERM: 15, SIGINT: 2, SIGHUP: 1 }[signal];
      expect({ code, stdout }).toEqual({ code: 128 + number, stdout: "" });
      expect(stderr).toMatch(
        new RegExp(`^fetch-creds: ${signal} received: the credential_process of .*was ended\\n$`),
      );
      expect(pids(process)).toHaveLength(2);
      await until(() => pids(process).every(isGone));
    },
  );

  it("is ended by --timeout", async () => {
    const process = waiting();
    const { code, stderr } = await run(process, [...CP, "--timeout", "3s"]);
    expect(code).toBe(255);
    expect(stderr).toMatch(/ did not end within 3 ?s, and was ended\n/);
    if (existsSync(process.notes)) await until(() => pids(process).every(isGone));
  });

  it("is killed when we end, though it does not obey and nobody waits for it", async () => {
    const first = keys.issue(Date.now() + HOUR);
    const process = profile(
      `if test -e "$NOTES.first"; then trap '' TERM; echo $$ > "$NOTES.new"; mv "$NOTES.new" "$NOTES"; while :; do sleep 0.1; done; fi
: > "$NOTES.first"; echo '${printed(first)}'`,
    );
    // S3 says so, and the copy asks for others.
    first.expiresAt = Date.now() - 1;
    const { child, finished } = startBuilt(CP, options(process));
    await until(() => existsSync(process.notes), child);
    onTestFinished(() => {
      for (const pid of pids(process)) if (!isGone(pid)) global.process.kill(pid, "SIGKILL");
    });
    child.kill("SIGTERM");
    expect(await finished).toMatchObject({ code: 143 });
    await until(() => pids(process).every(isGone), child);
  });
});

describe("a credential_process that leads back to itself", () => {
  const OURS = `"${process.execPath}" "${BUILT_FILE}" export --format process --profile deploy`;
  const NAMED = "the credential_process of AWS_CONFIG_FILE, profile deploy";
  /** Notes each run; a chain without an end would end all the same. */
  const COUNTED = 'echo run >> "$NOTES"; test "$(wc -l < "$NOTES")" -lt 6 || exit 9';

  it.each([
    ["through us", `exec ${OURS}`],
    // What `aws configure export-credentials` sets, for a program that hands on nothing of ours.
    [
      "through the AWS CLI",
      `unset FETCH_CREDS_PROCESSES; _AWS_CLI_PROFILE_CHAIN='"a, b",deploy' exec ${OURS}`,
    ],
    [
      "through the AWS CLI, which reports it",
      `echo "aws: [ERROR]: Credential process resolution detected an infinite loop, profile cycle: deploy -> deploy" >&2; exit 253`,
    ],
  ])("is run once: %s", async (_, script) => {
    const looping = profile(`${COUNTED}\n${script}`);
    const { code, stdout, stderr } = await run(looping, ["ls", "s3://b"]);
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    const [line = "", ...hint] = stderr.trimEnd().split("\n");
    expect(line).toMatch(
      new RegExp(
        `^fetch-creds: ${NAMED} exited with 253: (?:fetch-creds: ${NAMED} starts itself|Credential process resolution .*deploy -> deploy)$`,
      ),
    );
    expect(hint).toHaveLength(1);
    expect(readFileSync(looping.notes, "utf8")).toBe("run\n");
  });
});
