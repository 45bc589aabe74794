import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { startCredentialEndpoint } from "../support/credential-endpoint/credential-endpoint.js";
import { RARE_SIGNALS } from "../support/ending-signals.js";
import { outcomeOf } from "../support/outcome-of.js";
import { type RunningBuilt, runBuilt, startBuilt } from "../support/run-built.js";
import { startS3Server } from "../support/s3-server/s3-server.js";
import { signalLimit } from "../support/signal-limit.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";
import { until } from "../support/until.js";

const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
type Signal = keyof typeof NUMBERS;

let folder: TemporaryFolder;
let count = 0;

beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

interface Silent extends Disposable {
  readonly url: string;
  /** Requests that came. */
  asked: number;
  /** When the first came, ms on the clock of `performance.now`. */
  first: number;
}

/** A server of one test alone: it takes requests, and never says a word, or only the given ones. */
async function silentServer(reply = ""): Promise<Silent> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      if (silent.asked++ === 0) silent.first = performance.now();
      if (reply !== "") socket.end(reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const silent: Silent = {
    url: `http://127.0.0.1:${port}`,
    asked: 0,
    first: 0,
    [Symbol.dispose]: () => void server.close(),
  };
  return silent;
}

interface Started extends RunningBuilt {
  /** As `Silent.first`. */
  readonly began: number;
}

function start(...given: Parameters<typeof startBuilt>): Started {
  return { began: performance.now(), ...startBuilt(...given) };
}

function fifo(): string {
  const path = folder.at(`fifo-${++count}`);
  execFileSync("mkfifo", [path]);
  return path;
}

/** Whether a process has this file open, or waits in open(2) for it. */
function isAt({ child }: RunningBuilt, path: string): boolean {
  const task = `/proc/${child.pid}`;
  try {
    if (readFileSync(`${task}/wchan`, "utf8") === "wait_for_partner") return true;
    return readdirSync(`${task}/fd`).some((fd) => readlinkSync(`${task}/fd/${fd}`) === path);
  } catch {
    // It has no such descriptor any more.
    return false;
  }
}

/** Sends the signal, and says how it ended; it must be soon. `ready` is when it could have been sent first. */
async function ended(running: Started, signal: Signal, ready = performance.now()) {
  const sent = performance.now();
  running.child.kill(signal);
  const { code, signal: by, stdout, stderr, timedOut } = await running.finished;
  const late = performance.now() - sent > signalLimit(ready - running.began);
  expect({ timedOut, late }).toEqual({ timedOut: false, late: false });
  return { code: code ?? 128 + NUMBERS[by as Signal], stdout, stderr };
}

const keys = () => ({ AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "secret" });
const s3 = (url: string) => ["--endpoint-url", url, "--region", "us-east-1"];
/** By verb, with the URL of a server that is S3 to it. */
const VERBS: Readonly<Record<string, (url: string) => string[]>> = {
  verify: () => ["verify"],
  export: () => ["export"],
  exec: () => ["exec", "--", "echo", "ran"],
  cp: (url) => ["cp", "s3://b/k", folder.at("k"), ...s3(url)],
  sync: (url) => ["sync", "s3://b", folder.at("tree"), ...s3(url)],
  ls: (url) => ["ls", "s3://b", ...s3(url)],
  "cache-key": (url) => ["cache-key", "s3://b/k", ...s3(url)],
  doctor: () => ["doctor"],
};
const S3_VERBS = ["cp", "sync", "ls", "cache-key"];
const printedBy = (verb: string) => (verb === "export" ? "false\n" : "");

describe.concurrent.each(Object.keys(NUMBERS) as Signal[])("%s ends every verb", (signal) => {
  it.each(Object.keys(VERBS))("%s that waits for the endpoint", async (verb) => {
    using silent = await silentServer();
    const running = start(VERBS[verb]?.(silent.url) ?? [], { env: { [FULL_URI]: `${silent.url}/x` } });
    await until(() => silent.asked > 0, running.child);
    expect(await ended(running, signal)).toMatchObject({
      code: 128 + NUMBERS[signal],
      stdout: printedBy(verb),
    });
  });

  it.each(S3_VERBS)("%s that waits for S3", async (verb) => {
    using silent = await silentServer();
    const running = start(VERBS[verb]?.(silent.url) ?? [], { env: keys() });
    await until(() => silent.asked > 0, running.child);
    expect(await ended(running, signal)).toMatchObject({ code: 128 + NUMBERS[signal], stdout: "" });
  });
});

