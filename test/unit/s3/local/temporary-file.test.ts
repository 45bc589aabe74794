import { lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { TemporaryFile } from "../../../../src/s3/local/temporary-file.js";
import type { TemporaryNames } from "../../../../src/s3/local/temporary-names.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

it("a temporary file takes no name that somebody has taken, be it by a file or a link", () => {
  using folder = temporaryFolder();
  writeFileSync(folder.at("victim"), "theirs");
  writeFileSync(folder.at("taken"), "theirs");
  symlinkSync("victim", folder.at("planted"));
  symlinkSync("nowhere", folder.at("dangling"));
  const given = ["taken", "planted", "dangling", "free"];
  const names = { beside: () => folder.at(given.shift() ?? "") } as unknown as TemporaryNames;
  const file = new TemporaryFile({ path: folder.at("target") }, names);
  file.content.write(Buffer.from("ours"), 0);
  expect(file.finish(undefined)).toBeUndefined();
  expect(given).toEqual([]);
  expect(readFileSync(folder.at("target"), "utf8")).toBe("ours");
  for (const name of ["victim", "taken"]) expect(readFileSync(folder.at(name), "utf8")).toBe("theirs");
  expect(() => lstatSync(folder.at("nowhere"))).toThrow("ENOENT");
});
