import type { Caller, Credentials } from "./credentials.js";

/** What the user demands of the credentials before anything is done with them. */
export interface Expectations {
  /** ARN, name or pattern. */
  readonly role?: string | undefined;
  readonly account?: string | undefined;
  /** The least time that must be left, ms. */
  readonly minTtlMs?: number | undefined;
}

/** STS's word, and who kept silent, or said something else, before it was asked. */
export interface Asked {
  readonly caller: Caller;
  /** `the endpoint`, `the file` … */
  readonly source: string;
}

/**
 * What an expectation is about that these credentials do not tell, so that STS must be asked: `role`, `account`, `role
 * and account`; undefined: nothing.
 */
export function unnamed(
  { roleArn, accountId }: Credentials,
  { role, account }: Expectations,
): string | undefined {
  const what = [
    ...(role !== undefined && roleArn === undefined ? ["role"] : []),
    ...(account !== undefined && accountId === undefined ? ["account"] : []),
  ];
  return what.length === 0 ? undefined : what.join(" and ");
}
