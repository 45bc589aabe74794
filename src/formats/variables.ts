import type { Credentials } from "../credentials/credentials.js";
import { expirationText } from "./expiration-text.js";

/** What a shell or a child is to have in its environment: set these, and have those not at all. */
export interface VariableChange {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly unset: readonly string[];
}

/**
 * What else in an environment says whose keys there are, or where to get others. AWS_SECURITY_TOKEN is cleared, not set to
 * nothing: botocore takes it before AWS_SESSION_TOKEN when it is there at all. AWS_CREDENTIAL_SCOPE: the JavaScript SDK.
 * AWS_ACCESS_KEY, AWS_SECRET_KEY: Go, Java, Ruby. AMAZON_…: Ruby. AWS_CREDENTIAL_FILE, AWS_DELEGATION_TOKEN: boto 2, the
 * old EC2 tools. A profile goes before keys in the SDKs for JavaScript and .NET.
 */
const OTHERS_IDENTITY = [
  "AWS_SECURITY_TOKEN",
  "AWS_DELEGATION_TOKEN",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_CREDENTIAL_SCOPE",
  "AWS_CREDENTIAL_FILE",
  "AMAZON_ACCESS_KEY_ID",
  "AMAZON_SECRET_ACCESS_KEY",
  "AMAZON_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
] as const;

/** An account id becomes part of host names in botocore's account-based endpoints. */
function accountOf({ accountId }: Credentials): string | undefined {
  return accountId !== undefined && /^\d{12}$/.test(accountId) ? accountId : undefined;
}

/**
 * Credentials as the SDKs' variables; what these do not have must not remain from others.
 *
 * @param credentials undefined: none, so that all of these variables go
 */
export function credentialVariables(credentials: Credentials | undefined): VariableChange {
  const all: readonly (readonly [string, string | undefined])[] = [
    ["AWS_ACCESS_KEY_ID", credentials?.accessKeyId],
    ["AWS_SECRET_ACCESS_KEY", credentials?.secretAccessKey],
    ["AWS_SESSION_TOKEN", credentials?.sessionToken],
    ["AWS_CREDENTIAL_EXPIRATION", credentials?.expiration && expirationText(credentials.expiration)],
    ["AWS_ACCOUNT_ID", credentials && accountOf(credentials)],
  ];
  return {
    set: all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    unset: [...all.flatMap(([name, value]) => (value === undefined ? [name] : [])), ...OTHERS_IDENTITY],
  };
}

/**
 * The region under both names: SDKs read AWS_REGION, botocore AWS_DEFAULT_REGION. Nothing when it is not known.
 *
 * @param defaultRegion where the second name has a value of its own
 */
export function regionVariables(region: string | undefined, defaultRegion = region): VariableChange["set"] {
  return [
    ...(region === undefined ? [] : [["AWS_REGION", region] as const]),
    ...(defaultRegion === undefined ? [] : [["AWS_DEFAULT_REGION", defaultRegion] as const]),
  ];
}
