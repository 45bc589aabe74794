import type { Context } from "../context.js";
import { VERSION } from "../version.js";

/** `--version`: which file runs here, to be compared with the checksums of a release. */
export async function versionText(context: Context): Promise<string> {
  const { createHash } = await import("node:crypto");
  const { readFileSync } = await import("node:fs");
  const sha256 = createHash("sha256").update(readFileSync(context.scriptPath)).digest("hex");
  return `fetch-creds ${VERSION}\nsha256 ${sha256}\nNode.js ${context.nodeVersion}\n`;
}
