#!/usr/bin/env node
/**
 * Builds fetch-creds.js and THIRD-PARTY-LICENSES.txt from src/main.ts into dist, or the folder given. The same bytes
 * every time. The package.json beside them is for who runs the file where npm installed it, below one that says
 * `"type": "module"`: Node takes 3 ms longer to start a module.
 */
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./build/bundle.mjs";
import { thirdPartyLicenses } from "./build/licenses.mjs";

const folder = process.argv[2] ?? "dist";

/** A reader of the old file never sees half of the new one. */
function replace(name, content, mode) {
  const temporary = join(folder, `.${name}.${process.pid}`);
  writeFileSync(temporary, content);
  chmodSync(temporary, mode);
  renameSync(temporary, join(folder, name));
}

const { code, inputs } = await bundle();
mkdirSync(folder, { recursive: true });
replace("fetch-creds.js", code, 0o755);
replace("package.json", '{"type":"commonjs"}\n', 0o644);
replace("THIRD-PARTY-LICENSES.txt", thirdPartyLicenses(inputs), 0o644);
console.log(`${join(folder, "fetch-creds.js")}  ${(code.length / 1024).toFixed(0)} KiB`);