describe.concurrent("SIGTERM ends", () => {
  it.each(Object.keys(VERBS))("%s between two tries", async (verb) => {
    using silent = await silentServer("HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\n\r\n");
    const running = start(VERBS[verb]?.(silent.url) ?? [], { env: { [FULL_URI]: `${silent.url}/x` } });
    await until(() => silent.asked > 1, running.child);
    expect(await ended(running, "SIGTERM", silent.first)).toMatchObject({
      code: 143,
      stdout: printedBy(verb),
    });
  });

  it.each(Object.keys(VERBS))("%s that waits for a credentials file", async (verb) => {
    using silent = await silentServer();
    const path = fifo();
    const [name = "", ...rest] = VERBS[verb]?.(silent.url) ?? [];
    const running = start([name, "--credentials-file", path, ...rest]);
    await until(() => isAt(running, path), running.child);
    expect(await ended(running, "SIGTERM")).toMatchObject({ code: 143, stdout: printedBy(verb) });
  });

  it.each([
    [(path: string) => ["--ca-bundle", path], /^download failed: .* The CA bundle .* cannot be read: /],
    [(path: string) => ["--sse-c", "--sse-c-key", `fileb://${path}`], /^fetch-creds: --sse-c-key: /],
  ])("cp that waits for the fifo of an option (%#)", async (options, gaveUp) => {
    using silent = await silentServer();
    const path = fifo();
    const url = silent.url.replace("http:", "https:");
    const args = ["cp", "s3://b/k", folder.at("k"), "--no-progress", "--endpoint-url", url];
    const running = start([...args, ...options(path)], { env: keys() });
    // It waits for a second only, which a busy machine may let pass.
    await until(() => isAt(running, path) || running.child.exitCode !== null);
    // It may have given up by itself before.
    const { code, stderr } = await ended(running, "SIGTERM");
    expect(code).not.toBe(0);
    if (code !== 143) expect(stderr).toMatch(gaveUp);
  });

  it("verify --sts that waits for STS", async () => {
    using silent = await silentServer();
    const file = folder.at("keys");
    writeFileSync(file, "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n");
    const running = start(["verify", "--sts", "--credentials-file", file, "--endpoint-url-sts", silent.url]);
    await until(() => silent.asked > 0, running.child);
    expect(await ended(running, "SIGTERM")).toMatchObject({ code: 143, stdout: "" });
  });

  it("export --output, and leaves no file", async () => {
    using silent = await silentServer();
    const output = folder.at("never");
    const running = start(["export", "--output", output], { env: { [FULL_URI]: `${silent.url}/x` } });
    await until(() => silent.asked > 0, running.child);
    expect(await ended(running, "SIGTERM")).toMatchObject({ code: 143, stdout: "" });
    expect(existsSync(output)).toBe(false);
  });

  it.each([
    ["env", "false\n"],
    ["fish", "false\n"],
    ["powershell", "throw 'fetch-creds: no credentials'\n"],
    ["process", ""],
  ])("export --format %s, which prints %j", async (format, expected) => {
    using silent = await silentServer();
    const running = start(["export", "--format", format], { env: { [FULL_URI]: `${silent.url}/x` } });
    await until(() => silent.asked > 0, running.child);
    expect(await ended(running, "SIGTERM")).toEqual({ code: 143, stdout: expected, stderr: "" });
  });

  it("ls whose reader does not read", async () => {
    const path = folder.at("no-reader");
    execFileSync("mkfifo", [path]);
    // Open for both, so that somebody is there who never reads.
    const kept = openSync(path, "r+");
    const line = `exec "$NODE" "$FILE" ls s3://b --endpoint-url "$URL" > "${path}"`;
    const key = `<Contents><Key>${"k".repeat(900)}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`;
    const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${key.repeat(1000)}</ListBucketResult>`;
    using silent = await silentServer(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const began = performance.now();
    const child = spawn("sh", ["-c", line], {
      env: {
        ...keys(),
        AWS_REGION: "us-east-1",
        NODE,
        FILE: BUILT_FILE,
        URL: silent.url,
      },
    });
    const over = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    // A pipe holds 64 KiB.
    const written = () => readFileSync(`/proc/${child.pid}/io`, "utf8").match(/^wchar: (\d{5,})/m);
    await until(() => written() !== null, child);
    const full = performance.now();
    child.kill("SIGTERM");
    expect(await over).toBe(143);
    expect(performance.now() - full).toBeLessThan(signalLimit(full - began));
    closeSync(kept);
  });
});

/** Sends this process a signal between the moment at which the file is written and that at which it has its name. */
const BEFORE_THE_RENAME = `
const fs = require("node:fs");
const { renameSync } = fs;
fs.renameSync = (...paths) => {
  fs.writeSync(2, "about to rename\\n");
  process.kill(process.pid, process.env.SIGNAL);
  renameSync(...paths);
};
`;

describe.concurrent.each(RARE_SIGNALS)("%s ends", (signal, number) => {
  it.each(["verify", "export"])("%s as SIGTERM does", async (verb) => {
    using silent = await silentServer();
    const running = start([verb], { env: { [FULL_URI]: `${silent.url}/x` } });
    await until(() => silent.asked > 0, running.child);
    running.child.kill(signal);
    const { code, stdout, timedOut } = await running.finished;
    expect({ code, stdout, timedOut }).toEqual({
      code: 128 + number,
      stdout: printedBy(verb),
      timedOut: false,
    });
  });

  it("an evaluation of export, so that nothing behind it runs", async () => {
    using silent = await silentServer();
    const line = 'out=$("$NODE" "$FILE" export & echo $! > "$PID"; wait $!); eval "$out" && echo went on';
    const [pid, env] = [folder.at(`pid-${signal}`), { PATH: process.env.PATH }];
    const sh = spawn("sh", ["-c", line], {
      env: { ...env, NODE, FILE: BUILT_FILE, PID: pid, [FULL_URI]: `${silent.url}/x` },
    });
    const over = outcomeOf(sh);
    const told = () => (existsSync(pid) ? readFileSync(pid, "utf8") : "");
    await until(() => silent.asked > 0 && told().endsWith("\n"), sh);
    process.kill(Number(told()), signal);
    expect((await over).stdout).toBe("");
  });

  it("export --output, and leaves nothing half-made", async () => {
    const [keysFile, hook, place] = [`keys-${signal}`, `hook-${signal}.cjs`, folder.at(`place-${signal}`)];
    writeFileSync(
      folder.at(keysFile),
      "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n",
    );
    writeFileSync(folder.at(hook), BEFORE_THE_RENAME);
    mkdirSync(place);
    const args = ["export", "--credentials-file", folder.at(keysFile), "--output", `${place}/keys`];
    const { code, stdout, stderr } = await runBuilt(args, {
      env: { SIGNAL: signal },
      nodeOptions: ["--require", folder.at(hook)],
    });
    expect({ code, stdout, stderr }).toEqual({ code: 128 + number, stdout: "", stderr: "about to rename\n" });
    expect(readdirSync(place)).toEqual(["keys"]);
  });
});

describe("a signal that Node was told to use", () => {
  it.each([
    ["SIGUSR2", ["--report-on-signal", "--report-signal=SIGUSR2", "--report-directory=."]],
    ["SIGPROF", ["--cpu-prof", "--cpu-prof-dir=."]],
  ])("%s ends nothing: %j", async (_signal, nodeOptions) => {
    const cwd = folder.at(`used-${++count}`);
    mkdirSync(cwd);
    const hook = `${cwd}/hook.cjs`;
    // The profiler sends PROF by itself, a thousand times a second.
    writeFileSync(
      hook,
      'if (process.execArgv.includes("--report-on-signal")) process.nextTick(() => process.kill(process.pid, "SIGUSR2"));\n',
    );
    const file = folder.at("used-keys");
    writeFileSync(file, "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n");
    const { code, stdout } = await runBuilt(["verify", "--json", "--credentials-file", file], {
      cwd,
      nodeOptions: [...nodeOptions, "--require", hook],
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ available: true });
    if (nodeOptions[0] === "--cpu-prof") {
      const [profile = ""] = readdirSync(cwd).filter((name) => name.endsWith(".cpuprofile"));
      expect(JSON.parse(readFileSync(`${cwd}/${profile}`, "utf8")).samples.length).toBeGreaterThan(0);
    }
  });
});

const mayUnshare = spawnSync("unshare", ["-rnmfp", "true"]).status === 0;

describe.skipIf(!mayUnshare)("SIGTERM ends, in namespaces of its own,", () => {
  it.each(["verify", "export"])("%s as process 1, which the kernel spares", async (verb) => {
    using silent = await silentServer();
    const args = ["-rfp", "--kill-child", NODE, BUILT_FILE, verb, "--uri", `${silent.url}/x`];
    const unshare = spawn("unshare", args, { env: { PATH: process.env.PATH } });
    let stdout = "";
    unshare.stdout.on("data", (data) => {
      stdout += data;
    });
    const over = new Promise<number | null>((resolve) => unshare.once("close", (code) => resolve(code)));
    await until(() => silent.asked > 0, unshare);
    const [first = ""] = readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, "utf8").split(" ");
    process.kill(Number(first), "SIGTERM");
    expect({ code: await over, stdout }).toEqual({ code: 143, stdout: printedBy(verb) });
  });

  it.each([
    [["export", "--uri", "https://stuck.example/x"], "false\n"],
    [["verify", "--uri", "https://stuck.example/x"], ""],
    [["ls", "s3://b", "--endpoint-url", "http://stuck.example", "--region", "us-east-1"], ""],
  ])("%j while the name server is silent", async (args, stdout) => {
    const names = folder.at("resolv.conf");
    writeFileSync(names, "nameserver 127.0.0.1\noptions timeout:30\n");
    const driver = resolve("test/support/silent-name-server.cjs");
    const { stdout: told } = await promisify(execFile)(
      "unshare",
      ["-rnm", NODE, driver, names, NODE, BUILT_FILE, ...args],
      { env: { PATH: process.env.PATH, ...keys() } },
    );
    const { ms, startMs, ...end } = JSON.parse(told);
    // A thread that waits for the name would keep the process: the signal itself ends it then.
    expect(end).toEqual({ code: expect.toBeOneOf([143, "SIGTERM"]), stdout });
    expect(ms).toBeLessThan(signalLimit(startMs));
  });
});

describe("the running file", () => {
  it("is read once: what stands in its place later is never run", async () => {
    const file = folder.at("fetch-creds.js");
    copyFileSync(BUILT_FILE, file);
    const other = 'console.log("the other file"); process.exit(0);\n'.repeat(100);
    const endpoint = await startCredentialEndpoint({
      instead: () => {
        writeFileSync(file, other);
        return undefined;
      },
    });
    // What STS needs, and the words of a failure, are compiled after the response has come.
    const sts = await startS3Server({ tls: true });
    const args = ["verify", "--sts", "--endpoint-url-sts", sts.url, "--uri", endpoint.uri];
    const { code, stdout, stderr } = await outcomeOf(
      spawn(NODE, [file, ...args], { env: { PATH: process.env.PATH } }),
    );
    await Promise.all([endpoint.close(), sts.close()]);
    expect(readFileSync(file, "utf8")).toBe(other);
    expect({ code, stdout, stderr }).toEqual({
      code: 255,
      stdout: "",
      stderr: expect.stringMatching(/^fetch-creds: GetCallerIdentity.*failed: DEPTH_ZERO_SELF_SIGNED_CERT\n/),
    });
  });
});
