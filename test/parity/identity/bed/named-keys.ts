/** Keys that say by their id and token where they were written down. */
export interface NamedKeys {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
}

const LENGTH = 20;

/** Keys of this name: letters, at most fifteen of them, since the id has twenty characters. */
export function keysOf(name: string): NamedKeys {
  const id = `ASIA${name.toUpperCase()}`;
  if (!/^ASIA[A-Z]{1,15}$/.test(id)) throw new Error(`${name} is no name for keys`);
  return {
    id: id.padEnd(LENGTH, "0"),
    secret: `secret/of/${name}`.padEnd(40, "0"),
    token: `token-of-${name}`,
  };
}

/** The name behind an access key id; an id of another form stands for itself. */
export function nameOfKey(id: string): string {
  return /^ASIA([A-Z]+)0+$/.exec(id)?.[1]?.toLowerCase() ?? id;
}

/** The two or three lines of a profile. */
export function keyLines(name: string, token = true): string {
  const { id, secret, token: session } = keysOf(name);
  const lines = [`aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`];
  return `${[...lines, ...(token ? [`aws_session_token = ${session}`] : [])].join("\n")}\n`;
}

/** The three variables. */
export function keyVariables(name: string): Record<string, string> {
  const { id, secret, token } = keysOf(name);
  return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token };
}

/** What a credential_process prints. */
export function processDocument(name: string, more: Readonly<Record<string, unknown>> = {}): string {
  const { id, secret, token } = keysOf(name);
  return JSON.stringify({
    Version: 1,
    AccessKeyId: id,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: "2099-01-01T00:00:00Z",
    ...more,
  });
}
