import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import type { Environment } from "../context.js";

/** A file that an SDK looks into for credentials before it asks an endpoint, unless `variable` names another. */
interface SharedFile {
  readonly variable: string;
  readonly usual: readonly string[];
  /** The section in force, where nobody names a profile. */
  readonly section: RegExp;
}

const DEFAULT_PROFILE = /^(?:profile\s+)?["']?default["']?$/;

const FILES: readonly SharedFile[] = [
  { variable: "AWS_SHARED_CREDENTIALS_FILE", usual: ["~/.aws/credentials"], section: DEFAULT_PROFILE },
  { variable: "AWS_CONFIG_FILE", usual: ["~/.aws/config"], section: DEFAULT_PROFILE },
  // boto 2's, which botocore still reads.
  { variable: "BOTO_CONFIG", usual: ["/etc/boto.cfg", "~/.boto"], section: /^credentials$/i },
];

/** Each of these makes a profile a source of credentials: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
const SOURCE_SETTING =
  /^\s*(?:aws_access_key_id|aws_secret_access_key|role_arn|source_profile|credential_source|web_identity_token_file|credential_process|login_session|sso_\w+)\s*[=:]/i;
const REGION_SETTING = /^\s*region\s*[=:]\s*(\S+)\s*$/i;
const SECTION_START = /^\s*\[([^\]]*)\]/;

/** The lines of a section, which may stand in several places. As lenient as the most lenient SDK. */
function linesOf(text: string, section: RegExp): string[] {
  let inside = false;
  return text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .filter((line) => {
      const name = SECTION_START.exec(line)?.[1];
      if (name !== undefined) inside = section.test(name.trim());
      return inside && name === undefined;
    });
}

/** Of a regular file: to open a fifo would wait for who writes to it, and no signal would end that. */
function textOf(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isFile() ? readFileSync(file, "utf8") : "";
  } finally {
    closeSync(file);
  }
}

function linesIn(path: string, section: RegExp, env: Environment): string[] {
  const home = env.HOME || homedir();
  try {
    return linesOf(textOf(path.replace(/^~(?=\/)/, home)), section);
  } catch {
    // Not there, or as closed to the command as it is to us.
    return [];
  }
}

/** What takes the shared files out of an SDK's way. */
export interface FilesSetAside {
  readonly variables: Readonly<Record<string, string>>;
  /** The files, as they were found. */
  readonly paths: readonly string[];
}

/**
 * Which of the files of credentials and profiles would win over the endpoint in an SDK that runs with this environment, and the
 * variables that put an empty file in their place. A region that goes with them is handed on.
 *
 * @param env  without a profile: the default one is in force
 */
export function filesSetAside(env: Environment): FilesSetAside {
  const variables: Record<string, string> = {};
  const paths: string[] = [];
  for (const { variable, usual, section } of FILES) {
    for (const path of env[variable] ? [env[variable]] : usual) {
      const lines = linesIn(path, section, env);
      if (!lines.some((line) => SOURCE_SETTING.test(line))) continue;
      variables[variable] = "/dev/null";
      paths.push(path);
      const region = lines.flatMap((line) => REGION_SETTING.exec(line)?.[1] ?? []).at(-1);
      if (region !== undefined && !env.AWS_REGION && !env.AWS_DEFAULT_REGION)
        Object.assign(variables, { AWS_REGION: region, AWS_DEFAULT_REGION: region });
    }
  }
  return { variables, paths };
}
