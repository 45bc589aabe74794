import type { Caller, Credentials } from "./credentials.js";
import { parseRoleArn, type RoleArn, splitArn } from "./role-name.js";

/** Whether `text` fits a pattern in which `*` stands for any run of characters and `?` for one. */
export function fitsPattern(pattern: string, text: string): boolean {
  let [at, position] = [0, 0];
  // Where the last star stands, and from where on the text is its rest: no other one need ever be tried anew.
  let star: number | undefined;
  let taken = position;
  while (position < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      taken = position;
    } else if (pattern[at] === "?" || pattern[at] === text[position]) {
      at++;
      position++;
    } else if (star !== undefined) {
      at = star + 1;
      position = ++taken;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** A pattern of a role's name, with or without its path; STS tells no path, so that there the name alone is compared. */
function fitsName(expected: string, { form, path, name }: RoleArn): boolean {
  const pattern = expected.replace(/^\//, "");
  if (fitsPattern(pattern, name)) return true;
  return form === "role"
    ? fitsPattern(pattern, path + name)
    : fitsPattern(pattern.slice(pattern.lastIndexOf("/") + 1), name);
}

/** A pattern that is a whole ARN, part by part, so that no star reaches from one part into the next. */
function fitsArn(pattern: RoleArn, role: RoleArn): boolean {
  return (
    fitsPattern(pattern.partition, role.partition) &&
    fitsPattern(pattern.account, role.account) &&
    (pattern.form === role.form
      ? fitsPattern(pattern.path + pattern.name, role.path + role.name)
      : fitsPattern(pattern.name, role.name)) &&
    (pattern.session === undefined ||
      role.session === undefined ||
      fitsPattern(pattern.session, role.session))
  );
}

/** Without the session, which its caller chooses. */
function withoutSession({ partition, account, form, path, name }: RoleArn): string {
  return `arn:${partition}:${form === "role" ? "iam" : "sts"}::${account}:${form}/${path}${name}`;
}

/** Of a pattern that is no ARN part by part (`arn:*:role/x`): the path goes, where none is told. */
function fitsLoosely(pattern: string, role: RoleArn): boolean {
  if (fitsPattern(pattern, withoutSession(role))) return true;
  if (role.form === "role") return false;
  const pathless = pattern.replace(/:role\/.*\//, ":role/");
  return fitsPattern(pathless, withoutSession({ ...role, form: "role" }));
}

/**
 * Whether the role found is the role expected. An IAM role's ARN with a path and the STS form, which has none, name the
 * same role. The role is compared; a session's name only where a whole ARN with one is expected.
 *
 * @param expected  an ARN of either form, a role's name (with or without its path), each with `*` and `?`
 */
export function isSameRole(expected: string, found: string): boolean {
  const role = parseRoleArn(found);
  if (role === undefined) return false;
  if (!expected.startsWith("arn:")) return fitsName(expected, role);
  const pattern = splitArn(expected);
  return pattern === undefined ? fitsLoosely(expected, role) : fitsArn(pattern, role);
}

/** Whether the endpoint names another role or account than STS: worth showing, and no failure by itself. */
export function differs(
  { roleArn, accountId }: Pick<Credentials, "roleArn" | "accountId">,
  { arn, account }: Caller,
): boolean {
  return (
    (roleArn !== undefined && !isSameRole(roleArn, arn)) || (accountId !== undefined && accountId !== account)
  );
}
