import type { Caller, Credentials, SourceDescription } from "../credentials/credentials.js";
import type { Identity } from "../credentials/identity.js";
import { sayDuration } from "./duration.js";
import { namedSource } from "./named-source.js";
import { printable, printableJson } from "./printable.js";

/** Who says so: the endpoint, the file that the keys are from (`x_principal_arn`), its command, STS, or the access key id. */
type Teller = "endpoint" | "file" | "process" | "sts" | "accessKeyId";

const TELLERS: { readonly [K in SourceDescription["kind"]]?: Teller } = {
  container: "endpoint",
  instance: "endpoint",
  process: "process",
  "web-identity": "sts",
  "assumed-role": "sts",
};

const tellerOf = ({ kind }: Pick<SourceDescription, "kind">): Teller => TELLERS[kind] ?? "file";

function shownSource({ kind, name, place, address, path, roleArn, base }: SourceDescription): ShownSource {
  return {
    kind,
    name,
    place,
    address: address ?? null,
    path: path ?? null,
    roleArn: roleArn ?? null,
    base: base === undefined ? null : shownSource(base),
  };
}

/** A source, and what it is a layer on. */
interface ShownSource {
  readonly kind: SourceDescription["kind"];
  readonly name: string;
  readonly place: SourceDescription["place"];
  readonly address: string | null;
  readonly path: string | null;
  /** The role that STS was asked for. */
  readonly roleArn: string | null;
  /** The source whose keys STS was asked with. */
  readonly base: ShownSource | null;
}

/**
 * What `verify --json` prints: a stable schema, documented in docs/reference.md. Fields may be added, never changed;
 * what is not known is null. Nothing in it is secret.
 */
export interface Verification {
  readonly available: true;
  /** STS's word where it was asked, else the endpoint's. */
  readonly roleArn: string | null;
  readonly accountId: string | null;
  /** Derived from the access key id: undocumented by AWS, for showing only. */
  readonly accessKeyAccountId: string | null;
  /** All but the last four characters are stars. */
  readonly accessKeyId: string;
  /** RFC 3339; null for keys that do not expire, or whose source does not say when. */
  readonly expiration: string | null;
  readonly secondsLeft: number | null;
  readonly hasSessionToken: boolean;
  readonly source: ShownSource;
  /** What names it; null: nothing does. */
  readonly region: { readonly name: string; readonly from: string } | null;
  /** Only where STS was asked. */
  readonly caller: Caller | null;
  /** Who tells each of them; null for what is not told. */
  readonly from: {
    readonly roleArn: Teller | null;
    readonly accountId: Teller | null;
    readonly accessKeyAccountId: Teller | null;
  };
  /** What the source itself names, whatever STS says. */
  readonly named: { readonly roleArn: string | null; readonly accountId: string | null };
  /** Where STS was asked: whether the source names another role or account. */
  readonly differs: boolean | null;
}

/** What is known of whose the keys are. */
export interface Whose {
  readonly identity: Identity;
  readonly accessKeyAccountId: string | undefined;
  /** Undefined: STS was not asked. */
  readonly caller: Caller | undefined;
  readonly differs: boolean;
}

/** @param now ms since the epoch */
export function verification(
  credentials: Credentials,
  source: SourceDescription,
  { identity, accessKeyAccountId, caller, differs }: Whose,
  region: { readonly value: string; readonly from: string } | undefined,
  now: number,
): Verification {
  const { accessKeyId, expiration, sessionToken } = credentials;
  const { roleArn, accountId } = identity;
  const from = identity.from === "sts" ? "sts" : tellerOf(source);
  return {
    available: true,
    roleArn: roleArn ?? null,
    accountId: accountId ?? null,
    accessKeyAccountId: accessKeyAccountId ?? null,
    accessKeyId: withoutAllButLastFour(accessKeyId),
    expiration: expiration?.text ?? null,
    secondsLeft: expiration === undefined ? null : Math.floor((expiration.epochMs - now) / 1000),
    hasSessionToken: sessionToken !== undefined,
    source: shownSource(source),
    region: region === undefined ? null : { name: region.value, from: region.from },
    caller: caller ?? null,
    from: {
      roleArn: roleArn === undefined ? null : from,
      accountId: accountId === undefined ? null : from,
      accessKeyAccountId: accessKeyAccountId === undefined ? null : "accessKeyId",
    },
    named: { roleArn: credentials.roleArn ?? null, accountId: credentials.accountId ?? null },
    differs: caller === undefined ? null : differs,
  };
}

