/** A role's ARN, in either of its forms: IAM's own (`role/path/NAME`) or a session's of STS (`assumed-role/NAME/SESSION`). */
export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  readonly form: "role" | "assumed-role";
  /** After the last slash of the path; session and path left out. */
  readonly name: string;
}

const ARN = /^arn:([^:]*):(iam|sts)::([^:]*):(role|assumed-role)\/(.*)$/;

/** Reads a role's ARN, in which `*` and `?` may stand; undefined when it is none. */
export function parseRoleArn(text: string): RoleArn | undefined {
  const [, partition, service, account, form, rest] = ARN.exec(text) ?? [];
  if (partition === undefined || account === undefined || rest === undefined) return undefined;
  if ((service === "iam") !== (form === "role")) return undefined;
  const segments = rest.split("/");
  const name = form === "role" ? segments.at(-1) : segments[0];
  return { partition, account, form: form === "role" ? "role" : "assumed-role", name: name ?? "" };
}

/** The account in a role's ARN. */
export function accountOf(roleArn: string | undefined): string | undefined {
  return roleArn === undefined ? undefined : parseRoleArn(roleArn)?.account;
}

/** Whether `text` fits a pattern in which `*` stands for any run of characters and `?` for one. */
export function fitsPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, "[^]*?")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`).test(text);
}

/** A session ARN without its session. */
function withoutSession(arn: string): string {
  return arn.replace(/^(arn:[^:]*:sts::[^:]*:assumed-role\/[^/]*)\/.*$/, "$1");
}

/**
 * Whether the role found is the role expected. An IAM role's ARN with a path and the STS form, which has none, name the
 * same role.
 *
 * @param expected  an ARN of either form, a role's name (with or without its path), each with `*` and `?`
 */
export function isSameRole(expected: string, found: string): boolean {
  const role = parseRoleArn(found);
  if (!expected.startsWith("arn:"))
    return (
      role !== undefined && (fitsPattern(expected, role.name) || fitsPattern(expected, pathAndName(found)))
    );
  const pattern = parseRoleArn(expected);
  if (fitsPattern(expected, found) || fitsPattern(expected, withoutSession(found))) return true;
  return (
    role !== undefined &&
    pattern !== undefined &&
    pattern.form !== role.form &&
    fitsPattern(pattern.partition, role.partition) &&
    fitsPattern(pattern.account, role.account) &&
    fitsPattern(pattern.name, role.name)
  );
}

/** `service-role/x` of `arn:aws:iam::1:role/service-role/x`. */
function pathAndName(arn: string): string {
  return arn.slice(arn.indexOf("/") + 1);
}
