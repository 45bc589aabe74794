import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { CAN_CHOWN, giveAway, NEEDS_ROOT } from "../support/other-user.js";
import { type RunOptions, runBuilt } from "../support/run-built.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

let endpoint: CredentialEndpoint;
beforeAll(async () => {
  endpoint = await startCredentialEndpoint();
});
afterAll(() => endpoint.close());

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
const HAS_SCRIPT = spawnSync("script", ["--version"]).status === 0;

const KEYS = /export AWS_SECRET_ACCESS_KEY=/;

function exportTo(output: string, options: RunOptions = {}) {
  return runBuilt(["export", "--uri", endpoint.uri, "--output", output], options);
}

/** A folder such as /tmp: everybody writes into it, and removes what is his alone. */
function sticky(): TemporaryFolder {
  const folder = temporaryFolder();
  chmodSync(folder.path, 0o1777);
  return folder;
}

async function expectRefused(output: string, message: RegExp, options: RunOptions = {}): Promise<void> {
  const { code, stdout, stderr, timedOut } = await exportTo(output, options);
  expect({ code, stdout, timedOut }).toEqual({ code: 255, stdout: "", timedOut: false });
  expect(stderr.split("\n").filter((line) => line !== "" && !line.startsWith("  "))).toEqual([
    expect.stringMatching(message),
  ]);
}

