import { badDuration, emptyExpectation, optionNeeds } from "../cli/failures.js";
import type { Invocation } from "../cli/invocation.js";
import type { Expectations } from "../credentials/expectations.js";
import { parseDuration } from "../output/duration.js";

/** The value of an option as milliseconds; throws a Failure (252) when it is no length of time. */
export function durationOption(name: string, invocation: Invocation): number | undefined {
  const value = invocation.value(name);
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === undefined || ms === 0) throw badDuration(name, value);
  return ms;
}

function filled(name: string, invocation: Invocation): string | undefined {
  const value = invocation.value(name);
  if (value?.trim() === "") throw emptyExpectation(name);
  return value;
}

/** What `--expect-role`, `--expect-account` and `--min-ttl` ask for. */
export function expectationsOf(invocation: Invocation): Expectations {
  const endpoint = invocation.value("endpoint-url-sts");
  const asksSts = ["sts", "expect-role", "expect-account"].some((name) => invocation.flag(name));
  if (endpoint !== undefined && !asksSts) throw optionNeeds("endpoint-url-sts", "--sts");
  return {
    role: filled("expect-role", invocation),
    account: filled("expect-account", invocation),
    minTtlMs: durationOption("min-ttl", invocation),
  };
}
