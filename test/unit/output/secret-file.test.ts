import { execFileSync } from "node:child_process";
import {
  chownSync,
  closeSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { concealed } from "../../../src/output/concealed.js";
import { readOwnFile } from "../../../src/output/own-file.js";
import { updateSecretFile, writeSecretFile } from "../../../src/output/secret-file.js";
import { strayFault } from "../../../src/output/stray-secret.js";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.js";

/** Each test's own: a folder `out` and a file `victim`. */
let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(folder.at("out"));
  writeFileSync(folder.at("victim"), "untouched");
});
afterEach(() => folder.remove());

const uid = process.getuid?.() ?? 0;
const writer = { uid, random: Math.random, scriptPath: import.meta.filename };
/** Links of ours are foreign to this one, unless they are root's. */
const stranger = { ...writer, uid: 99_999 };

function plant(name: string, target: string): string {
  symlinkSync(target, folder.at(name));
  if (uid === 0) lchownSync(folder.at(name), 12_345, 12_345);
  return folder.at(name);
}

describe("writeSecretFile", () => {
  it("writes 0600, over an old file too, and leaves nothing beside it", () => {
    writeFileSync(folder.at("out", "keys"), "old", { mode: 0o644 });
    writeSecretFile(folder.at("out", "keys"), "new", writer);
    expect(readFileSync(folder.at("out", "keys"), "utf8")).toBe("new");
    expect(statSync(folder.at("out", "keys")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.at("out"))).toEqual(["keys"]);
  });

  it("refuses a link of another user, whatever it points to", () => {
    for (const target of [folder.at("victim"), folder.at("nowhere"), "/dev/null"]) {
      const link = plant(`planted-${target.length}`, target);
      expect(() => writeSecretFile(link, "secret", stranger)).toThrow(
        expect.objectContaining({ id: "planted-link", exitCode: 255 }),
      );
    }
    expect(readFileSync(folder.at("victim"), "utf8")).toBe("untouched");
  });

  it("refuses a folder that is such a link", () => {
    mkdirSync(folder.at("real"));
    const link = plant("way", folder.at("real"));
    expect(() => writeSecretFile(`${link}/keys`, "secret", stranger)).toThrow(
      expect.objectContaining({ id: "planted-link" }),
    );
    expect(readdirSync(folder.at("real"))).toEqual([]);
  });

  it.skipIf(uid !== 0)("goes through folders that are links of root, as /var/run is", () => {
    mkdirSync(folder.at("run"));
    symlinkSync("run", folder.at("var-run"));
    writeSecretFile(folder.at("var-run", "keys"), "secret", stranger);
    expect(readFileSync(folder.at("run", "keys"), "utf8")).toBe("secret");
  });

  it.skipIf(uid !== 0)("writes through a link of root to a device, and replaces one to a file", () => {
    writeFileSync(folder.at("old"), "old");
    for (const [name, target] of Object.entries({ null: "/dev/null", file: folder.at("old") })) {
      symlinkSync(target, folder.at(`link-${name}`));
      writeSecretFile(folder.at(`link-${name}`), "secret", stranger);
    }
    expect(lstatSync(folder.at("link-null")).isSymbolicLink()).toBe(true);
    expect(lstatSync(folder.at("link-file")).isFile()).toBe(true);
    expect(readFileSync(folder.at("old"), "utf8")).toBe("old");
  });

  it("replaces links of its own, to a file, to nothing, to no folder; what they lead to stays", () => {
    writeFileSync(folder.at("target"), "kept");
    for (const [name, target] of Object.entries({ file: "target", none: "nowhere", far: "no/such/way" })) {
      const link = folder.at(`own-${name}`);
      symlinkSync(target, link);
      writeSecretFile(link, name, writer);
      expect(lstatSync(link).isFile()).toBe(true);
      expect(readFileSync(link, "utf8")).toBe(name);
    }
    expect(readFileSync(folder.at("target"), "utf8")).toBe("kept");
    expect(readdirSync(folder.path)).not.toContain("nowhere");
  });

  it("writes to an open descriptor by its path and through a link of ours, and through nobody else's", () => {
    const fd = openSync(folder.at("stream"), "w");
    try {
      writeSecretFile(`/dev/fd/${fd}`, "one ", writer);
      symlinkSync(`/dev/fd/${fd}`, folder.at("own-stream"));
      writeSecretFile(folder.at("own-stream"), "two", writer);
      const planted = plant("planted-stream", `/dev/fd/${fd}`);
      expect(() => writeSecretFile(planted, "secret", stranger)).toThrow(
        expect.objectContaining({ id: "planted-link" }),
      );
    } finally {
      closeSync(fd);
    }
    expect(readFileSync(folder.at("stream"), "utf8")).toBe("one two");
    expect(lstatSync(folder.at("own-stream")).isSymbolicLink()).toBe(true);
    expect(() => writeSecretFile(`/dev/fd/${fd}`, "x", writer)).toThrow(
      expect.objectContaining({ id: "output-unwritable", message: expect.stringContaining("no stream") }),
    );
  });

  it("writes to no descriptor of Node's own: the one that its events come from", () => {
    const own = readdirSync("/proc/self/fd").find((fd) => {
      const stats = lstatSync(`/proc/self/fd/${fd}`, { throwIfNoEntry: false });
      return stats?.isSymbolicLink() && readlinkSync(`/proc/self/fd/${fd}`) === "anon_inode:[eventpoll]";
    });
    expect(() => writeSecretFile(`/dev/fd/${own}`, "x", writer)).toThrow(
      expect.objectContaining({ id: "output-unwritable", message: expect.stringContaining("no stream") }),
    );
  });

  it("writes to nothing that another user may read: his file, a fifo", () => {
    writeFileSync(folder.at("theirs"), "untouched");
    if (uid === 0) chownSync(folder.at("theirs"), 12_345, 12_345);
    const write =
      (name: string, as = writer) =>
      () =>
        writeSecretFile(folder.at(name), "secret", as);
    const refused = (what: string) =>
      expect.objectContaining({ id: "output-refused", message: expect.stringContaining(what) });
    expect(write("theirs", stranger)).toThrow(refused("a file of another user"));
    expect(readFileSync(folder.at("theirs"), "utf8")).toBe("untouched");
    execFileSync("mkfifo", [folder.at("pipe")]);
    symlinkSync("pipe", folder.at("to-pipe"));
    for (const name of ["pipe", "to-pipe"]) expect(write(name)).toThrow(refused("not a regular file"));
    // Where there are no users, and in the hands of the owner.
    writeSecretFile(folder.at("theirs"), "new", { ...writer, uid: uid === 0 ? 12_345 : uid });
    if (uid === 0) chownSync(folder.at("theirs"), 12_345, 12_345);
    writeSecretFile(folder.at("theirs"), "newer", { ...writer, uid: undefined });
    expect(readFileSync(folder.at("theirs"), "utf8")).toBe("newer");
  });

  it.skipIf(uid !== 0)("replaces a file of root's", () => {
    writeFileSync(folder.at("roots"), "old");
    writeSecretFile(folder.at("roots"), "new", stranger);
    expect(readFileSync(folder.at("roots"), "utf8")).toBe("new");
  });

  it("leaves the running script as it is, by whatever name", () => {
    const running = { ...writer, scriptPath: folder.at("script.js") };
    writeFileSync(running.scriptPath, "code");
    for (const path of [running.scriptPath, `${folder.path}/./script.js`])
      expect(() => writeSecretFile(path, "secret", running)).toThrow(
        expect.objectContaining({ id: "output-is-script" }),
      );
    writeSecretFile(folder.at("script.json"), "secret", running);
    expect(readFileSync(running.scriptPath, "utf8")).toBe("code");
  });

  const looped = (name: string) => {
    symlinkSync(name, folder.at(name));
    return folder.at(name);
  };
  const linked = (name: string, target: string) => {
    symlinkSync(target, folder.at(name));
    return folder.at(name);
  };
  it.each([
    ["the path of a folder, which is missing", () => `${folder.at("missing")}/`, "output-is-folder"],
    ["the root", () => "/", "output-is-folder"],
    ["a folder by its form", () => folder.at("out").concat("/.."), "output-is-folder"],
    ["a link to a folder", () => linked("to-folder", "."), "output-is-folder"],
    ["a link to the root", () => linked("to-root", "/"), "output-is-folder"],
    ["a link to itself", () => looped("loop"), "output-unwritable"],
    ["a link to below a file", () => linked("below", "victim/x"), "output-unwritable"],
    ["a folder", () => folder.path, "output-is-folder"],
    ["no folder to be in", () => folder.at("no", "such"), "output-unwritable"],
    ["a name too long", () => folder.at("x".repeat(300)), "output-unwritable"],
    ["a file as its folder", () => `${folder.at("victim")}/x`, "output-unwritable"],
  ])("%s", (_, path, id) => {
    expect(() => writeSecretFile(path(), "secret", writer)).toThrow(expect.objectContaining({ id }));
  });
});

