import { copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { BUILT_FILE } from "../built-file.js";
import { type TemporaryFolder, temporaryFolder } from "../temporary-folder.js";

/**
 * A build context: the built file and the files given, by path; beside them a copy of the folder `from`, if one is
 * given. `using` removes it.
 */
export function buildContext(files: Readonly<Record<string, string>>, from?: string): TemporaryFolder {
  const folder = temporaryFolder();
  if (from !== undefined) cpSync(from, folder.path, { recursive: true });
  copyFileSync(BUILT_FILE, folder.at("fetch-creds.js"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.at(name)), { recursive: true });
    writeFileSync(folder.at(name), text);
  }
  return folder;
}