function withoutAllButLastFour(accessKeyId: string): string {
  // Of a short one, four characters would be most of it.
  const shown = accessKeyId.length < 12 ? "" : accessKeyId.slice(-4);
  return "*".repeat(16) + shown;
}

export function reportJson(found: Verification): string {
  return `${printableJson(found, 2)}\n`;
}

const TOKENLESS = {
  "long-lived": "no session token: long-lived keys",
  temporary:
    "no session token, but the access key id (ASIA) is that of temporary keys: AWS refuses them without",
  misnamed: "no session token: the response has SessionToken where Token belongs, and no SDK reads that",
} as const;

/**
 * What is said of keys without a session token.
 *
 * @param accessKeyId of temporary keys begins with ASIA
 */
export function tokenless(accessKeyId: string, misnamed: boolean): string {
  return TOKENLESS[misnamed ? "misnamed" : accessKeyId.startsWith("ASIA") ? "temporary" : "long-lived"];
}

/** Aligned lines for a person. What the source does not tell is left out, but for the role and the expiry. */
export function reportText(found: Verification, sessionWords = TOKENLESS["long-lived"] as string): string {
  const { source, caller } = found;
  const where = whereOf(source);
  const rows: readonly (readonly [string, string | null])[] = [
    ["Role", found.roleArn ?? silence(found)],
    ["Account", account(found)],
    ["Access key", found.accessKeyId],
    ["Expires", expiry(found)],
    ["Session", found.hasSessionToken ? null : sessionWords],
    ["Source", namedSource(source)],
    [source.address === null ? "File" : "Endpoint", where === "" || where === source.name ? null : where],
    ...basesOf(source),
    ["Region", regionWords(found)],
    ["STS says", caller === null ? null : caller.arn],
    ["Differs", found.differs ? difference(found) : null],
  ];
  return rows
    .flatMap(([label, value]) => (value === null ? [] : [`${label.padEnd(12)}${printable(value)}\n`]))
    .join("");
}

const whereOf = ({ address, path }: ShownSource) => (address ?? "") + (path ?? "");

/** A row for each layer below: `Keys of     AWS_… (environment variable), http://…`. */
function basesOf({ base }: ShownSource): [string, string][] {
  if (base === null) return [];
  const words = [namedSource(base), whereOf(base)].filter(Boolean).join(", ");
  return [["Keys of", words], ...basesOf(base)];
}

function regionWords({ region }: Verification): string {
  return region === null
    ? "none is set: pass it with --build-arg AWS_REGION, and ARG AWS_REGION after FROM"
    : `${region.name} (${region.from})`;
}

/** In place of a role. */
function silence({ caller, source }: Verification): string {
  if (caller !== null) return "none: STS says that these are not a role's keys";
  return source.kind === "container"
    ? "the endpoint does not name it (verify --sts asks)"
    : "unknown: this source does not report it (verify --sts asks)";
}

function account({ accountId, accessKeyAccountId }: Verification): string | null {
  if (accountId !== null || accessKeyAccountId === null) return accountId;
  return `${accessKeyAccountId} (derived from the access key id, not confirmed)`;
}

function difference({ named, source }: Verification): string {
  const said = [
    ...(named.roleArn === null ? [] : [`the role ${named.roleArn}`]),
    ...(named.accountId === null ? [] : [`the account ${named.accountId}`]),
  ];
  return `the ${tellerOf(source)} names ${said.join(" and ")}`;
}

function expiry({ expiration, secondsLeft }: Verification): string {
  return expiration === null || secondsLeft === null
    ? "unknown: this source does not report it"
    : `${expiration} (${sayDuration(secondsLeft * 1000)} left)`;
}
