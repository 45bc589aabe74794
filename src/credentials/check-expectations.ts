import type { Credentials } from "./credentials.js";
import { tooLittleTime, unexpectedAccount, unexpectedRole } from "./expectation-failures.js";
import type { Asked, Expectations } from "./expectations.js";
import { identityOf } from "./identity.js";
import { isSameRole } from "./same-role.js";

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