describe("export --output", () => {
  it.skipIf(!CAN_CHOWN)(`refuses another user's fifo, which nobody has to read${NEEDS_ROOT}`, async () => {
    using folder = sticky();
    execFileSync("mkfifo", ["-m", "666", folder.at("keys")]);
    giveAway(folder.at("keys"));
    await expectRefused(folder.at("keys"), /refusing to write secrets/);
    const reader = openSync(folder.at("keys"), constants.O_RDONLY | constants.O_NONBLOCK);
    await expectRefused(folder.at("keys"), /refusing to write secrets/);
    expect(readSync(reader, Buffer.alloc(10))).toBe(0);
    closeSync(reader);
  });

  it.skipIf(!CAN_CHOWN)(`refuses another user's file, and leaves it as it is${NEEDS_ROOT}`, async () => {
    using folder = sticky();
    writeFileSync(folder.at("keys"), "his", { mode: 0o666 });
    giveAway(folder.at("keys"));
    await expectRefused(folder.at("keys"), /refusing to write secrets .* file of another user/);
    expect(readFileSync(folder.at("keys"), "utf8")).toBe("his");
    expect(readdirSync(folder.path)).toEqual(["keys"]);
    writeFileSync(folder.at("ours"), "old");
    expect((await exportTo(folder.at("ours"))).code).toBe(0);
  });

  it.skipIf(!CAN_CHOWN)(`refuses another user's device, a second /dev/null too${NEEDS_ROOT}`, async () => {
    using folder = sticky();
    execFileSync("mknod", [folder.at("null"), "c", "1", "3"]);
    expect((await exportTo(folder.at("null"))).code).toBe(0);
    giveAway(folder.at("null"));
    await expectRefused(folder.at("null"), /device of another user/);
  });

  it("refuses a fifo and a device of our own: neither is a file that only its owner reads", async () => {
    using folder = temporaryFolder();
    execFileSync("mkfifo", [folder.at("fifo")]);
    symlinkSync("fifo", folder.at("link"));
    await expectRefused(folder.at("fifo"), /not a regular file/);
    await expectRefused(folder.at("link"), /not a regular file/);
    await expectRefused("/dev/zero", /not a regular file/);
  });

  it.skipIf(!CAN_CHOWN)(`refuses another user's link at every part of the path${NEEDS_ROOT}`, async () => {
    using folder = sticky();
    mkdirSync(folder.at("private", "in"), { recursive: true, mode: 0o700 });
    writeFileSync(folder.at("private", "keys.json"), "untouched");
    symlinkSync(folder.at("private", "in"), folder.at("work"));
    giveAway(folder.at("work"));
    symlinkSync("work", folder.at("ours"));
    for (const path of ["work/keys.json", "work/../keys.json", "ours/../keys.json", "work"])
      await expectRefused(`${folder.path}/${path}`, /symbolic link of another user/);
    await expectRefused("work/../keys.json", /symbolic link of another user/, { cwd: folder.path });
    expect(readFileSync(folder.at("private", "keys.json"), "utf8")).toBe("untouched");
    expect(readdirSync(folder.at("private", "in"))).toEqual([]);
    expect((await exportTo("private/../keys.json", { cwd: folder.path })).code).toBe(0);
    expect(readFileSync(folder.at("keys.json"), "utf8")).toMatch(KEYS);
  });

  it("goes through links of our own, and reads `..` behind them as the system does", async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("far", "in"), { recursive: true });
    symlinkSync("far/in", folder.at("link"));
    expect((await exportTo(`${folder.path}/link/../keys`)).code).toBe(0);
    expect(readdirSync(folder.at("far")).sort()).toEqual(["in", "keys"]);
  });

  it("writes into the folder that it opened when a link takes its place", async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("work"));
    mkdirSync(folder.at("private"));
    writeFileSync(folder.at("private", "keys"), "untouched");
    const shim = folder.at("swap.cjs");
    writeFileSync(
      shim,
      `const fs = require("node:fs");
       const { fsyncSync } = fs;
       fs.fsyncSync = (fd) => {
         fs.renameSync(${JSON.stringify(folder.at("work"))}, ${JSON.stringify(folder.at("moved"))});
         fs.symlinkSync("private", ${JSON.stringify(folder.at("work"))});
         return fsyncSync(fd);
       };`,
    );
    const { code } = await exportTo(folder.at("work", "keys"), { nodeOptions: ["--require", shim] });
    expect(code).toBe(0);
    expect(readdirSync(folder.at("private"))).toEqual(["keys"]);
    expect(readFileSync(folder.at("private", "keys"), "utf8")).toBe("untouched");
    expect(readdirSync(folder.at("moved"))).toEqual(["keys"]);
    expect(readFileSync(folder.at("moved", "keys"), "utf8")).toMatch(KEYS);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("leaves nothing half-made when %s comes in the middle", async (signal, expected) => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("out"));
    const shim = folder.at("signal.cjs");
    writeFileSync(
      shim,
      `const fs = require("node:fs");
       const { fsyncSync } = fs;
       fs.fsyncSync = (fd) => {
         fs.writeFileSync(${JSON.stringify(folder.at("struck"))}, fs.readdirSync(${JSON.stringify(folder.at("out"))}).join());
         process.kill(process.pid, ${JSON.stringify(signal)});
         return fsyncSync(fd);
       };`,
    );
    const { code } = await exportTo(folder.at("out", "keys"), { nodeOptions: ["--require", shim] });
    expect(code).toBe(expected);
    expect(readFileSync(folder.at("struck"), "utf8")).toMatch(/^\.keys\..*\.fetch-creds$/);
    expect(readdirSync(folder.at("out"))).toEqual(["keys"]);
  });

  it("removes what it began when the disk fails", async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("out"));
    const shim = folder.at("full.cjs");
    writeFileSync(
      shim,
      `const fs = require("node:fs");
       fs.fsyncSync = () => { throw Object.assign(new Error("no"), { code: "ENOSPC", syscall: "fsync" }); };`,
    );
    await expectRefused(folder.at("out", "keys"), /the disk is full/, { nodeOptions: ["--require", shim] });
    expect(readdirSync(folder.at("out"))).toEqual([]);
  });

  it("takes another name when one that it tries is taken", async () => {
    using folder = temporaryFolder();
    const shim = folder.at("taken.cjs");
    const log = folder.at("log");
    writeFileSync(
      shim,
      `const fs = require("node:fs");
       const { openSync } = fs;
       let taken = 0;
       fs.openSync = (path, ...rest) => {
         if (String(path).endsWith(".fetch-creds") && ++taken <= 3) {
           fs.appendFileSync(${JSON.stringify(log)}, path + "\\n");
           throw Object.assign(new Error("taken"), { code: "EEXIST", syscall: "open" });
         }
         return openSync(path, ...rest);
       };`,
    );
    expect((await exportTo(folder.at("keys"), { nodeOptions: ["--require", shim] })).code).toBe(0);
    const tried = readFileSync(log, "utf8").trimEnd().split("\n");
    expect(new Set(tried).size).toBe(3);
  });

  it("never overwrites the file that runs, by whatever name", async () => {
    using folder = temporaryFolder();
    copyFileSync(BUILT_FILE, folder.at("fetch-creds.js"));
    const before = readFileSync(folder.at("fetch-creds.js"));
    linkSync(folder.at("fetch-creds.js"), folder.at("hard"));
    symlinkSync("fetch-creds.js", folder.at("soft"));
    for (const name of ["fetch-creds.js", "hard", "soft"]) {
      const { code, stderr } = await runCopy(folder, ["export", "--uri", endpoint.uri, "--output", name]);
      expect({ name, code }).toEqual({ name, code: 255 });
      expect(stderr).toMatch(/running fetch-creds\.js/);
    }
    expect(readFileSync(folder.at("fetch-creds.js")).equals(before)).toBe(true);
    expect((await runCopy(folder, ["export", "--uri", endpoint.uri, "--output", "other"])).code).toBe(0);
    expect(readFileSync(folder.at("other"), "utf8")).toMatch(KEYS);
  });

  it.each(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/stderr", "/dev/fd/2"])(
    "still writes to %s",
    async (path) => {
      const { code, stdout, stderr } = await exportTo(path);
      expect(code).toBe(0);
      expect(stdout + stderr).toMatch(KEYS);
    },
  );

  it("still writes to a link to /dev/stdout, and to /dev/null", async () => {
    using folder = temporaryFolder();
    symlinkSync("/dev/stdout", folder.at("out"));
    expect((await exportTo(folder.at("out"))).stdout).toMatch(KEYS);
    symlinkSync("/dev/null", folder.at("null"));
    for (const path of ["/dev/null", folder.at("null")]) expect((await exportTo(path)).code).toBe(0);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it.skipIf(!HAS_SCRIPT)("still writes to a terminal", async () => {
    const command = `${NODE} ${BUILT_FILE} export --uri ${endpoint.uri} --output`;
    for (const terminal of ["/dev/tty", "$(tty)"]) {
      const child = spawn("script", ["-qec", `${command} ${terminal}`, "/dev/null"]);
      let shown = "";
      child.stdout.on("data", (chunk) => {
        shown += chunk;
      });
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      expect({ terminal, code }).toEqual({ terminal, code: 0 });
      expect(shown).toMatch(KEYS);
    }
  });

  it("of an empty name, as of a variable that is not set, is a wrong command line", async () => {
    const { code, stdout, stderr } = await exportTo("");
    expect({ code, stdout }).toEqual({ code: 252, stdout: "false\n" });
    expect(stderr).toMatch(/^fetch-creds: --output needs a value \(export\)\n/);
  });

  it("refuses a socket", async () => {
    using folder = temporaryFolder();
    const server = createServer().listen(folder.at("socket"));
    await once(server, "listening");
    await expectRefused(folder.at("socket"), /refusing to write secrets to .*: it is not a regular file$/);
    server.close();
  });

  it.skipIf(process.platform !== "linux")("takes a pipe that it was given", async () => {
    const line = '{ "$0" "$1" export --uri "$2" --output /dev/fd/9; } 9>&1 >/dev/null | cat';
    const shell = spawn("sh", ["-c", line, NODE, BUILT_FILE, endpoint.uri]);
    expect(await text(shell.stdout)).toMatch(KEYS);
  });

  it.skipIf(process.platform !== "linux")("takes none of Node's own descriptors", async () => {
    const own = Array.from({ length: 15 }, (_, index) => index + 3);
    for (const number of own) {
      const { code, signal, stdout, stderr } = await exportTo(`/dev/fd/${number}`);
      expect({ code, signal, stdout }).toEqual({ code: 255, signal: null, stdout: "" });
      const line = `fetch-creds: cannot write /dev/fd/${number}: no stream of that number is open\n`;
      expect(stderr.startsWith(line), stderr).toBe(true);
    }
  });

  it("that ends in a slash names a folder", async () => {
    using folder = temporaryFolder();
    await expectRefused(`${folder.path}/`, /it is a folder/);
    await expectRefused(`${folder.at("nothing")}/`, /cannot write/);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

/** Runs a copy of the built file that lies in the folder. */
async function runCopy(folder: TemporaryFolder, args: readonly string[]) {
  const child = spawn(NODE, [folder.at("fetch-creds.js"), ...args], { cwd: folder.path });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stderr };
}
