import type { Caller, Credentials } from "./credentials.js";
import { tooLittleTime, unexpectedAccount, unexpectedRole } from "./expectation-failures.js";
import { identityOf } from "./identity.js";
import { isSameRole } from "./role-name.js";

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

function checkRole(expected: string, credentials: Credentials, asked: Asked | undefined): void {
  const { roleArn } = identityOf(credentials, asked?.caller);
  if (roleArn === undefined || !isSameRole(expected, roleArn))
    throw unexpectedRole(expected, credentials.roleArn, asked);
}

function checkAccount(expected: string, credentials: Credentials, asked: Asked | undefined): void {
  if (identityOf(credentials, asked?.caller).accountId !== expected)
    throw unexpectedAccount(expected, credentials.accountId, asked);
}

function checkTimeLeft(minTtlMs: number, { expiration, sessionToken }: Credentials, now: number): void {
  // Keys without a token are a user's own, which do not expire.
  if (expiration === undefined && sessionToken === undefined) return;
  const left = expiration === undefined ? undefined : expiration.epochMs - now;
  if (left === undefined || left < minTtlMs) throw tooLittleTime(minTtlMs, left);
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

/**
 * @param asked what STS said, which then counts alone; undefined: it was not asked
 * @throws Failure `unexpected-role`, `unexpected-account`, `too-little-time`, exit code 1
 */
export function checkExpectations(
  credentials: Credentials,
  expected: Expectations,
  now: number,
  asked?: Asked,
): void {
  if (expected.role !== undefined) checkRole(expected.role, credentials, asked);
  if (expected.account !== undefined) checkAccount(expected.account, credentials, asked);
  if (expected.minTtlMs !== undefined) checkTimeLeft(expected.minTtlMs, credentials, now);
}
