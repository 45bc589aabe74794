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

const ARN = /^arn:([^:]*):(iam|sts)::([^:]*):(role|assumed-role)\/(.+)$/;

/** Longer than any: a path has at most 512 characters, a name and a session 64 each (IAM's quotas). */
const LONGEST = 2048;

/**
 * An ARN that names one role: an account of twelve digits, names as IAM has them (API reference, CreateRole and AssumeRole),
 * a path without `:`, in which another ARN could begin, and without `*` and `?`. A session is never left out.
 */
const WHOLE =
  /^arn:aws[a-z-]*:(?:iam::\d{12}:role\/(?:[!-)+-.0-9;->@-~]*\/)*[\w+=,.@-]{1,64}|sts::\d{12}:assumed-role\/[\w+=,.@-]{1,64}\/[\w+=,.@-]{1,64})$/;

/** Splits a role's ARN, in which `*` and `?` may stand; undefined when it is none. */
export function splitArn(text: string): RoleArn | undefined {
  const found = ARN.exec(text);
  if (found === null) return undefined;
  const [, partition = "", service, account = "", form, rest = ""] = found;
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
  return roleArn === undefined ? undefined : parseRoleArn(roleArn)?.account;
}
