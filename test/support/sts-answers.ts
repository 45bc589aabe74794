/** What STS gives for a role: its answer, with what a test changes. */
export interface GivenKeys {
  readonly action?: "AssumeRole" | "AssumeRoleWithWebIdentity";
  readonly arn?: string;
  readonly keys?: Readonly<Record<string, string | undefined>>;
}

export const ROLE = "arn:aws:iam::210987654321:role/team/deploy";
export const SESSION = "arn:aws:sts::210987654321:assumed-role/deploy/fetch-creds";
export const KEYS_OF_ROLE = {
  AccessKeyId: "ASIAROLEROLEROLEROLE",
  SecretAccessKey: "role-secret",
  SessionToken: "role-token",
  Expiration: "2026-01-01T01:00:00Z",
};

const element = (name: string, text: string) => `<${name}>${text}</${name}>`;

/** An AssumeRole response as STS sends it (AWS STS API Reference), one line an element. */
export function assumedRole({ action = "AssumeRole", arn = SESSION, keys = {} }: GivenKeys = {}): string {
  const fields = Object.entries({ ...KEYS_OF_ROLE, ...keys }).flatMap(([name, text]) =>
    text === undefined ? [] : [element(name, text)],
  );
  const user = element("AssumedRoleUser", `${element("AssumedRoleId", "AROAX:s")}${element("Arn", arn)}`);
  const result = element(`${action}Result`, `${user}\n${element("Credentials", fields.join("\n"))}`);
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}<ResponseMetadata><RequestId>c6104cbe</RequestId></ResponseMetadata></${action}Response>`;
}

/** An error in STS' envelope. */
export function stsErrorBody(code: string, message: string): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll("&", "&amp;")}</Message></Error><RequestId>c6104cbe-af31</RequestId></ErrorResponse>`;
}