describe("updateSecretFile", () => {
  /** What it gets to make the new file from. */
  function given(path: string, as = writer): string | undefined {
    let got: string | undefined;
    updateSecretFile(
      path,
      (text) => {
        got = text;
        return Buffer.from([0xff, 0x0a]);
      },
      as,
    );
    return got;
  }

  it("makes the file from its bytes, or from nothing where there is none", () => {
    expect(given(folder.at("made"))).toBeUndefined();
    expect(given(folder.at("made"))).toBe("\u00ff\n");
    expect(statSync(folder.at("made")).mode & 0o777).toBe(0o600);
    symlinkSync("made", folder.at("own-made"));
    expect(given(folder.at("own-made"))).toBe("\u00ff\n");
  });

  it("reads nothing of a stream that it writes to", () => {
    writeFileSync(folder.at("both"), "before");
    const fd = openSync(folder.at("both"), "a+");
    try {
      expect(given(`/dev/fd/${fd}`)).toBeUndefined();
    } finally {
      closeSync(fd);
    }
    expect(readFileSync(folder.at("both"), "latin1")).toBe("before\u00ff\n");
  });

  it.each([
    ["another user's link", () => plant("planted-update", "victim"), "planted-link"],
    ["a file as its folder", () => folder.at("victim", "x"), "output-unwritable"],
  ])("makes nothing of %s", (_, path, id) => {
    const make = vi.fn(() => "");
    expect(() => updateSecretFile(path(), make, stranger)).toThrow(
      expect.objectContaining({ id, exitCode: 255 }),
    );
    expect(make).not.toHaveBeenCalled();
  });

  it("passes on why nothing can be made", () => {
    const refusal = new Error("no");
    const make = () => {
      throw refusal;
    };
    expect(() => updateSecretFile(folder.at("made"), make, writer)).toThrow(refusal);
  });
});

