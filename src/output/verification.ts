import type { Credentials, SourceDescription } from "../credentials/credentials.js";
import { sayDuration } from "./duration.js";
import { printable } from "./printable.js";

/** Who STS says the keys belong to. */
export interface Caller {
  readonly arn: string;
  readonly account: string;
  readonly userId: string;
}

/**
 * What `verify --json` prints: a stable schema, documented in docs/reference.md. Fields may be added, never changed;
 * what is not known is null. Nothing in it is secret.
 */
export interface Verification {
  readonly available: true;
  readonly roleArn: string | null;
  readonly accountId: string | null;
  /** All but the last four characters are stars. */
  readonly accessKeyId: string;
  /** RFC 3339; null for keys that do not expire, or whose source does not say when. */
  readonly expiration: string | null;
  readonly secondsLeft: number | null;
  readonly hasSessionToken: boolean;
  readonly source: {
    readonly kind: SourceDescription["kind"];
    readonly name: string;
    readonly place: SourceDescription["place"];
    readonly address: string | null;
    readonly path: string | null;
  };
  /** Only with --sts. */
  readonly caller: Caller | null;
}

/** @param now ms since the epoch */
export function verification(
  credentials: Credentials,
  { kind, name, place, address, path }: SourceDescription,
  caller: Caller | undefined,
  now: number,
): Verification {
  const { roleArn, accountId, accessKeyId, expiration, sessionToken } = credentials;
  return {
    available: true,
    roleArn: roleArn ?? null,
    accountId: accountId ?? caller?.account ?? null,
    accessKeyId: withoutAllButLastFour(accessKeyId),
    expiration: expiration?.text ?? null,
    secondsLeft: expiration === undefined ? null : Math.floor((expiration.epochMs - now) / 1000),
    hasSessionToken: sessionToken !== undefined,
    source: { kind, name, place, address: address ?? null, path: path ?? null },
    caller: caller ?? null,
  };
}

function withoutAllButLastFour(accessKeyId: string): string {
  // Of a short one, four characters would be most of it.
  const shown = accessKeyId.length < 12 ? "" : accessKeyId.slice(-4);
  return "*".repeat(16) + shown;
}

export function reportJson(found: Verification): string {
  return `${JSON.stringify(found, null, 2)}\n`;
}

/** Aligned lines for a person. What the source does not tell is left out, but for the role and the expiry. */
export function reportText(found: Verification): string {
  const { source, caller } = found;
  const where = `${source.address ?? ""}${source.path ?? ""}`;
  const rows: readonly (readonly [string, string | null])[] = [
    ["Role", found.roleArn ?? `not told by this source${caller ? "" : " (verify --sts asks)"}`],
    ["Account", found.accountId],
    ["Access key", found.accessKeyId],
    ["Expires", expiry(found)],
    ["Session", found.hasSessionToken ? null : "no session token: long-lived keys"],
    ["Source", `${source.name} (${PLACES[source.place]})`],
    [source.kind === "container" ? "Endpoint" : "File", where === "" || where === source.name ? null : where],
    ["STS says", caller === null ? null : caller.arn],
  ];
  return rows
    .flatMap(([label, value]) => (value === null ? [] : [`${label.padEnd(12)}${printable(value)}\n`]))
    .join("");
}

const PLACES = {
  option: "option",
  environment: "environment variable",
  secret: "secret file",
  file: "file",
} as const;

function expiry({ expiration, secondsLeft }: Verification): string {
  return expiration === null || secondsLeft === null
    ? "not told by this source"
    : `${expiration} (${sayDuration(secondsLeft * 1000)} left)`;
}
