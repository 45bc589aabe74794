import { ExitCode, Failure } from "../failure.js";
import { sayDuration } from "../output/duration.js";
import { printable } from "../output/printable.js";
import type { Caller, Credentials } from "./credentials.js";
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

const exitCode = ExitCode.failed;

/** STS's word, and who kept silent, or said something else, before it was asked. */
export interface Asked {
  readonly caller: Caller;
  /** `the endpoint`, `the file` … */
  readonly source: string;
}

/** What was found instead: where STS was asked, both halves. */
function found(what: string, named: string | undefined, told: string | undefined, source = ""): string {
  if (told === undefined)
    return `, found ${named === undefined ? "credentials that name none" : printable(named)}`;
  return named === undefined
    ? `; ${source} does not name the ${what}, and STS says ${printable(told)}`
    : `; ${source} names ${printable(named)}, and STS says ${printable(told)}`;
}

function checkRole(expected: string, credentials: Credentials, asked: Asked | undefined): void {
  const { roleArn } = identityOf(credentials, asked?.caller);
  if (roleArn !== undefined && isSameRole(expected, roleArn)) return;
  throw new Failure("unexpected-role", {
    message: `expected the role ${printable(expected)}${found("role", credentials.roleArn, asked?.caller.arn, asked?.source)}`,
    hint: "the step runs with another role than it was written for, and nothing was done: run it with that role, or change --expect-role",
    exitCode,
  });
}

function checkAccount(expected: string, credentials: Credentials, asked: Asked | undefined): void {
  if (identityOf(credentials, asked?.caller).accountId === expected) return;
  throw new Failure("unexpected-account", {
    message: `expected the account ${printable(expected)}${found("account", credentials.accountId, asked?.caller.account, asked?.source)}`,
    hint: "the step runs in another account than it was written for, and nothing was done: run it there, or change --expect-account",
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