describe("readOwnFile", () => {
  const MIB = 1024 * 1024;

  it.each([
    ["a file of a MiB", MIB, true],
    ["a larger one", MIB + 1, false],
  ])("%s is read: %s bytes: %s", (_, size, isRead) => {
    writeFileSync(folder.at("sized"), "x".repeat(size));
    expect(readOwnFile(folder.at("sized"), uid)?.length).toBe(isRead ? size : undefined);
  });

  it("of another user, a folder, a fifo, a socket, nothing: is none", async () => {
    writeFileSync(folder.at("his"), "his");
    if (uid === 0) chownSync(folder.at("his"), 12_345, 12_345);
    execFileSync("mkfifo", [folder.at("fifo")]);
    await using server = createServer();
    await new Promise<void>((resolve) => server.listen(folder.at("socket"), resolve));
    for (const name of ["his", "fifo", "socket", "nothing", "no/folder", "."])
      expect([name, readOwnFile(folder.at(name), 99_999)]).toEqual([name, undefined]);
    expect(readOwnFile(folder.at("his"), uid === 0 ? 12_345 : uid)).toBe("his");
    expect(readOwnFile(folder.at("his"), undefined)).toBe("his");
    expect(() => readOwnFile(folder.at("his", "x"), undefined)).toThrow(
      expect.objectContaining({ code: "ENOTDIR" }),
    );
  });
});

