import type { Caller, Credentials } from "./credentials.js";
import { parseRoleArn } from "./role-name.js";

/** Whose keys they are, and who says so. Where STS was asked, all of it is STS's word: an endpoint may say anything. */
export interface Identity {
  readonly from: "source" | "sts";
  /** Undefined: not told, or STS named no role (a user's keys). */
  readonly roleArn: string | undefined;
  readonly accountId: string | undefined;
}

/** @param caller what STS said; undefined: it was not asked */
export function identityOf(
  { roleArn, accountId }: Pick<Credentials, "roleArn" | "accountId">,
  caller: Caller | undefined,
): Identity {
  if (caller === undefined) return { from: "source", roleArn, accountId };
  const isRole = parseRoleArn(caller.arn) !== undefined;
  return { from: "sts", roleArn: isRole ? caller.arn : undefined, accountId: caller.account };
}
