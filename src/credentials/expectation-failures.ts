import { ExitCode, Failure } from "../failure.js";
import { sayDuration } from "../output/duration.js";
import { printable } from "../output/printable.js";
import type { Asked } from "./expectations.js";

/** What was found instead: where STS was asked, both halves. */
function found(what: string, named: string | undefined, told: string | undefined, source = ""): string {
  if (told === undefined)
    return `, found ${named === undefined ? "credentials that name none" : printable(named)}`;
  return named === undefined
    ? `; ${source} does not name the ${what}, and STS says ${printable(told)}`
    : `; ${source} names ${printable(named)}, and STS says ${printable(told)}`;
}

function failed(id: string, message: string, hint: string): Failure {
  return new Failure(id, { message, hint, exitCode: ExitCode.failed });
}

/** @param named by the source of the keys */
export function unexpectedRole(
  expected: string,
  named: string | undefined,
  asked: Asked | undefined,
): Failure {
  return failed(
    "unexpected-role",
    `expected the role ${printable(expected)}${found("role", named, asked?.caller.arn, asked?.source)}`,
    "nothing was done: run the step with the expected role, or change --expect-role",
  );
}

/** @param named by the source of the keys */
export function unexpectedAccount(
  expected: string,
  named: string | undefined,
  asked: Asked | undefined,
): Failure {
  return failed(
    "unexpected-account",
    `expected the account ${printable(expected)}${found("account", named, asked?.caller.account, asked?.source)}`,
    "nothing was done: run the step in the expected account, or change --expect-account",
  );
}

/** How to get keys that are valid for longer, by where they come from. */
function hintFor(leftMs: number | undefined): string {
  return leftMs === undefined
    ? "nothing says when these keys expire: a file written by `export --format process` or `aws configure export-credentials` does. Otherwise, leave --min-ttl out"
    : "keys in a file: export them again just before this step; an assumed role: raise --duration (an hour by default); an endpoint: it renews its keys shortly before they expire, so run the step later. Or lower --min-ttl";
}

/** @param leftMs undefined: temporary keys whose source does not say */
export function tooLittleTime(minTtlMs: number, leftMs: number | undefined): Failure {
  return failed(
    "too-little-time",
    `expected credentials valid for at least ${sayDuration(minTtlMs)}, found ${leftMs === undefined ? "temporary ones without an expiry" : `${sayDuration(Math.max(0, leftMs))} left`}`,
    hintFor(leftMs),
  );
}
