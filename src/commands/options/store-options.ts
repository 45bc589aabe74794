import { firstRegion, partitionOf } from "../../aws/partition.js";
import { checkedRegion } from "../../cli/checked-region.js";
import { isEndpointUrl } from "../../cli/endpoint-url.js";
import type { Invocation } from "../../cli/invocation.js";
import { conflictingOptions } from "../../cli/option-failures.js";
import { givenRegion } from "../../cli/region.js";
import { settingsOf } from "../../cli/settings-of.js";
import type { Context } from "../../context.js";
import type { CredentialProvider } from "../../credentials/provider.js";
import type { NamedValue, SettingsInForce } from "../../profiles/settings-in-force.js";
import { endpointUnusable } from "../../s3/failures.js";
import type { StoreOptions } from "../../s3/store.js";
import {
  checksums,
  configured,
  configuredEndpoint,
  isConfigured,
  isTrue,
  type Surroundings,
} from "./configured.js";
import { accelerateUnusable, badAddressingStyle, badSetting, fipsUnsupported } from "./failures.js";
import { numberOption, partSizeOption, secondsOption } from "./values.js";

/** A server that is silent for this long is given up, before its response and within it: the AWS CLI's default. */
const READ_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * An option that names a region.
 *
 * @throws Failure `bad-region`, exit code 252
 */
export function regionOption(
  invocation: Invocation,
  name: "region" | "source-region" | "bucket-region",
): string | undefined {
  const value = invocation.value(name);
  // Of all regions, for the AWS CLI.
  if (name === "bucket-region" && value === "") return undefined;
  return value === undefined ? undefined : checkedRegion(value, `--${name}`);
}

/** S3 Transfer Acceleration's hosts (Amazon S3 User Guide). */
const ACCELERATE = /^https?:\/\/(?:[^/:]+\.)?s3-accelerate\./i;

/** Before anything is sent, so that it is a wrong command line (252) and no failed transfer. */
function checkedEndpoint(url: string, from?: string): string {
  if (!isEndpointUrl(url)) throw endpointUnusable(url, from);
  if (ACCELERATE.test(url)) throw accelerateUnusable(`the endpoint ${url}`);
  return url;
}

/** `--endpoint-url`, else what environment and profile say. */
function endpointOf(invocation: Invocation, surroundings: Surroundings): string | undefined {
  const given = invocation.value("endpoint-url");
  if (given !== undefined) return checkedEndpoint(given);
  const found = configuredEndpoint(surroundings, "s3");
  // A variable is named in any case.
  return found && checkedEndpoint(found.value, surroundings.env[found.from] ? undefined : found.from);
}

/**
 * `--addressing-style`, or `addressing_style` below `s3 =` of the profile.
 *
 * @throws Failure (252) where it is another word, and where the profile turns acceleration on
 */
function addressingStyleOf(
  invocation: Invocation,
  { settings }: Surroundings,
): StoreOptions["addressingStyle"] {
  const s3 = settings.get("s3");
  // The AWS CLI ends at it, too.
  if (s3?.value && !s3.value.startsWith("\n"))
    throw badSetting("s3", s3, "Expected s3 = and, indented in the lines below it, addressing_style = path.");
  const accelerate = settings.get("s3.use_accelerate_endpoint");
  if (accelerate !== undefined && isTrue(accelerate.value))
    throw accelerateUnusable(`use_accelerate_endpoint in ${accelerate.from}`);
  const set = settings.get("s3.addressing_style");
  const given = invocation.value("addressing-style") ?? set?.value ?? "auto";
  if (given !== "path" && given !== "virtual" && given !== "auto")
    throw badAddressingStyle(given, set?.from ?? "");
  return given;
}

/** `--region`, variables and secrets, the profile. */
function regionInForce(
  invocation: Invocation,
  context: Pick<Context, "env" | "secretsFolder">,
  settings: SettingsInForce,
): string | undefined {
  const option = regionOption(invocation, "region");
  if (option !== undefined) return option;
  const found = givenRegion(context) ?? settings.get("region");
  return found?.value ? checkedRegion(found.value, found.from) : undefined;
}

