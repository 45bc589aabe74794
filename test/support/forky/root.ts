import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Where the root is, or `none`, for all that a run starts: the first to ask finds out, and makes it. */
const VARIABLE = "FETCH_CREDS_FORKY";
const PLACE = "/var/tmp/fetch-creds-forky";
/** What make-root.sh ends with where Debian's testing suite cannot be installed. */
const NOT_TO_BE_HAD = 3;

async function make(): Promise<string> {
  const script = join(import.meta.dirname, "make-root.sh");
  const child = spawn(script, ["--unasked"], { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code === NOT_TO_BE_HAD) return "none";
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return PLACE;
}

/**
 * A root of Debian's testing suite with today's engines, Ceph and AWS CLI, which this makes if it is not there (some
 * minutes); undefined where that suite cannot be installed.
 */
export async function forkyRoot(): Promise<string | undefined> {
  process.env[VARIABLE] ??= await make();
  const root = process.env[VARIABLE];
  return root === "none" ? undefined : root;
}

/** What stands before a command line that runs with `root` as `/`: see in-root.sh. */
export function inRoot(root: string | undefined): readonly string[] {
  return root === undefined ? [] : [join(import.meta.dirname, "in-root.sh"), root];
}
