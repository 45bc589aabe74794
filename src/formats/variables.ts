import type { Credentials } from "../credentials/credentials.js";

/** What a shell or a child is to have in its environment: set these, and have those not at all. */
export interface VariableChange {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly unset: readonly string[];
}

/**
 * Credentials as the SDKs' variables. AWS_SECURITY_TOKEN is cleared, not set to nothing: botocore takes it before
 * AWS_SESSION_TOKEN when it is there at all. What these credentials do not have must not remain from others.
 */
export function credentialVariables(credentials: Credentials): VariableChange {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  const all: readonly (readonly [string, string | undefined])[] = [
    ["AWS_ACCESS_KEY_ID", accessKeyId],
    ["AWS_SECRET_ACCESS_KEY", secretAccessKey],
    ["AWS_SESSION_TOKEN", sessionToken],
    ["AWS_CREDENTIAL_EXPIRATION", expiration?.text],
    ["AWS_SECURITY_TOKEN", undefined],
  ];
  return {
    set: all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    unset: all.flatMap(([name, value]) => (value === undefined ? [name] : [])),
  };
}

/** The region under both names: SDKs read AWS_REGION, botocore AWS_DEFAULT_REGION. Nothing when it is not known. */
export function regionVariables(region: string | undefined): VariableChange["set"] {
  return region === undefined
    ? []
    : [
        ["AWS_REGION", region],
        ["AWS_DEFAULT_REGION", region],
      ];
}
