import type { Invocation } from "../../cli/invocation.js";
import { badDuration, contradictingValues, emptyExpectation } from "../../cli/option-failures.js";
import type { ValueName } from "../../cli/option-names.js";
import type { Context } from "../../context.js";
import type { Expectations } from "../../credentials/expectations.js";
import type { SourceSearch } from "../../credentials/find-source.js";
import { parseDuration } from "../../output/duration.js";
import type { Connection } from "./store-options.js";

/** What the command line says of the credentials: read once, before anybody is asked. */
export interface CredentialOptions {
  readonly search: Omit<SourceSearch, "purpose">;
  readonly expected: Expectations;
  /** `--sts`: ask in any case. */
  readonly sts: boolean;
  /** `--endpoint-url-sts`. */
  readonly stsUrl: string | undefined;
  /** How STS and S3 are reached; throws a Failure (252) when an option of it makes no sense. */
  readonly connection: () => Promise<Connection>;
  /** Say nothing of what others would use. */
  readonly quiet: boolean;
}

/** The value of an option as milliseconds; throws a Failure (252) when it is not a valid duration. */
function durationOption(name: ValueName, invocation: Invocation): number | undefined {
  const value = invocation.value(name);
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === undefined || ms === 0) throw badDuration(name, value);
  // Node's timers run for nearly 25 days; a longer one would end at once.
  return name === "timeout" ? Math.min(ms, 2 ** 31 - 1) : ms;
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
function expectations(invocation: Invocation): Expectations {
  filled("min-ttl", invocation);
  return {
    role: filled("expect-role", invocation),
    account: filled("expect-account", invocation),
    minTtlMs: durationOption("min-ttl", invocation),
  };
}

/** Those that say where to look, or what to do with what is found there, beside `--uri`; and what is seldom checked. */
const RARE =
  /^(?:expect-a|credentials-file|profile|web-i|instance-r|role-|external-|duration|endpoint-url-sts)/;

/**
 * @param connection where it was read already; else it is when STS is asked, since what reads it is compiled only then
 * @throws Failure (252) for an option that makes no sense
 */
export async function credentialOptions(
  invocation: Invocation,
  context: Context,
  connection?: Connection,
): Promise<CredentialOptions> {
  const stsUrl = invocation.value("endpoint-url-sts");
  // A wrong duration is a wrong command line, whether or not it would come to be used.
  const timeoutMs = durationOption("timeout", invocation);
  const expected = expectations(invocation);
  // What few give is compiled only for them.
  const rare = invocation.options.some(({ name }) => RARE.test(name))
    ? (await import("./source-options.js")).sourceOptions(invocation)
    : {};
  let reached = connection;
  const connect = async () => {
    const { connectionOf } = await import("../../s3-side.js");
    reached ??= connectionOf(invocation, context);
    return reached;
  };
  const sts = async () => {
    const { stsFor } = await import("../../s3-side.js");
    return stsFor(await connect(), stsUrl, timeoutMs, context);
  };
  return {
    expected,
    search: {
      uri: invocation.value("uri"),
      ifAvailable: invocation.flag("if-available"),
      timeoutMs,
      sts,
      ...rare,
    },
    sts: invocation.flag("sts"),
    stsUrl,
    quiet: invocation.flag("quiet"),
    connection: connect,
  };
}
