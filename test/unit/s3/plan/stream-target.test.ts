import { execFileSync } from "node:child_process";
import {
  chownSync,
  closeSync,
  constants,
  lchownSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStreamTarget } from "../../../../src/s3/plan/stream-target.js";
import { openBelow } from "../../../support/open-below.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

/** A system that can be told what to say. */
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    lstatSync: vi.fn(fs.lstatSync),
    openSync: vi.fn(fs.openSync),
    statSync: vi.fn(fs.statSync),
  };
});

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

  it("to a block device", async () => {
    const path = fifo("fifo");
    const reading = reader(path);
    const device = { isFIFO: () => false, isBlockDevice: () => true };
    const look = vi.mocked(lstatSync).getMockImplementation() as typeof lstatSync;
    const asDevice = (name: string, options: object) => {
      const stats = look(name, options);
      return String(name).endsWith("/fifo") ? Object.assign(stats as Stats, device) : stats;
    };
    vi.mocked(lstatSync).mockImplementation(asDevice as never);
    const opened = await openStreamTarget(path, uid);
    vi.mocked(lstatSync).mockImplementation(look);
    expect(opened?.target.kind).toBe("stream");
    opened?.close();
    closeSync(reading);
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

  it.skipIf(!IS_ROOT)("but a user's own fifo is taken, whoever that is", async () => {
    const path = fifo("fifo");
    const reading = reader(path);
    chownSync(path, 4711, 4711);
    (await openStreamTarget(path, 4711))?.close();
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

  it("to another user's fifo that nobody reads, without waiting for a reader", async () => {
    const path = fifo("fifo");
    await expect(openStreamTarget(path, foreign(path))).rejects.toMatchObject({ id: "foreign-stream" });
  });

  it.each([
    ["but /dev/null itself", 0, 0, true],
    ["to what has only its number", 1, 0, false],
    ["to what is only on its device", 0, 1, false],
  ])("of another user's, %s", async (_what, dev, ino, isTaken) => {
    const path = fifo("fifo");
    const reading = reader(path);
    const ours = foreign(path);
    const { dev: its, ino: number } = lstatSync(path);
    const nobodys = { dev: its + dev, ino: number + ino } as Stats;
    vi.mocked(statSync).mockReturnValueOnce(nobodys).mockReturnValueOnce(nobodys);
    const opening = openStreamTarget(path, ours);
    if (isTaken) (await opening)?.close();
    else await expect(opening).rejects.toMatchObject({ id: "foreign-stream" });
    vi.mocked(statSync).mockReset();
    closeSync(reading);
  });

  it("where the system refuses to open a fifo", async () => {
    const path = fifo("fifo");
    const reading = reader(path);
    const open = vi.mocked(openSync).getMockImplementation();
    vi.mocked(openSync).mockImplementation((name, ...more) => {
      if (String(name).endsWith("/fifo")) throw Object.assign(new Error("EACCES"), { code: "EACCES" });
      return open?.(name, ...more) ?? -1;
    });
    await expect(openStreamTarget(path, uid)).rejects.toMatchObject({ code: "EACCES" });
    if (open !== undefined) vi.mocked(openSync).mockImplementation(open);
    closeSync(reading);
  });

  it("to a socket, which cannot be opened", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(folder.at("socket"), resolve));
    await expect(openStreamTarget(folder.at("socket"), uid)).rejects.toMatchObject({ code: "ENXIO" });
    await new Promise((resolve) => server.close(resolve));
  });
});
