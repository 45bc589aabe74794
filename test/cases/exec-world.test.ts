import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { outcomeOf } from "../support/outcome-of.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
const folder = temporaryFolder();
let endpoint: CredentialEndpoint;

beforeAll(async () => {
  endpoint = await startCredentialEndpoint();
  writeFileSync(folder.at("file"), "text\n");
});
afterAll(async () => {
  await endpoint.close();
  folder.remove();
});

const has = (name: string) => spawnSync(name, ["--version"]).error === undefined;

/** coreutils' env, from 8.31 on. */
const canIgnore = spawnSync("env", ["--ignore-signal=HUP", "true"]).status === 0;

/** Runs a script of sh; NODE, FILE, ENDPOINT are set in it. Asynchronous, since the endpoint lives in this process. */
async function shell(script: string, env: Record<string, string> = {}) {
  const child = spawn("sh", ["-c", script], {
    env: { PATH: process.env.PATH, NODE, FILE: BUILT_FILE, ENDPOINT: endpoint.uri, ...env },
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return outcomeOf(child);
}

/** All that /proc tells of a process and that it gets from who starts it. The listing's own descriptor is the same each time. */
const REPORT = [
  "ls -l /proc/self/fd | sed 's/.* \\([0-9]* -> \\)/\\1/; s/proc.[0-9]*/proc/; s/:.[0-9]*.$//'",
  "for each in 0 1 2 3 4 5 6 7 8 9; do grep -H flags /proc/self/fdinfo/$each 2>&1; done",
  "grep -E '^(Umask|Uid|Gid|Groups|NSpgid|NSsid|SigPnd|ShdPnd|SigBlk|SigIgn|Cap...|NoNewPrivs|Seccomp|Cpus_allowed):' /proc/self/status",
  // Process group, session, terminal; priority and nice.
  "cut -d ' ' -f 5-8,18-19 /proc/self/stat",
  "cat /proc/self/limits /proc/self/oom_score_adj /proc/self/coredump_filter /proc/self/cgroup",
  "pwd; readlink /proc/self/cwd /proc/self/root",
  "env | sort",
].join("; ");

/** Where a child of ours differs from one of `env`: what exec is there for, and the shell's word for what it started last. */
const withoutDifferences = (report: string) =>
  report
    .split("\n")
    .filter((line) => !/^(AWS_\w+|_|REPORT)=/.test(line))
    .join("\n");

const SETTINGS = "ulimit -Sn 777; ulimit -c 0; umask 027;";
const DESCRIPTORS = "3<file 5>>appended 7<>both 9>lock";

describe.concurrent("the world of a command that exec runs is that of one that env runs", () => {
  it.skipIf(!canIgnore)("and what the shell around it ignores", async () => {
    const run = (runner: string, redirections = "") =>
      shell(
        `trap '' HUP USR2; ${runner} sh -c 'grep SigIgn /proc/self/status; echo $0 $1' name "a b" ${redirections}; exit $?`,
      );
    const expected = await run("env");
    expect(expected).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/0000801\nname a b\n$/),
    });
    expect(await run('"$NODE" "$FILE" exec --if-available --')).toEqual(expected);
    expect(await run('"$NODE" "$FILE" exec --if-available --', "9>lock")).toEqual(expected);
  });

  for (const [what, redirections] of [
    ["as it comes", ""],
    ["with descriptors from 3 up", DESCRIPTORS],
    ["with its standard streams once more", "3<&0 4>&1 6>&2"],
  ] as const) {
    it.skipIf(!has("prlimit"))(what, async () => {
      const run = (runner: string) =>
        shell(`${SETTINGS} ${runner} sh -c "$REPORT" ${redirections}; exit $?`, { REPORT });
      const expected = await run("env");
      expect(expected).toMatchObject({ code: 0, stderr: "" });
      expect(expected.stdout).toMatch(/Max open files +777 /);
      if (redirections === DESCRIPTORS) expect(expected.stdout).toMatch(/^9 -> .*\/lock$/m);
      for (const options of ["--if-available", '--uri "$ENDPOINT"', '--debug --uri "$ENDPOINT"']) {
        const seen = await run(`"$NODE" "$FILE" exec ${options} --`);
        expect(seen.code, seen.stderr).toBe(0);
        expect(withoutDifferences(seen.stdout), options).toBe(withoutDifferences(expected.stdout));
      }
    });
  }

  it.skipIf(!has("prlimit"))("a limit that is too low for Node to start a child stops nothing", async () => {
    for (const redirections of ["", "9>lock"]) {
      const script = `ulimit -Sn 24; "$NODE" "$FILE" exec --if-available -- echo ran ${redirections}; exit $?`;
      expect(await shell(script)).toEqual({ code: 0, stdout: "ran\n", stderr: "" });
    }
  });

  it("a lock that a shell holds on a descriptor is still held by it", async () => {
    const script =
      '"$NODE" "$FILE" exec --if-available -- sh -c "flock -n 9 && echo ours; flock -n lock true || echo held" 9>lock; exit $?';
    expect(await shell(script)).toEqual({ code: 0, stdout: "ours\nheld\n", stderr: "" });
  });

  it.skipIf(!has("make"))("make's jobserver is passed on", async () => {
    const inner = "all:\n\t@echo run\n";
    const outer =
      'all:\n\t+@"$(NODE)" "$(FILE)" exec --if-available -- $(MAKE) --no-print-directory -f inner\n';
    writeFileSync(folder.at("inner"), inner);
    writeFileSync(folder.at("outer"), outer);
    // make complains when the descriptors that MAKEFLAGS names are not there.
    expect(await shell("make -j2 --no-print-directory -f outer")).toEqual({
      code: 0,
      stdout: "run\n",
      stderr: "",
    });
  });
});

const MANY = 'sleep 0.3; i=0; while [ $i -lt 30000 ]; do echo "$i 45678901234567890123"; i=$((i+1)); done';

describe.concurrent("the streams of a command that exec runs", () => {
  for (const [name, options] of [
    ["after no line of ours", ""],
    ["after a line of ours", "--debug"],
  ] as const) {
    it(`block: a slow reader of stderr loses nothing ${name}`, async () => {
      // The reader starts late: a pipe that does not block would be full by then.
      const script = `"$NODE" "$FILE" exec ${options} --uri "$ENDPOINT" -- sh -c '{ ${MANY}; } >&2' 2>&1 >/dev/null | { sleep 1; grep -c 45678901234567890123; }`;
      expect((await shell(script)).stdout).toBe("30000\n");
    });

    it(`block: nor does one of stdout ${name}`, async () => {
      const script = `"$NODE" "$FILE" exec ${options} --uri "$ENDPOINT" -- sh -c '${MANY}' 2>/dev/null | { sleep 1; grep -c 45678901234567890123; }`;
      expect((await shell(script)).stdout).toBe("30000\n");
    });
  }
});
