import {
  badDuration,
  conflictingOptions,
  contradictingValues,
  emptyExpectation,
  optionNeeds,
} from "../../cli/failures.js";
import type { Invocation } from "../../cli/invocation.js";
import type { ValueName } from "../../cli/option-names.js";
import type { Expectations } from "../../credentials/expectations.js";
import { parseDuration } from "../../output/duration.js";

/** The value of an option as milliseconds; throws a Failure (252) when it is not a valid duration. */
export function durationOption(name: ValueName, invocation: Invocation): number | undefined {
  const value = invocation.value(name);
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === undefined || ms === 0) throw badDuration(name, value);
  return ms;
}

/** The one value of a guard: of two different ones neither may be passed over. */
function filled(name: ValueName, invocation: Invocation): string | undefined {
  const values = invocation.values(name);
  if (values.some((value) => value !== values[0])) throw contradictingValues(name);
  const [value] = values;
  if (value?.trim() === "") throw emptyExpectation(name);
  return value;
}

/** What `--expect-role`, `--expect-account` and `--min-ttl` ask for. */
export function expectationsOf(invocation: Invocation): Expectations {
  const endpoint = invocation.value("endpoint-url-sts");
  const asksSts = (["sts", "expect-role", "expect-account"] as const).some((name) => invocation.flag(name));
  if (endpoint !== undefined && !asksSts) throw optionNeeds("endpoint-url-sts", "--sts");
  filled("min-ttl", invocation);
  return {
    role: filled("expect-role", invocation),
    account: filled("expect-account", invocation),
    minTtlMs: durationOption("min-ttl", invocation),
  };
}

const OF_CREDENTIALS = ["expect-role", "expect-account", "min-ttl", "sts", "endpoint-url-sts"] as const;

/**
 * Whether requests go unsigned (`--no-sign-request`).
 *
 * @throws Failure (252) when something is demanded of the credentials that are then not used
 */
export function isUnsigned(invocation: Invocation): boolean {
  if (!invocation.flag("no-sign-request")) return false;
  const demanded = OF_CREDENTIALS.find((name) => invocation.flag(name));
  if (demanded !== undefined) throw conflictingOptions(demanded, "no-sign-request");
  return true;
}
