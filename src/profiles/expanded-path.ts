import { readFileSync } from "node:fs";
import type { Context } from "../context.js";

/** `$NAME` and `${NAME}` as Python's os.path.expandvars has them: what is not set stays as it is. */
function withVariables(path: string, { env }: Pick<Context, "env">): string {
  return path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, bare, braced) => {
    const name = bare ?? braced;
    return (Object.hasOwn(env, name) ? env[name] : undefined) ?? whole;
  });
}

/** The home folder of a user in /etc/passwd; undefined when they are not there. */
function homeOf(isUser: (name: string | undefined, uid: string | undefined) => boolean): string | undefined {
  let text: string;
  try {
    text = readFileSync("/etc/passwd", "utf8");
  } catch {
    return undefined;
  }
  const users = text.split("\n").map((line) => line.split(":"));
  return users.find(([name, , uid]) => isUser(name, uid))?.[5];
}

/** The home folder of this user, as os.path.expanduser of Python finds it; Windows has no user ids, and no HOME. */
function ownHome({ env, uid }: Pick<Context, "env" | "uid">): string | undefined {
  const { HOME, USERPROFILE, HOMEDRIVE = "", HOMEPATH } = env;
  const ofWindows = USERPROFILE ?? (HOMEPATH === undefined ? undefined : HOMEDRIVE + HOMEPATH);
  if (uid === undefined && ofWindows !== undefined) return ofWindows;
  return HOME ?? homeOf((_, id) => id === String(uid));
}

/**
 * A path with `$NAME`, `${NAME}`, `~` and `~user` replaced as botocore does it for AWS_CONFIG_FILE and
 * AWS_SHARED_CREDENTIALS_FILE (os.path.expandvars, then expanduser): `~` is HOME, or where that is not set the home folder
 * in /etc/passwd; on Windows USERPROFILE, or HOMEDRIVE and HOMEPATH. What cannot be replaced stays.
 */
export function expandedPath(path: string, context: Pick<Context, "env" | "uid">): string {
  const expanded = withVariables(path, context);
  const [tilde, user = ""] = (context.uid === undefined ? /^~([^/\\]*)/ : /^~([^/]*)/).exec(expanded) ?? [];
  if (tilde === undefined) return expanded;
  const home = user === "" ? ownHome(context) : homeOf((name) => name === user);
  if (home === undefined) return expanded;
  return home.replace(/\/+$/, "") + expanded.slice(tilde.length) || "/";
}
