import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.js";

const run = promisify(execFile);

/** The name and sha256 of every file that a build leaves in its folder. */
async function build(folder: string): Promise<Record<string, string>> {
  await run(process.execPath, ["build.mjs", folder]);
  const digest = (name: string) =>
    createHash("sha256")
      .update(readFileSync(`${folder}/${name}`))
      .digest("hex");
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, digest(name)]),
  );
}

it("two builds give the same bytes, and nothing but the file, its licences and its type", async () => {
  using folder = temporaryFolder();
  const first = await build(folder.at("first"));
  const second = await build(folder.at("a", "second one"));
  expect(Object.keys(first)).toEqual(["THIRD-PARTY-LICENSES.txt", "fetch-creds.js", "package.json"]);
  expect(second).toEqual(first);
});