it.skipIf(uid !== 0)("readOwnFile reads root's files", () => {
  writeFileSync(folder.at("of-root"), "root's");
  expect(readOwnFile(folder.at("of-root"), 99_999)).toBe("root's");
});

it("neither writing nor refusing nor reading leaves a descriptor open", () => {
  const open = () => readdirSync("/proc/self/fd").length;
  writeFileSync(folder.at("kept"), "");
  symlinkSync("/dev/null", folder.at("kept-null"));
  symlinkSync("/dev/zero", folder.at("kept-zero"));
  const before = open();
  for (let time = 0; time < 5; time++) {
    writeSecretFile(folder.at("kept"), "x", writer);
    writeSecretFile(folder.at("kept-null"), "x", writer);
    expect(() => writeSecretFile(folder.path, "x", writer)).toThrow();
    expect(() => writeSecretFile(folder.at("kept-zero"), "x", writer)).toThrow();
    readOwnFile(folder.at("kept"), uid);
    readOwnFile(folder.path, uid);
  }
  // Each that stays open would do so five times.
  expect(open()).toBeLessThan(before + 5);
});

describe("what is given as a file's path and is the file's text or a secret", () => {
  const KEY = "wJalrXUtnFEMIkK7MDENGabPxRfiCYEXAMPLEKEY";
  it.each([
    ["a JSON Web Token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdHJheSJ9.c3RyYXktc2lnbmF0dXJl"],
    ["a header's value", "Bearer eyJhbGciOiJub25lIn0"],
    ["a secret access key", KEY],
    ["a session token", `${KEY}-_=${KEY.slice(0, 22)}`.slice(0, 64)],
    ["a text of several lines", "[default]\naws_secret_access_key = stray-line-of-text"],
    ["a line with its end", "stray-line-with-end\r"],
    ["JSON", ' {"AccessKeyId": "stray-json"}'],
    ["a section", "[stray-section]"],
    ["a name longer than any", `/a/${"n".repeat(256)}`],
    ["a name of more bytes than any", "\u00e9".repeat(128)],
  ])("%s is told, and shown no more", (_, path) => {
    expect(strayFault(path)).toMatch(/^it looks like the text of a file or a secret/);
    expect(concealed(`a ${path} b`)).toBe("a *** b");
    for (const part of path.split(/[\r\n]+/).filter(({ length }) => length >= 8))
      expect(concealed(`a ${part} b`)).toBe("a *** b");
  });

  it("is shown no part of, where a token is told by its parts", () => {
    strayFault("eyJhbGciOiJub25lIn1.eyJzdWIiOiJwYXJ0cyJ9.cGFydHMtc2lnbmF0dXJl");
    expect(concealed("of cGFydHMtc2lnbmF0dXJl")).toBe("of ***");
  });

  it.each([
    ["a path", "/run/secrets/aws-credentials"],
    ["a path with a name as a token begins", "/run/eyJhbGciOiJub25lIn0"],
    ["a name as long as any", `/${"n".repeat(255)}/${"\u00e9".repeat(127)}`],
    ["a long path", `/builds/MyGroup/my-project-2024/${"deep/".repeat(10)}file`],
    ["a digest", "0123456789abcdef0123456789abcdef01234567"],
    ["40 letters", KEY.replace(/\d/g, "x")],
    ["39 characters", KEY.slice(1)],
    ["41 characters", `${KEY}x`],
    ["63 characters", `${KEY}${KEY}`.slice(0, 63)],
  ])("%s is none", (_, path) => {
    expect(strayFault(path)).toBeUndefined();
  });
});
