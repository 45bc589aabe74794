import {
  closeSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HeldPlace } from "../../../../src/s3/local/file-place.js";
import { TemporaryFile } from "../../../../src/s3/local/temporary-file.js";
import type { TemporaryNames } from "../../../../src/s3/local/temporary-names.js";
import { openBelow } from "../../../support/open-below.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** Gives these names in their order, the last one for ever. */
function naming(...given: string[]) {
  const counted = { asked: 0 };
  const beside = () => folder.at(given[Math.min(counted.asked++, given.length - 1)] ?? "");
  return { counted, names: { beside } as unknown as TemporaryNames };
}

/** A place whose folder is held, with what was called on it, in order. */
function held(more: Partial<HeldPlace> = {}) {
  const called: string[] = [];
  const place: HeldPlace = {
    path: folder.at("target"),
    checkFolder: () => void called.push("checkFolder"),
    checkTarget: () => void called.push("checkTarget"),
    release: () => void called.push("release"),
    ...more,
  };
  return { called, target: { path: "shown", hold: () => place } };
}

/** A file in the making with some bytes in it. */
function begun(target: ConstructorParameters<typeof TemporaryFile>[0] = { path: folder.at("target") }) {
  const file = new TemporaryFile(target, naming("temporary").names);
  file.content.write(Buffer.from("new"), 0);
  return file;
}
const systemFault = (code: string) => Object.assign(new Error(code), { code, syscall: "open" });

describe("a file in the making", () => {
  it("takes no name that somebody has taken, be it by a file or a link", () => {
    writeFileSync(folder.at("victim"), "theirs");
    writeFileSync(folder.at("taken"), "theirs");
    symlinkSync("victim", folder.at("planted"));
    symlinkSync("nowhere", folder.at("dangling"));
    const { names, counted } = naming("taken", "planted", "dangling", "free");
    const file = new TemporaryFile({ path: folder.at("target") }, names);
    file.content.write(Buffer.from("ours"), 0);
    expect(file.finish(undefined)).toBeUndefined();
    expect(counted.asked).toBe(4);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("ours");
    for (const name of ["victim", "taken"]) expect(readFileSync(folder.at(name), "utf8")).toBe("theirs");
    expect(() => lstatSync(folder.at("nowhere"))).toThrow("ENOENT");
  });

  it("is the target when it is finished, with the time of the object, and the mode of any new file", () => {
    writeFileSync(folder.at("target"), "old");
    const file = begun();
    expect(readFileSync(folder.at("target"), "utf8")).toBe("old");
    expect(file.finish(1_234_500)).toBeUndefined();
    expect(readdirSync(folder.path)).toEqual(["target"]);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("new");
    const { mtimeMs, mode } = statSync(folder.at("target"));
    expect(mtimeMs).toBe(1_234_500);
    expect(mode & 0o777).toBe(0o666 & ~process.umask());
    expect(openBelow(folder.path)).toEqual([]);
  });

  it("keeps the time of its making where the object has none", () => {
    const start = Date.now();
    begun().finish(undefined);
    expect(statSync(folder.at("target")).mtimeMs).toBeGreaterThan(start - 10_000);
  });

  it("is there though its time is refused, and tells why", () => {
    expect(begun().finish(Number.NaN)).toBeInstanceOf(Error);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("new");
  });

  it("leaves nothing when it is given up, and the target as it was", () => {
    writeFileSync(folder.at("target"), "old");
    const { called, target } = held();
    const file = begun(target);
    file.discard();
    expect(readdirSync(folder.path)).toEqual(["target"]);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("old");
    expect(openBelow(folder.path)).toEqual([]);
    file.discard();
    expect(called).toEqual(["checkFolder", "release"]);
  });

  it("given up after it is finished removes nothing of what has its names by now", () => {
    const file = begun();
    file.finish(undefined);
    writeFileSync(folder.at("temporary"), "another's");
    file.discard();
    expect(readdirSync(folder.path).sort()).toEqual(["target", "temporary"]);
  });

  it("is given up without a word when it is gone, or cannot be closed", () => {
    const file = begun();
    unlinkSync(folder.at("temporary"));
    file.discard();
    const { called, target } = held();
    const closed = begun(target);
    closeSync(closed.content.fd);
    closed.discard();
    expect(existsSync(folder.at("temporary"))).toBe(false);
    expect(called).toEqual(["checkFolder", "release"]);
  });

  it("is not to be written once it is finished or given up", () => {
    const finished = begun();
    finished.finish(undefined);
    const discarded = begun();
    discarded.discard();
    for (const file of [finished, discarded]) expect(() => file.content).toThrow("the file is closed");
  });
});

describe("its folder", () => {
  it("is checked before it is begun, and with the target before it takes its place; then let go once", () => {
    const { called, target } = held();
    const file = begun(target);
    expect(called).toEqual(["checkFolder"]);
    file.finish(undefined);
    file.discard();
    expect(called).toEqual(["checkFolder", "checkFolder", "checkTarget", "release"]);
  });

  it("is let go when the file is in its place", () => {
    let there = "";
    const { target } = held({
      release: () => {
        there = readFileSync(folder.at("target"), "utf8");
      },
    });
    begun(target).finish(undefined);
    expect(there).toBe("new");
  });

  it("that cannot be opened is a failure that names the target", () => {
    const hold = () => {
      throw systemFault("EACCES");
    };
    const { names, counted } = naming("temporary");
    expect(() => new TemporaryFile({ path: "shown", hold }, names)).toThrow(
      /^Cannot write shown: permission denied/,
    );
    expect(counted.asked).toBe(0);
  });

  it("that is another one by now is written nothing into, and let go", () => {
    const checkFolder = () => {
      throw systemFault("ESTALE");
    };
    const { called, target } = held({ checkFolder });
    const { names, counted } = naming("temporary");
    expect(() => new TemporaryFile(target, names)).toThrow(/^Cannot write shown: /);
    expect(counted.asked).toBe(0);
    expect(called).toEqual(["release"]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each(["checkFolder", "checkTarget"] as const)("whose %s fails at the end gets no file", (check) => {
    writeFileSync(folder.at("target"), "old");
    let isEnd = false;
    const { called, target } = held({
      [check]: () => {
        if (isEnd) throw systemFault("ESTALE");
      },
    });
    const file = begun(target);
    isEnd = true;
    expect(() => file.finish(undefined)).toThrow(/^Cannot write shown: /);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("old");
    expect(called).not.toContain("release");
    file.discard();
    expect(readdirSync(folder.path)).toEqual(["target"]);
    expect(called.filter((name) => name === "release")).toHaveLength(1);
  });

  it("in which every name is taken is tried a hundred times, and let go", () => {
    writeFileSync(folder.at("taken"), "theirs");
    const { called, target } = held();
    const { names, counted } = naming("taken");
    expect(() => new TemporaryFile(target, names)).toThrow(/^Cannot write shown: /);
    expect(counted.asked).toBe(100);
    expect(called).toEqual(["checkFolder", "release"]);
  });

  it("where a file cannot be made is tried once", () => {
    const { called, target } = held();
    const { names, counted } = naming("missing/temporary");
    expect(() => new TemporaryFile(target, names)).toThrow(/^Cannot write shown: no such file or folder/);
    expect(counted.asked).toBe(1);
    expect(called).toEqual(["checkFolder", "release"]);
  });
});
