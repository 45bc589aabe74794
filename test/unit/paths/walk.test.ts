import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { ForeignLink, openFolder, openPlace } from "../../../src/paths/walk.js";
import { CAN_CHOWN, giveAway, NEEDS_ROOT, OTHER } from "../../support/other-user.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const uid = process.getuid?.();
const openNow = () => readdirSync("/proc/self/fd").length;

/** Both ways to hold a folder: Linux's, and that of systems without /proc. */
const WAYS = [
  ["by its descriptor", {}],
  ["by its path, looked at again", { descriptors: "/proc/nowhere" }],
] as const;

describe.each(WAYS)("a folder held %s", (_, way) => {
  const rule = { uid, ...way };

  it("is reached part by part, through links of ours", () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("real", "deep"), { recursive: true });
    symlinkSync("../real", folder.at("real", "back"));
    symlinkSync(folder.at("real"), folder.at("link"));
    for (const path of ["link/deep/../deep", "link/back/deep", "./real//deep/."]) {
      const open = openFolder(`${folder.path}/${path}`, rule);
      writeFileSync(`${open.path}/file`, path);
      open.check();
      open.close();
      expect(readFileSync(folder.at("real", "deep", "file"), "utf8")).toBe(path);
    }
  });

  it("makes what is missing when that is asked for, and only then", () => {
    using folder = temporaryFolder();
    expect(() => openFolder(folder.at("a", "b"), rule)).toThrow(expect.objectContaining({ code: "ENOENT" }));
    openFolder(folder.at("a", "b"), { ...rule, create: true }).close();
    expect(existsSync(folder.at("a", "b"))).toBe(true);
  });

  it("reads a path as the kernel does: `..` is what is above where a link leads", () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("far", "in"), { recursive: true });
    symlinkSync("far/in", folder.at("link"));
    const place = openPlace(`${folder.path}/link/../file`, rule, false);
    writeFileSync(`${place.folder.path}/${place.name}`, "");
    place.close();
    expect(readdirSync(folder.at("far")).sort()).toEqual(["file", "in"]);
  });

  it("has no last part for what is a folder by its form", () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("in"));
    for (const path of ["/", `${folder.path}/in/..`]) {
      const place = openPlace(path, rule, false);
      expect(place.name).toBe("");
      place.close();
    }
  });

  it("ends at a file in the place of a folder, a loop of links, and nothing", () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("file"), "");
    symlinkSync("loop", folder.at("loop"));
    symlinkSync("nowhere", folder.at("dangling"));
    for (const [name, code] of [
      ["file", "ENOTDIR"],
      ["loop", "ELOOP"],
      ["dangling", "ENOENT"],
    ])
      expect(() => openFolder(folder.at(name as string, "x"), rule)).toThrow(
        expect.objectContaining({ code }),
      );
  });

  it.skipIf(!CAN_CHOWN)(`refuses another user's link wherever it stands on the way${NEEDS_ROOT}`, () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("real", "in"), { recursive: true });
    symlinkSync(folder.at("real"), folder.at("planted"));
    giveAway(folder.at("planted"));
    symlinkSync("planted/in", folder.at("ours"));
    for (const path of ["planted/in", "planted/../real", "ours", "real/../planted/in"]) {
      const before = openNow();
      let error: unknown;
      try {
        openFolder(`${folder.path}/${path}`, rule);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(ForeignLink);
      expect((error as ForeignLink).path).toBe(folder.at("planted"));
      expect(openNow()).toBe(before);
    }
  });

  it.skipIf(!CAN_CHOWN)(`follows it to what is that user's own, where that is asked for${NEEDS_ROOT}`, () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("his"));
    mkdirSync(folder.at("ours", "in"), { recursive: true });
    giveAway(folder.at("his"));
    writeFileSync(folder.at("his", "file"), "");
    for (const [name, target] of [
      ["to-his", "his"],
      ["to-ours", "ours"],
      ["through", "his/../ours/in"],
    ]) {
      symlinkSync(target as string, folder.at(name as string));
      giveAway(folder.at(name as string));
    }
    const own = { ...rule, ownersOwn: true };
    openFolder(folder.at("to-his"), own).close();
    expect(() => openFolder(folder.at("to-ours"), own)).toThrow(ForeignLink);
    expect(() => openFolder(folder.at("through"), own)).toThrow(ForeignLink);
    symlinkSync("ours/secret", folder.at("to-file"));
    giveAway(folder.at("to-file"));
    const place = openPlace(folder.at("to-file"), own, true);
    expect({ name: place.name, owner: place.owner }).toEqual({ name: "secret", owner: OTHER });
    place.close();
  });
});

it("stays the folder that was opened when another takes its place", () => {
  using folder = temporaryFolder();
  mkdirSync(folder.at("in"));
  const open = openFolder(folder.at("in"), { uid });
  renameSync(folder.at("in"), folder.at("moved"));
  mkdirSync(folder.at("in"));
  writeFileSync(`${open.path}/file`, "");
  open.check();
  open.close();
  expect([readdirSync(folder.at("moved")), readdirSync(folder.at("in"))]).toEqual([["file"], []]);
});

it("is known to be another one where there is no /proc", () => {
  using folder = temporaryFolder();
  mkdirSync(folder.at("in"));
  const open = openFolder(folder.at("in"), { uid, descriptors: "/proc/nowhere" });
  open.check();
  renameSync(folder.at("in"), folder.at("moved"));
  mkdirSync(folder.at("in"));
  expect(() => open.check()).toThrow(expect.objectContaining({ code: "ESTALE" }));
});

describe("a folder is not entered where there is no /proc and others could replace it", () => {
  const without = { uid, descriptors: "/proc/nowhere" };
  const refused = expect.objectContaining({ code: "ERR_FOLDER_OF_OTHERS" });

  it.each([
    ["in one that all may write to", 0o777, true],
    ["in one that its group may write to", 0o775, true],
    ["in a sticky one", 0o1777, false],
    ["in one of ours alone", 0o755, false],
  ])("%s: %o", (_where, mode, isRefused) => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("shared", "in", "deep"), { recursive: true });
    chmodSync(folder.at("shared"), mode);
    const enter = () => openFolder(folder.at("shared", "in", "deep"), without).close();
    if (isRefused) expect(enter).toThrow(refused);
    else enter();
    // What is in the shared folder itself needs nothing but that folder.
    openPlace(folder.at("shared", "in"), without, false).close();
    // Linux's own way cannot be led elsewhere.
    openFolder(folder.at("shared", "in", "deep"), { uid }).close();
  });

  it.skipIf(!CAN_CHOWN)(`in one of another user, nor his own in a sticky one${NEEDS_ROOT}`, () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("his", "in"), { recursive: true });
    giveAway(folder.at("his"));
    expect(() => openFolder(folder.at("his", "in"), without)).toThrow(refused);
    openFolder(folder.at("his"), without).close();
    chmodSync(folder.path, 0o1777);
    expect(() => openFolder(folder.at("his"), without)).toThrow(refused);
  });
});
