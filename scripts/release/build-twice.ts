import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/bundle.mjs";
import { sha256 } from "./sha256.js";

const SOURCES = ["src", "build", "build.mjs", "package.json", "package-lock.json", "tsconfig.json"];
const TRAVELS_ALONG = ["README.md", "LICENSE", "CHANGELOG.md"];

/** A clean copy of the project, its packages hard-linked, with the file built in its `dist`. */
function cleanBuild(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of [...SOURCES, ...TRAVELS_ALONG]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  execFileSync("cp", ["-al", join(ROOT, "node_modules"), folder]);
  execFileSync(process.execPath, ["build.mjs"], { cwd: folder });
  return sha256(readFileSync(join(folder, "dist", "fetch-creds.js")));
}

/**
 * Builds in two clean copies at different paths.
 *
 * @param folder  on the project's own file system, for the hard links
 * @returns the first copy's path
 * @throws when the two files differ
 */
export function buildTwice(folder: string): string {
  const first = cleanBuild(join(folder, "first"));
  const second = cleanBuild(join(folder, "somewhere else", "second"));
  if (first !== second) throw new Error(`two clean builds differ: ${first} and ${second}`);
  return join(folder, "first");
}
