import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { type RunningBuilt, startBuilt } from "../support/run-built.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
type Signal = keyof typeof NUMBERS;

/** The contract says two seconds; a busy machine is given some more. */
const LIMIT_MS = 4000;

/** A server that takes connections and requests, and never says a word, or only the given ones. */
let silent: Server;
let url: string;
let asked = 0;
let reply = "";
let folder: TemporaryFolder;
let count = 0;

beforeAll(async () => {
  folder = temporaryFolder();
  silent = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      asked++;
      if (reply !== "") socket.end(reply);
    });
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  silent.close();
  folder.remove();
});
afterEach(() => {
  asked = 0;
  reply = "";
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
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

/** Sends the signal, and says how it ended and after how many ms. */
async function ended(running: RunningBuilt, signal: Signal) {
  const start = Date.now();
  running.child.kill(signal);
  const { code, signal: by, stdout, stderr, timedOut } = await running.finished;
  expect({ timedOut, late: Date.now() - start > LIMIT_MS }).toEqual({ timedOut: false, late: false });
  return { code: code ?? 128 + NUMBERS[by as Signal], stdout, stderr };
}

const keys = () => ({ AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "secret" });
const s3 = () => ["--endpoint-url", url, "--region", "us-east-1"];
const VERBS: Readonly<Record<string, () => string[]>> = {
  verify: () => ["verify"],
  export: () => ["export"],
  exec: () => ["exec", "--", "echo", "ran"],
  cp: () => ["cp", "s3://b/k", folder.at("k"), ...s3()],
  sync: () => ["sync", "s3://b", folder.at("tree"), ...s3()],
  ls: () => ["ls", "s3://b", ...s3()],
  "cache-key": () => ["cache-key", "s3://b/k", ...s3()],
  doctor: () => ["doctor"],
};
const S3_VERBS = ["cp", "sync", "ls", "cache-key"];
const printedBy = (verb: string) => (verb === "export" ? "false\n" : "");

describe.each(Object.keys(NUMBERS) as Signal[])("%s ends every verb", (signal) => {
  it.each(Object.keys(VERBS))("%s that waits for the endpoint", async (verb) => {
    const running = startBuilt(VERBS[verb]?.() ?? [], { env: { [FULL_URI]: `${url}/x` } });
    await until(() => asked === 1);
    expect(await ended(running, signal)).toMatchObject({
      code: 128 + NUMBERS[signal],
      stdout: printedBy(verb),
    });
  });

  it.each(S3_VERBS)("%s that waits for S3", async (verb) => {
    const running = startBuilt(VERBS[verb]?.() ?? [], { env: keys() });
    await until(() => asked === 1);
    expect(await ended(running, signal)).toMatchObject({ code: 128 + NUMBERS[signal], stdout: "" });
  });
});

describe("SIGTERM ends", () => {
  it.each(Object.keys(VERBS))("%s between two tries", async (verb) => {
    reply = "HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\n\r\n";
    const running = startBuilt(VERBS[verb]?.() ?? [], { env: { [FULL_URI]: `${url}/x` } });
    await until(() => asked === 3);
    expect(await ended(running, "SIGTERM")).toMatchObject({ code: 143, stdout: printedBy(verb) });
  });

  it.each(Object.keys(VERBS))("%s that waits for a credentials file", async (verb) => {
    const path = fifo();
    const [name = "", ...rest] = VERBS[verb]?.() ?? [];
    const running = startBuilt([name, "--credentials-file", path, ...rest]);
    await until(() => isAt(running, path));
    expect(await ended(running, "SIGTERM")).toMatchObject({ code: 143, stdout: printedBy(verb) });
  });

  it.each([
    [(path: string) => ["--ca-bundle", path]],
    [(path: string) => ["--sse-c", "--sse-c-key", `fileb://${path}`]],
  ])("cp that waits for the fifo of an option (%#)", async (options) => {
    const path = fifo();
    const args = ["cp", "s3://b/k", folder.at("k"), "--endpoint-url", url.replace("http:", "https:")];
    const running = startBuilt([...args, ...options(path)], { env: keys() });
    await until(() => isAt(running, path));
    // It may have given up by itself before.
    expect((await ended(running, "SIGTERM")).code).not.toBe(0);
  });

  it("verify --sts that waits for STS", async () => {
    const file = folder.at("keys");
    writeFileSync(file, "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n");
    const running = startBuilt(["verify", "--sts", "--credentials-file", file, "--endpoint-url-sts", url]);
    await until(() => asked === 1);
    expect(await ended(running, "SIGTERM")).toMatchObject({ code: 143, stdout: "" });
  });

  it("export --output, and leaves no file", async () => {
    const output = folder.at("never");
    const running = startBuilt(["export", "--output", output], { env: { [FULL_URI]: `${url}/x` } });
    await until(() => asked === 1);
    expect(await ended(running, "SIGTERM")).toMatchObject({ code: 143, stdout: "" });
    expect(existsSync(output)).toBe(false);
  });

  it.each([
    ["env", "false\n"],
    ["fish", "false\n"],
    ["powershell", "throw 'fetch-creds: no credentials'\n"],
    ["process", ""],
  ])("export --format %s, which prints %j", async (format, expected) => {
    const running = startBuilt(["export", "--format", format], { env: { [FULL_URI]: `${url}/x` } });
    await until(() => asked === 1);
    expect(await ended(running, "SIGTERM")).toEqual({ code: 143, stdout: expected, stderr: "" });
  });

  it("ls whose reader does not read", async () => {
    const path = folder.at("no-reader");
    execFileSync("mkfifo", [path]);
    // Open for both, so that somebody is there who never reads.
    openSync(path, "r+");
    const line = `exec "$NODE" "$FILE" ls s3://b --endpoint-url "$URL" > "${path}"`;
    const key = `<Contents><Key>${"k".repeat(900)}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`;
    const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${key.repeat(1000)}</ListBucketResult>`;
    reply = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const child = spawn("sh", ["-c", line], {
      env: {
        ...keys(),
        AWS_REGION: "us-east-1",
        NODE,
        FILE: BUILT_FILE,
        URL: url,
      },
    });
    const over = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    // A pipe holds 64 KiB.
    await until(() => readFileSync(`/proc/${child.pid}/io`, "utf8").match(/^wchar: (\d{5,})/m) !== null);
    const start = Date.now();
    child.kill("SIGTERM");
    expect(await over).toBe(143);
    expect(Date.now() - start).toBeLessThan(LIMIT_MS);
  });
});

const mayUnshare = spawnSync("unshare", ["-rnmfp", "true"]).status === 0;

describe.skipIf(!mayUnshare)("SIGTERM ends, in namespaces of its own,", () => {
  it.each(["verify", "export"])("%s as process 1, which the kernel spares", async (verb) => {
    const args = ["-rfp", "--kill-child", NODE, BUILT_FILE, verb, "--uri", `${url}/x`];
    const unshare = spawn("unshare", args, { env: { PATH: process.env.PATH } });
    let stdout = "";
    unshare.stdout.on("data", (data) => {
      stdout += data;
    });
    const over = new Promise<number | null>((resolve) => unshare.once("close", (code) => resolve(code)));
    await until(() => asked === 1);
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
    const { ms, ...end } = JSON.parse(told);
    // A thread that waits for the name would keep the process: the signal itself ends it then.
    expect(end).toEqual({ code: expect.toBeOneOf([143, "SIGTERM"]), stdout });
    expect(ms).toBeLessThan(LIMIT_MS);
  });
});

describe("the running file", () => {
  it("is read once: what stands in its place later is never run", async () => {
    const file = folder.at("fetch-creds.js");
    copyFileSync(BUILT_FILE, file);
    // What STS needs, and the words of a failure, are compiled after the answer has come.
    const args = ["verify", "--sts", "--endpoint-url-sts", "http://127.0.0.1:1", "--uri", `${url}/x`];
    const child = spawn(NODE, [file, ...args], { env: { PATH: process.env.PATH } });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        said += data;
      });
    }
    const answer = JSON.stringify({
      AccessKeyId: "ASIAEXAMPLE",
      SecretAccessKey: "secret",
      Token: "token",
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const over = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    reply = "";
    const held = new Promise<void>((resolve) => {
      silent.once("connection", (socket) => {
        socket.once("data", () => {
          writeFileSync(file, 'console.log("the other file"); process.exit(0);\n'.repeat(100));
          socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`);
          resolve();
        });
      });
    });
    await held;
    expect({ code: await over, said }).toEqual({
      code: 255,
      said: expect.stringMatching(/^fetch-creds: GetCallerIdentity.*failed: ECONNREFUSED\n/),
    });
    expect(said).not.toContain("the other file");
  });
});
