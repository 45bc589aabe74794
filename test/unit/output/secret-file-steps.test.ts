import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { isatty } from "node:tty";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeSecretFile } from "../../../src/output/secret-file.js";
import { OpenFolder } from "../../../src/paths/open-folder.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, renameSync, writeFileSync } = fs;
  const watched = { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, renameSync, writeFileSync };
  return {
    ...fs,
    ...Object.fromEntries(Object.entries(watched).map(([name, real]) => [name, vi.fn(real as () => void)])),
  };
});
vi.mock("node:tty", async (original) => ({
  ...(await original<typeof import("node:tty")>()),
  isatty: vi.fn(() => false),
}));

const folder = temporaryFolder();
afterAll(() => folder.remove());
beforeEach(() => {
  vi.clearAllMocks();
});
const uid = process.getuid?.() ?? 0;
const writer = { uid, random: Math.random, scriptPath: "" };
const systemError = (code: string) => Object.assign(new Error(code), { code });
const failure = (id: string) => expect.objectContaining({ id });

describe("a secret's file", () => {
  it("is made with mode 0600: who opens it before a byte is there must not read on", () => {
    const path = folder.at("keys");
    writeSecretFile(path, "secret", writer);
    const made = vi.mocked(openSync).mock.calls.filter(([, flags]) => Number(flags) & constants.O_CREAT);
    expect(made.map(([, flags, mode]) => [Number(flags) & constants.O_EXCL, mode])).toEqual([
      [constants.O_EXCL, 0o600],
    ]);
    expect(readFileSync(path, "utf8")).toBe("secret");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("has its mode before a byte, is on the disk and closed before it gets its name, in a folder that is still there", () => {
    const check = vi.spyOn(OpenFolder.prototype, "check");
    writeSecretFile(folder.at("ordered"), "secret", writer);
    const orderOf = ({ mock }: { mock: { invocationCallOrder: readonly number[] } }) =>
      mock.invocationCallOrder;
    const steps = [
      ...orderOf(check).map((at) => ["check", at] as const),
      ...vi
        .mocked(openSync)
        .mock.calls.flatMap(([, flags], index) =>
          Number(flags) & constants.O_CREAT
            ? [["open", orderOf(vi.mocked(openSync))[index] ?? 0] as const]
            : [],
        ),
      ...Object.entries({ fchmodSync, writeFileSync, fsyncSync, renameSync }).flatMap(([name, call]) =>
        orderOf(vi.mocked(call as () => void)).map((at) => [name.replace("Sync", ""), at] as const),
      ),
    ];
    check.mockRestore();
    const names = steps.sort(([, a], [, b]) => a - b).map(([name]) => name);
    expect(names.slice(names.indexOf("open") - 1)).toEqual([
      "check",
      "open",
      "check",
      "fchmod",
      "writeFile",
      "fsync",
      "check",
      "rename",
      "check",
    ]);
  });

  it("is written under a short name of its own, whatever the length of the one it gets", () => {
    const names: string[] = [];
    vi.mocked(renameSync).mockImplementationOnce((from) => {
      names.push(String(from).replace(/^.*\//, ""));
      throw systemError("EIO");
    });
    const random = () => Number.parseInt("abcdefghij", 36) / 36 ** 10;
    expect(() => writeSecretFile(folder.at("x".repeat(255)), "secret", { ...writer, random })).toThrow();
    const [, token = "", ...others] = /^\.x{50}\.([a-z0-9]+)\.fetch-creds$/.exec(names[0] ?? "") ?? [];
    expect([token, others]).toEqual([random().toString(36).slice(2, 12), []]);
  });

  it.each(["EIO", "EXDEV"])("whose rename fails (%s) leaves the old one, and no temporary one", (code) => {
    const path = folder.at("old");
    writeFileSync(path, "old");
    const before = readdirSync(folder.path);
    vi.mocked(renameSync).mockImplementationOnce((temporary) => {
      expect(readFileSync(temporary, "utf8")).toBe("secret");
      throw systemError(code);
    });
    expect(() => writeSecretFile(path, "secret", writer)).toThrow(failure("output-unwritable"));
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder.path)).toEqual(before);
  });

  const open = vi.mocked(openSync).getMockImplementation() as typeof openSync;
  const failingToCreate = (times: number, code: string) => {
    let failed = 0;
    vi.mocked(openSync).mockImplementation((path, flags, mode) => {
      if ((Number(flags) & constants.O_CREAT) !== 0 && failed++ < times) throw systemError(code);
      return open(path, flags, mode);
    });
    return () => failed;
  };

  it.each([
    [99, "EEXIST", 100, undefined],
    [100, "EEXIST", 100, "output-unwritable"],
    [1, "ENOSPC", 1, "output-unwritable"],
  ] as const)(
    "finds a free name after %i that are no good (%s), within %i tries",
    (times, code, tries, id) => {
      const failed = failingToCreate(times, code);
      const path = folder.at(`tries-${times}-${code}`);
      const write = () => writeSecretFile(path, "secret", writer);
      if (id === undefined) write();
      else expect(write).toThrow(failure(id));
      vi.mocked(openSync).mockImplementation(open);
      expect(failed()).toBe(tries);
      expect(readdirSync(folder.path).includes(`tries-${times}-${code}`)).toBe(id === undefined);
    },
  );
});

describe("a device", () => {
  const stat = vi.mocked(fstatSync).getMockImplementation() as typeof fstatSync;
  const rename = vi.mocked(renameSync).getMockImplementation() as typeof renameSync;
  // Root could replace the system's own, were a check to fail.
  beforeEach(() => {
    vi.mocked(renameSync).mockImplementation(() => {
      throw systemError("EPERM");
    });
  });
  afterEach(() => {
    vi.mocked(renameSync).mockImplementation(rename);
    vi.mocked(fstatSync).mockImplementation(stat);
  });
  /** What is opened belongs to another user, and differs in more. */
  const looking = (change: (stats: ReturnType<typeof statSync>) => object) =>
    vi.mocked(fstatSync).mockImplementation((fd) => {
      const stats = stat(fd);
      return (stats.isCharacterDevice() ? Object.assign(stats, change(stats)) : stats) as never;
    });
  const written = () =>
    vi
      .mocked(writeFileSync)
      .mock.calls.filter(([file]) => typeof file === "number")
      .map(([, content]) => content);

  it.each([
    ["/dev/null", undefined],
    ["/dev/zero", "output-refused"],
  ])("%s that is no terminal: %s", (path, id) => {
    if (id === undefined) writeSecretFile(path, "secret", writer);
    else expect(() => writeSecretFile(path, "secret", writer)).toThrow(failure(id));
    expect(written()).toEqual(id === undefined ? ["secret"] : []);
    expect(vi.mocked(closeSync)).toHaveBeenCalledTimes(vi.mocked(openSync).mock.calls.length);
  });

  it.each([
    ["a terminal of ours", true, () => ({ uid }), undefined],
    ["another user's terminal", true, () => ({ uid: 12_345 }), "a device of another user"],
    ["no terminal", false, () => ({ uid }), "not a regular file"],
  ] as const)("%s", (_, terminal, change, what) => {
    vi.mocked(isatty).mockReturnValueOnce(terminal);
    looking(change);
    const write = () => writeSecretFile("/dev/zero", "secret", { ...writer, uid: uid || 99_999 });
    if (what === undefined) write();
    else expect(write).toThrow(expect.objectContaining({ message: expect.stringContaining(what) }));
    expect(written()).toEqual(what === undefined ? ["secret"] : []);
  });

  it.each([
    ["/dev/null itself, whoever owns it", () => ({ uid: 12_345 }), true],
    [
      "another one of its kind that is not ours",
      ({ ino }: { ino: number }) => ({ uid: 12_345, ino: ino + 1 }),
      false,
    ],
    [
      "one on another device that is not ours",
      ({ dev }: { dev: number }) => ({ uid: 12_345, dev: dev + 1 }),
      false,
    ],
    ["another one that is ours", ({ ino }: { ino: number }) => ({ uid, ino: ino + 1 }), true],
    ["what is none any more when it is opened", () => ({ isCharacterDevice: () => false }), false],
  ])("%s is written to only if nobody else reads it", (_, change, accepted) => {
    looking(change as never);
    const write = () => writeSecretFile("/dev/null", "secret", writer);
    if (accepted) write();
    else expect(write).toThrow(failure("output-refused"));
    expect(written()).toEqual(accepted ? ["secret"] : []);
  });

  it("is written through a link of ours, which stays", () => {
    symlinkSync("/dev/null", folder.at("null"));
    writeSecretFile(folder.at("null"), "secret", writer);
    expect(written()).toEqual(["secret"]);
    expect(readdirSync(folder.path)).toContain("null");
    expect(vi.mocked(renameSync)).not.toHaveBeenCalled();
  });
});