/** How to reach the server, as far as command line and environment say. */
export interface Connection extends Omit<StoreOptions, "credentials" | "expire" | "region"> {
  readonly region: string | undefined;
  /** `--expect-role`: its partition is asked where neither a region nor the keys name one. */
  readonly expectedRole: string | undefined;
  /** `--bucket-region` is of S3 alone: it tells of the buckets of a region there only. */
  readonly stsRegion: string | undefined;
  /** For STS, where S3 has more than one: `s3 = use_dualstack_endpoint` is of S3 alone. */
  readonly stsDualStack: boolean;
  /** Where STS is, if environment or profile say so; throws `services-missing`. */
  readonly stsEndpoint: () => NamedValue | undefined;
}

/** `fips-us-west-2` and `us-west-2-fips` are the FIPS endpoints of us-west-2 (botocore's _normalize_fips_region). */
function ofFips(named: string | undefined): { region: string | undefined; isFips: boolean } {
  const region = named?.replace("fips-", "").replace("-fips", "");
  return { region, isFips: region !== named };
}

/**
 * @throws Failure (252) when an option or a setting makes no sense; (253) `services-missing`, `sso-session`, and as settingsOf
 */
export function connectionOf(
  invocation: Invocation,
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
): Connection {
  const { env } = context;
  const settings = settingsOf(context, {
    profile: invocation.value("profile"),
    credentialsFile: invocation.value("credentials-file"),
    ifAvailable: invocation.flag("if-available"),
    unsigned: invocation.flag("no-sign-request"),
  });
  settings.checkSsoSession();
  const surroundings = { env, settings };
  const verifySsl = !invocation.flag("no-verify-ssl");
  const dualStack = isConfigured(surroundings, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  const { region, isFips } = ofFips(regionInForce(invocation, context, settings));
  const bucketRegion = regionOption(invocation, "bucket-region");
  const caBundle =
    invocation.value("ca-bundle") ?? configured(surroundings, "AWS_CA_BUNDLE", "ca_bundle")?.value;
  return {
    region: invocation.flag("region") ? region : (bucketRegion ?? region),
    stsRegion: region,
    expectedRole: invocation.value("expect-role"),
    endpointUrl: endpointOf(invocation, surroundings),
    stsEndpoint: () => configuredEndpoint(surroundings, "sts"),
    addressingStyle: addressingStyleOf(invocation, surroundings),
    requestPayer: invocation.value("request-payer"),
    // Where nothing is verified, nobody looks into it.
    caBundle: verifySsl ? caBundle : undefined,
    verifySsl,
    dualStack: dualStack || isTrue(settings.get("s3.use_dualstack_endpoint")?.value),
    stsDualStack: dualStack,
    fips: isFips || isConfigured(surroundings, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
    requestChecksums: checksums(surroundings, "request_checksum_calculation"),
    responseChecksums: checksums(surroundings, "response_checksum_validation"),
    connectTimeoutMs: secondsOption(invocation, "cli-connect-timeout", CONNECT_TIMEOUT_MS),
    readTimeoutMs: secondsOption(invocation, "cli-read-timeout", READ_TIMEOUT_MS),
    concurrency: numberOption(invocation, "concurrency", 1, 1000),
    partSize: partSizeOption(invocation),
  };
}

/** What the SDKs call a client without a region; it is no part of a host's name. */
const NO_REGION = "aws-global";

/**
 * A connection with the keys that sign its requests.
 *
 * @param provider undefined: requests go unsigned
 * @param arns what is known of whose the keys are: where no region is named, their partition is asked first
 * @throws Failure `fips-unsupported` (252) in China, as botocore's endpoint rule set of S3; STS has such endpoints there
 */
export function storeOptions(
  { region, expectedRole, stsEndpoint, stsRegion, stsDualStack, ...connection }: Connection,
  provider?: CredentialProvider,
  arns: readonly (string | undefined)[] = [],
): StoreOptions {
  const first = region === undefined || region === NO_REGION ? firstRegion(...arns, expectedRole) : region;
  const isOfAws = connection.endpointUrl === undefined;
  if (connection.fips && isOfAws && partitionOf(first) === "aws-cn") throw fipsUnsupported(first);
  return {
    ...connection,
    region: first,
    credentials: provider === undefined ? undefined : () => provider.get(),
    expire: () => provider?.expire(),
  };
}

const OF_CREDENTIALS = [
  ...["expect-role", "expect-account", "min-ttl", "sts", "endpoint-url-sts"],
  ...["web-identity", "instance-role", "role-arn", "role-session-name", "external-id", "duration"],
] as const;

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

/** `--page-size`: more than S3 gives in one response is no mistake, as for the AWS CLI. */
export function pageSizeOption(invocation: Invocation): number | undefined {
  return numberOption(invocation, "page-size", 1);
}
