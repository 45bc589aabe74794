import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeFileSync } from "node:fs";
import { Duplex, PassThrough } from "node:stream";
import { setTimeout, setImmediate as tick } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { wasClosed } from "../../../../src/paths/closed-stream.js";
import { openInlet, openOutlet } from "../../../../src/s3/local/stream-files.js";
import { openBelow } from "../../../support/open-below.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";
import { until } from "../../../support/until.js";

/** What somebody types; undefined: there is no terminal. */
let typed: PassThrough | undefined;
/** In place of the next socket. */
let nextSocket: (() => Duplex) | undefined;
const sockets: object[] = [];
const closed = new Set<number>();
/** What fstat(2) says each descriptor is; undefined: what it is. */
let kind: { isSocket(): boolean; isFIFO(): boolean } | undefined;

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, fstatSync: (fd: number) => kind ?? fs.fstatSync(fd) };
});
vi.mock("node:net", async (original) => {
  const net = await original<typeof import("node:net")>();
  return {
    ...net,
    Socket: class {
      constructor(options: object) {
        sockets.push(options);
        // biome-ignore lint/correctness/noConstructorReturn: a stream in place of a socket
        return nextSocket === undefined ? new net.Socket(options) : nextSocket();
      }
    },
  };
});
vi.mock("node:timers/promises", async (original) => {
  const timers = await original<typeof import("node:timers/promises")>();
  return { ...timers, setTimeout: vi.fn(timers.setTimeout) };
});
vi.mock("node:tty", () => ({
  isatty: () => typed !== undefined,
  ReadStream: class {
    constructor() {
      // biome-ignore lint/correctness/noConstructorReturn: a stream in place of a terminal's
      return typed as object;
    }
  },
}));
vi.mock("../../../../src/paths/closed-stream.js", () => ({
  wasClosed: vi.fn((fd: number) => closed.has(fd)),
}));

afterEach(() => {
  typed = undefined;
  nextSocket = undefined;
  kind = undefined;
  closed.clear();
  sockets.length = 0;
  vi.clearAllMocks();
});

const systemFault = (code: string) => Object.assign(new Error(code), { code, syscall: "write" });
const NEITHER = { isSocket: () => false, isFIFO: () => false };

/** Both ends of a fifo, of which neither waits. */
function fifo(folder: TemporaryFolder) {
  execFileSync("mkfifo", [folder.at("p")]);
  const [reader, writer] = [constants.O_RDONLY, constants.O_WRONLY].map((flags) =>
    openSync(folder.at("p"), flags | constants.O_NONBLOCK),
  ) as [number, number];
  return {
    reader,
    writer,
    close: () => {
      for (const fd of [reader, writer]) closeSync(fd);
    },
  };
}

describe("what is opened afresh", () => {
  it("is a pipe, until it is closed", async () => {
    using folder = temporaryFolder();
    const { reader, writer, close } = fifo(folder);
    for (const open of [() => openOutlet(writer), () => openInlet(reader)]) {
      const stream = open();
      expect(openBelow(folder.path)).toHaveLength(3);
      stream.close();
      await expect.poll(() => openBelow(folder.path)).toHaveLength(2);
    }
    close();
  });

  it("is no file", () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("f"), "");
    const fd = openSync(folder.at("f"), "r+");
    for (const stream of [openOutlet(fd), openInlet(fd)]) {
      expect(openBelow(folder.path)).toHaveLength(1);
      stream.close();
    }
    expect(sockets).toEqual([]);
    closeSync(fd);
  });

  it("is no socket, which is used as it is", () => {
    kind = { ...NEITHER, isSocket: () => true };
    nextSocket = () => new PassThrough();
    openOutlet(123).close();
    openInlet(124).close();
    // What a pipe of Linux holds is read at once.
    const buffer = expect.toSatisfy(({ length }: Buffer) => length === 64 * 1024);
    expect(sockets).toEqual([{ fd: 123 }, { fd: 124, onread: expect.objectContaining({ buffer }) }]);
  });
});

