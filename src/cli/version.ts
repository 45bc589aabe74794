import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Context } from "../context.js";
import { VERSION } from "../version.js";

/** `--version`: which file runs here, to be compared with the checksums of a release. */
export function versionText(context: Context): string {
  const sha256 = createHash("sha256").update(readFileSync(context.scriptPath)).digest("hex");
  return `fetch-creds ${VERSION}\nsha256 ${sha256}\nNode.js ${context.nodeVersion}\n`;
}
