import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILT_FILE } from "../../support/built-file.js";
import type { SeenRequest } from "../../support/raw-endpoint/raw-endpoint.js";
import type { Case, Observed } from "./case.js";
import { SWALLOWING } from "./network.js";

/** No run may take longer; a hang is a fault of its own. */
const PATIENCE = 60_000;

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;

/** Shell lines that put a folder's files under /run/secrets, seen by this process alone. */
const MOUNT =
  'mount -t tmpfs none /run && mkdir /run/secrets && cp -a "$SECRETS/." /run/secrets/ && unset SECRETS';

function writeEntry(path: string, content: string | null, unreadable: boolean): void {
  if (content === null) mkdirSync(path);
  else writeFileSync(path, content);
  if (unreadable) chmodSync(path, 0);
}

/** The command line: Node and the file, inside whatever this case needs around it. */
function commandOf(given: Case, args: readonly string[]): readonly string[] {
  const plain = [NODE, BUILT_FILE, ...args];
  const bound = given.unreadable
    ? [
        "setpriv",
        "--bounding-set=-dac_override,-dac_read_search",
        "--inh-caps=-dac_override,-dac_read_search",
        ...plain,
      ]
    : plain;
  if (given.network === "none") return ["unshare", "-n", ...bound];
  if (given.network === "swallowing")
    return ["unshare", "-n", "sh", "-c", `${SWALLOWING} && exec "$@"`, "sh", ...bound];
  if (given.secrets) return ["unshare", "-m", "sh", "-c", `${MOUNT} && exec "$@"`, "sh", ...bound];
  return bound;
}

/**
 * Runs the built file once for a case.
 *
 * @param id  stands for `ID`
 * @param host  stands for `HOST`
 * @param folder  for the case's files
 */
export async function runCase(
  given: Case,
  id: string,
  host: string,
  folder: string,
  requests: readonly SeenRequest[],
  paths: { file: string },
): Promise<Observed> {
  const own = mkdtempSync(join(folder, "case-"));
  const unreadable = given.unreadable === true;
  paths.file = join(own, "file");
  if (given.file !== undefined) writeEntry(paths.file, given.file, unreadable);
  const filled = (text: string) =>
    text
      .replace(/\bID\b/g, id)
      .replace(/\bHOST\b/g, host)
      .replace(/\bFILE\b/g, paths.file);
  const env: Record<string, string> = { PATH: process.env.PATH ?? "", HOME: own };
  for (const [name, value] of Object.entries(given.env ?? {})) env[name] = filled(value);
  if (given.secrets) {
    env.SECRETS = join(own, "secrets");
    mkdirSync(env.SECRETS);
    for (const [name, value] of Object.entries(given.secrets))
      writeEntry(join(env.SECRETS, name), value === null ? null : filled(value), unreadable);
  }
  const [command = "", ...args] = commandOf(given, (given.args ?? []).map(filled));
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (part: Buffer) => stdout.push(part));
  child.stderr.on("data", (part: Buffer) => stderr.push(part));
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  return {
    code,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
    ms: performance.now() - started,
    requests: [...requests],
  };
}
