import { execFileSync } from "node:child_process";
import {
  chownSync,
  closeSync,
  constants,
  lchownSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStreamTarget } from "../../../../src/s3/plan/stream-target.js";
import { openBelow } from "../../../support/open-below.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const uid = process.getuid?.() ?? 0;
const IS_ROOT = uid === 0;

function fifo(name: string): string {
  execFileSync("mkfifo", [folder.at(name)]);
  return folder.at(name);
}
const reader = (path: string) => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

describe("a download is written straight through", () => {
  it("to a fifo, by its name or a link's, and the fifo is closed after it", async () => {
    const path = fifo("fifo");
    symlinkSync("fifo", folder.at("link"));
    for (const name of [path, folder.at("link")]) {
      const reading = reader(path);
      const opened = await openStreamTarget(name, uid);
      const { target } = opened ?? {};
      if (target?.kind !== "stream") throw new Error("no stream");
      writeSync(target.fd, "1");
      opened?.close();
      expect(readFileSync(reading, "utf8")).toBe("1");
      closeSync(reading);
    }
    expect(openBelow(folder.path)).toEqual([]);
  });

  it("once somebody reads it: until then a signal can end the run", async () => {
    const path = fifo("fifo");
    let isOpen = false;
    const opening = openStreamTarget(path, uid).finally(() => {
      isOpen = true;
    });
    await turns();
    expect(isOpen).toBe(false);
    const reading = reader(path);
    (await opening)?.close();
    closeSync(reading);
    expect(openBelow(folder.path)).toEqual([]);
  });

  it.each([
    ["/dev/stdout", 1],
    ["/dev/stderr", 2],
    ["/dev/fd/1", 1],
    ["/proc/self/fd/2", 2],
  ])("%s is the descriptor that is open, and stays it", async (path, fd) => {
    const opened = await openStreamTarget(path, uid);
    expect(opened?.target).toEqual({ kind: "stream", fd });
    expect(opened?.close()).toBeUndefined();
    expect(readdirSync("/proc/self/fd")).toContain(`${fd}`);
  });

  it("but not to one of Node's own", async () => {
    const own = readdirSync("/proc/self/fd").find((fd) => {
      try {
        return Number(fd) > 2 && readlinkSync(`/proc/self/fd/${fd}`).startsWith("anon_inode:[eventpoll]");
      } catch {
        return false;
      }
    });
    await expect(openStreamTarget(`/dev/fd/${own}`, uid)).rejects.toMatchObject({ code: "EBADF" });
  });
});

describe("it is no stream that a download goes to", () => {
  it.each(["file", "link", "missing", "nowhere/missing"])("%s", async (name) => {
    writeFileSync(folder.at("file"), "1");
    symlinkSync("file", folder.at("link"));
    expect(await openStreamTarget(folder.at(name), uid)).toBeUndefined();
    expect(openBelow(folder.path)).toEqual([]);
  });

  it("what is below a file is a failure", async () => {
    writeFileSync(folder.at("file"), "1");
    await expect(openStreamTarget(folder.at("file", "x"), uid)).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});

describe("nothing is written", () => {
  /** Ours as another user sees it: root's are everybody's, so there it is given away. */
  function foreign(path: string, isLink = false): number {
    if (IS_ROOT) (isLink ? lchownSync : chownSync)(path, 4711, 4711);
    return IS_ROOT ? uid : uid + 1;
  }

  it("to another user's fifo", async () => {
    const path = fifo("fifo");
    const reading = reader(path);
    const ours = foreign(path);
    await expect(openStreamTarget(path, ours)).rejects.toMatchObject({ id: "foreign-stream" });
    // Where there are no users, nobody is another.
    (await openStreamTarget(path, undefined))?.close();
    closeSync(reading);
    expect(openBelow(folder.path)).toEqual([]);
  });

  it("through another user's link", async () => {
    fifo("fifo");
    symlinkSync("fifo", folder.at("link"));
    const ours = foreign(folder.at("link"), true);
    await expect(openStreamTarget(folder.at("link"), ours)).rejects.toMatchObject({ id: "foreign-link" });
    expect(openBelow(folder.path)).toEqual([]);
  });

  it("but root's fifo is taken by everybody, and /dev/null", async () => {
    if (IS_ROOT) {
      const path = fifo("fifo");
      const reading = reader(path);
      (await openStreamTarget(path, 4711))?.close();
      closeSync(reading);
    }
    const opened = await openStreamTarget("/dev/null", 4711);
    expect(opened?.target.kind).toBe("stream");
    opened?.close();
  });

  it("to a socket, which cannot be opened", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(folder.at("socket"), resolve));
    await expect(openStreamTarget(folder.at("socket"), uid)).rejects.toMatchObject({ code: "ENXIO" });
    await new Promise((resolve) => server.close(resolve));
  });
});
