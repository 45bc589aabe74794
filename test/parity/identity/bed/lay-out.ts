import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Program } from "../observed.js";
import { BUCKET, type Given, type SetUp } from "../set-up.js";

/** Below the home folder. */
const SECRETS = "secrets";

/** What a program is run with. */
export interface LaidOut {
  readonly args: readonly string[];
  /** But PATH, HOME and what the bed adds. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: string;
  /** The folder whose files are to be seen below /run/secrets. */
  readonly secrets?: string;
}

type Contents = Readonly<Record<string, string | Buffer | undefined>>;
type Fill = (text: string) => string;

function writeFiles(home: string, files: Contents, fill: Fill): void {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), typeof content === "string" ? fill(content) : content);
  }
}

function filled(values: Readonly<Record<string, string | undefined>>, fill: Fill) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value && fill(value)]));
}

/** The variables, and those that are secrets alone. */
function withSecrets(env: Given["env"] = {}, secrets: SetUp["secrets"] = {}): NonNullable<Given["env"]> {
  return {
    ...env,
    ...Object.fromEntries(Object.entries(secrets).filter(([name]) => env[name] === undefined)),
  };
}

/** Makes the home folder anew, with what the set-up has in it for this program. */
export function layOut(setUp: SetUp, program: Program, home: string): LaidOut {
  const fill: Fill = (text) => text.replaceAll("<HOME>", home);
  const given: Given = program === "ours" && setUp.ours !== undefined ? setUp.ours : setUp;
  const { config, credentials, files, env = {}, args = [], stdin = "" } = given;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  writeFiles(home, { ...files, ".aws/config": config, ".aws/credentials": credentials }, fill);
  const mounted = program === "ours" && setUp.secrets !== undefined;
  if (mounted) writeFiles(join(home, SECRETS), setUp.secrets, fill);
  return {
    args: [...(setUp.command ?? ["ls", `s3://${BUCKET}`]), ...args.map(fill)],
    env: filled(program === "aws" ? withSecrets(env, setUp.secrets) : env, fill),
    stdin,
    ...(mounted ? { secrets: join(home, SECRETS) } : {}),
  };
}
