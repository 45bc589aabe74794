import { ExitCode, Failure } from "../failure.js";
import { sayDuration } from "../output/duration.js";
import { printable } from "../output/printable.js";
import type { Credentials } from "./credentials.js";
import { isSameRole } from "./role-name.js";

/** What the user demands of the credentials before anything is done with them. */
export interface Expectations {
  /** ARN, name or pattern. */
  readonly role?: string | undefined;
  readonly account?: string | undefined;
  /** The least time that must be left, ms. */
  readonly minTtlMs?: number | undefined;
}

const exitCode = ExitCode.failed;

function checkRole(expected: string, { roleArn }: Credentials): void {
  if (roleArn !== undefined && isSameRole(expected, roleArn)) return;
  throw new Failure("unexpected-role", {
    message: `expected the role ${printable(expected)}, found ${roleArn === undefined ? "credentials that name none" : printable(roleArn)}`,
    hint:
      roleArn === undefined
        ? "this source does not tell its role: check it with verify --sts"
        : "the step runs with another role than it was written for: nothing was done",
    exitCode,
  });
}

function checkAccount(expected: string, { accountId }: Credentials): void {
  if (accountId === expected) return;
  throw new Failure("unexpected-account", {
    message: `expected the account ${printable(expected)}, found ${accountId === undefined ? "credentials that name none" : printable(accountId)}`,
    hint:
      accountId === undefined
        ? "this source does not tell its account: check it with verify --sts"
        : "the step runs in another account than it was written for: nothing was done",
    exitCode,
  });
}

function checkTimeLeft(minTtlMs: number, { expiration, sessionToken }: Credentials, now: number): void {
  // Keys without a token are a user's own, which do not expire.
  if (expiration === undefined && sessionToken === undefined) return;
  const left = expiration === undefined ? undefined : expiration.epochMs - now;
  if (left !== undefined && left >= minTtlMs) return;
  throw new Failure("too-little-time", {
    message: `expected credentials that live at least ${sayDuration(minTtlMs)}, found ${left === undefined ? "temporary ones without an expiry" : `${sayDuration(Math.max(0, left))} left`}`,
    hint: "the endpoint renews them shortly before they expire: fetch them later, or ask for less",
    exitCode,
  });
}

/** @throws Failure `unexpected-role`, `unexpected-account`, `too-little-time`, exit code 1 */
export function checkExpectations(credentials: Credentials, expected: Expectations, now: number): void {
  if (expected.role !== undefined) checkRole(expected.role, credentials);
  if (expected.account !== undefined) checkAccount(expected.account, credentials);
  if (expected.minTtlMs !== undefined) checkTimeLeft(expected.minTtlMs, credentials, now);
}
