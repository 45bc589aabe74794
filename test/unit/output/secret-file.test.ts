import {
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { writeSecretFile } from "../../../src/output/secret-file.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

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
    mkdirSync(folder.at("out"));
    writeFileSync(folder.at("out", "keys"), "old", { mode: 0o644 });
    writeSecretFile(folder.at("out", "keys"), "new", writer);
    expect(readFileSync(folder.at("out", "keys"), "utf8")).toBe("new");
    expect(statSync(folder.at("out", "keys")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.at("out"))).toEqual(["keys"]);
  });

  it("refuses a link of another user, whatever it points to", () => {
    writeFileSync(folder.at("victim"), "untouched");
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

  it.each([
    ["a folder", () => folder.path, "output-is-folder"],
    ["no folder to be in", () => folder.at("no", "such"), "output-unwritable"],
    ["a name too long", () => folder.at("x".repeat(300)), "output-unwritable"],
    ["a file as its folder", () => `${folder.at("victim")}/x`, "output-unwritable"],
  ])("%s", (_, path, id) => {
    expect(() => writeSecretFile(path(), "secret", writer)).toThrow(expect.objectContaining({ id }));
  });
});
