/** A role's ARN, in either of its forms: IAM's own (`role/path/NAME`) or a session's of STS (`assumed-role/NAME/SESSION`). */
export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  readonly form: "role" | "assumed-role";
  /** `service-role/` or nothing; STS names none. */
  readonly path: string;
  readonly name: string;
  /** Chosen by who assumed the role; IAM's form has none. */
  readonly session: string | undefined;
}

const ARN = /^arn:([^:]*):(iam|sts)::([^:]*):(role|assumed-role)\/(.*)$/;

/** Longer than any: a path has at most 512 characters, a name and a session 64 each (IAM's quotas). */
const LONGEST = 2048;

/**
 * An ARN that names one role: an account of twelve digits, names as IAM has them (API reference, CreateRole and AssumeRole),
 * a path without `:`, in which another ARN could begin, and without `*` and `?`. A session is never left out.
 */
const WHOLE =
  /^arn:aws[a-z-]*:(?:iam::\d{12}:role\/(?:[!-)+-.0-9;->@-~]*\/)*[\w+=,.@-]{1,64}|sts::\d{12}:assumed-role\/[\w+=,.@-]{1,64}\/[\w+=,.@-]{1,64})$/;

/** Splits a role's ARN, in which `*` and `?` may stand; undefined when it is none. */
function splitArn(text: string): RoleArn | undefined {
  const [, partition, service, account, form, rest = ""] = ARN.exec(text) ?? [];
  if (partition === undefined || account === undefined || rest === "") return undefined;
  if ((service === "iam") !== (form === "role")) return undefined;
  const slash = form === "role" ? rest.lastIndexOf("/") : rest.indexOf("/");
  const common = { partition, account };
  if (form === "role")
    return {
      ...common,
      form,
      path: rest.slice(0, slash + 1),
      name: rest.slice(slash + 1),
      session: undefined,
    };
  const [name, session] = slash < 0 ? [rest, undefined] : [rest.slice(0, slash), rest.slice(slash + 1)];
  return { ...common, form: "assumed-role", path: "", name, session };
}

/**
 * Reads the ARN of an IAM role or of an STS session of one.
 *
 * @returns undefined for everything else: CodeBuild's endpoint puts an opaque text in its place
 */
export function parseRoleArn(text: string): RoleArn | undefined {
  return text.length <= LONGEST && WHOLE.test(text) ? splitArn(text) : undefined;
}

/** The account in a role's ARN. */
export function accountOf(roleArn: string | undefined): string | undefined {
  return (roleArn === undefined ? undefined : parseRoleArn(roleArn)?.account) || undefined;
}

/** Whether `text` fits a pattern in which `*` stands for any run of characters and `?` for one. */
export function fitsPattern(pattern: string, text: string): boolean {
  let [at, position] = [0, 0];
  // Where the last star stands, and from where on the text is its rest: no other one need ever be tried anew.
  let [star, taken] = [-1, 0];
  while (position < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      taken = position;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[position])) {
      at++;
      position++;
    } else if (star >= 0) {
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
  const sameForm = pattern.form === role.form;
  return (
    fitsPattern(pattern.partition, role.partition) &&
    fitsPattern(pattern.account, role.account) &&
    (sameForm && role.form === "role"
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
