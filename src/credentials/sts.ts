import type { Credentials, RoleRequest } from "./credentials.js";

/** What STS gave for a role. */
export interface AssumedKeys {
  /** `roleArn` is the session's, where it is one of AWS's. */
  readonly credentials: Credentials;
  /** As STS names who these keys are: `arn:aws:sts::123456789012:assumed-role/NAME/SESSION`. */
  readonly arn: string;
}

/** A role, and the name of the session that is asked for. */
export type RoleSession = RoleRequest & { readonly sessionName: string };

/** STS, as sources of credentials ask it. Its functions throw a Failure. */
export interface Sts {
  /**
   * @param words whose keys these are, where nobody names their ARN
   */
  assumeRole(credentials: Credentials, role: RoleSession, words: string): Promise<AssumedKeys>;
  /** @param tokenFile for messages */
  assumeRoleWithWebIdentity(
    token: string,
    role: Pick<RoleSession, "roleArn" | "sessionName" | "from">,
    tokenFile: string,
  ): Promise<AssumedKeys>;
}

/** Finds out how STS is reached, when it is asked for the first time. */
export type StsReach = () => Promise<Sts>;