describe("a pipe that the event loop does not take", () => {
  const refuse = () => {
    throw systemFault("EMFILE");
  };

  it("is written by a thread, which looks for room now and then", async () => {
    using folder = temporaryFolder();
    const { reader, writer, close } = fifo(folder);
    nextSocket = refuse;
    const outlet = openOutlet(writer);
    expect(openBelow(folder.path)).toHaveLength(2);
    const sent = Buffer.from(Uint32Array.from({ length: 50_000 }, (_, index) => index).buffer);
    const writing = outlet.write(sent);
    // A pipe holds less.
    await until(() => vi.mocked(setTimeout).mock.calls.length > 0);
    expect(setTimeout).toHaveBeenLastCalledWith(20);
    const got: Buffer[] = [];
    for (let left = sent.length; left > 0; ) {
      await tick();
      const buffer = Buffer.alloc(left);
      try {
        const read = readSync(reader, buffer);
        got.push(buffer.subarray(0, read));
        left -= read;
      } catch (error) {
        expect(error).toMatchObject({ code: "EAGAIN" });
      }
    }
    await writing;
    expect(Buffer.concat(got).equals(sent)).toBe(true);
    close();
  });

  it("is read by a thread", async () => {
    using folder = temporaryFolder();
    const { reader, writer } = fifo(folder);
    nextSocket = refuse;
    const inlet = openInlet(reader);
    expect(openBelow(folder.path)).toHaveLength(2);
    closeSync(writer);
    expect(await inlet.fill(Buffer.alloc(3))).toBe(0);
    closeSync(reader);
  });
});

describe("a socket that fails", () => {
  /** What writing says, the first time and the second, where the socket fails so. */
  async function failures(code: string) {
    kind = { ...NEITHER, isSocket: () => true };
    nextSocket = () =>
      new Duplex({
        read: () => undefined,
        write: (_chunk, _encoding, done) => done(systemFault(code)),
      });
    const outlet = openOutlet(123);
    const write = () =>
      outlet.write(Buffer.from("x")).then(
        () => undefined,
        (error: unknown) => error,
      );
    return [await write(), await write()];
  }

  it.each([
    ["EPIPE", "output-closed"],
    ["ECONNRESET", "output-closed"],
    ["ENOSPC", "local-disk-full"],
    ["EIO", "local-failed"],
  ])("while it is written with %s says so, then and ever after: %s", async (code, id) => {
    const failure = expect.objectContaining({ id });
    expect(await failures(code)).toEqual([failure, failure]);
  });

  it("while it is read says what it is", async () => {
    kind = { ...NEITHER, isSocket: () => true };
    const socket = new PassThrough();
    nextSocket = () => socket;
    const filled = openInlet(123).fill(Buffer.alloc(3));
    socket.destroy(systemFault("EIO"));
    await expect(filled).rejects.toThrow("Cannot read the input: the disk reported an error");
  });
});

describe("a terminal", () => {
  it("is read as it is typed, and not beyond what is wanted", async () => {
    typed = new PassThrough();
    const inlet = openInlet(0);
    const buffer = Buffer.alloc(3, ".");
    const filled = inlet.fill(buffer);
    typed.write("ab");
    typed.write("cd");
    expect([await filled, buffer.toString()]).toEqual([3, "abc"]);
    expect(typed.isPaused()).toBe(true);
    const rest = inlet.fill(buffer);
    typed.end("e");
    expect([await rest, buffer.toString()]).toEqual([2, "dec"]);
    expect(sockets).toEqual([]);
    inlet.close();
    expect(typed.destroyed).toBe(true);
  });
});

describe("a standard stream that was closed", () => {
  const missing = expect.objectContaining({ id: "local-missing" });

  it("is a failure before anything is read or written", () => {
    for (const fd of [0, 1, 2]) closed.add(fd);
    expect(() => openOutlet(1)).toThrow(missing);
    expect(() => openInlet(0)).toThrow(missing);
  });

  it("is looked for where one is meant, and nowhere else", () => {
    kind = NEITHER;
    closed.add(2);
    for (const open of [() => openOutlet(1), () => openInlet(0)]) open().close();
    expect(vi.mocked(wasClosed).mock.calls).toEqual([[1], [0]]);
    for (const fd of [0, 1]) closed.add(fd);
    openOutlet(0).close();
    openInlet(1).close();
    openOutlet(3).close();
    openInlet(3).close();
    expect(wasClosed).toHaveBeenCalledTimes(2);
  });
});
