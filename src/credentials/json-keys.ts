/** What a JSON text says of credentials, by whatever names. */
export interface JsonKeys {
  readonly accessKeyId: unknown;
  readonly secretAccessKey: unknown;
  readonly sessionToken: unknown;
  readonly expiration: unknown;
  readonly roleArn: unknown;
  readonly accountId: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** `aws sso get-role-credentials` gives milliseconds since the epoch. */
function dateOf(value: unknown): unknown {
  return typeof value === "number" && Math.abs(value) < 8.64e15 ? new Date(value).toISOString() : value;
}

/**
 * Where the keys stand: `credential_process` output and an endpoint's response have them at the top, `aws sts assume-role` and
 * the AWS CLI's own cache below `Credentials`, `aws sso get-role-credentials` below `roleCredentials`, and the cache of
 * `aws login` below `accessToken`.
 */
export function jsonKeys(whole: unknown): JsonKeys {
  const outer = isFields(whole) ? whole : {};
  const inner = [outer.Credentials, outer.roleCredentials, outer.accessToken].find(isFields) ?? outer;
  const user = isFields(outer.AssumedRoleUser) ? outer.AssumedRoleUser : {};
  return {
    accessKeyId: inner.AccessKeyId ?? inner.accessKeyId,
    secretAccessKey: inner.SecretAccessKey ?? inner.secretAccessKey,
    sessionToken: inner.SessionToken ?? inner.sessionToken ?? inner.Token,
    expiration: dateOf(inner.Expiration ?? inner.expiration ?? inner.expiresAt),
    roleArn: user.Arn ?? inner.RoleArn,
    accountId: inner.AccountId ?? inner.accountId,
  };
}
