import { firstRegion } from "../../aws/partition.js";
import { isEndpointUrl } from "../../cli/endpoint-url.js";
import type { Invocation } from "../../cli/invocation.js";
import { conflictingOptions } from "../../cli/option-failures.js";
import { checkedRegion, profileInForce, regionOf } from "../../cli/region.js";
import type { Context, Environment } from "../../context.js";
import type { CredentialProvider } from "../../credentials/provider.js";
import { endpointUnusable } from "../../s3/failures.js";
import type { StoreOptions } from "../../s3/store.js";
import { accelerateUnusable, badAddressingStyle } from "./failures.js";
import { numberOption, partSizeOption, secondsOption } from "./values.js";

/** A server that is silent for this long is given up, before its response and within it: the AWS CLI's default. */
const READ_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

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
function checkedEndpoint(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (!isEndpointUrl(url)) throw endpointUnusable(url);
  if (ACCELERATE.test(url)) throw accelerateUnusable(`the endpoint ${url}`);
  return url;
}

/**
 * `--addressing-style`, or `addressing_style` below `s3 =` of the profile.
 *
 * @throws Failure (252) where it is another word, and where the profile turns acceleration on
 */
function addressingStyleOf(
  invocation: Invocation,
  { env }: Pick<Context, "env">,
): StoreOptions["addressingStyle"] {
  const profile = profileInForce(env, invocation.value("profile"));
  if (isTrue(profile?.settings.get("s3.use_accelerate_endpoint")))
    throw accelerateUnusable(`use_accelerate_endpoint in ${profile?.from}`);
  const given =
    invocation.value("addressing-style") ?? profile?.settings.get("s3.addressing_style") ?? "auto";
  if (given !== "path" && given !== "virtual" && given !== "auto")
    throw badAddressingStyle(given, profile?.from ?? "");
  return given;
}

/** `--endpoint-url`, or the variables that every SDK reads, the one for S3 first. */
function endpointOf(invocation: Invocation, env: Environment): string | undefined {
  const given = invocation.value("endpoint-url");
  if (given !== undefined) return given;
  if (isTrue(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)) return undefined;
  return env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined;
}

/** How to reach the server, as far as command line and environment say. */
export interface Connection extends Omit<StoreOptions, "credentials" | "expire" | "region"> {
  readonly region: string | undefined;
  /** `--expect-role`: its partition is asked where neither a region nor the keys name one. */
  readonly expectedRole: string | undefined;
}

/** @throws Failure (252) when an option makes no sense */
export function connectionOf(
  invocation: Invocation,
  context: Pick<Context, "env" | "secretsFolder">,
): Connection {
  const { env } = context;
  const verifySsl = !invocation.flag("no-verify-ssl");
  const caBundle = invocation.value("ca-bundle") ?? (env.AWS_CA_BUNDLE || undefined);
  return {
    // S3 tells of the buckets of a region there only.
    region:
      regionOption(invocation, "region") ??
      regionOption(invocation, "bucket-region") ??
      regionOf(context, invocation.value("profile")),
    expectedRole: invocation.value("expect-role"),
    endpointUrl: checkedEndpoint(endpointOf(invocation, env)),
    addressingStyle: addressingStyleOf(invocation, context),
    requestPayer: invocation.value("request-payer"),
    // Where nothing is verified, nobody looks into it.
    caBundle: verifySsl ? caBundle : undefined,
    verifySsl,
    dualStack: isTrue(env.AWS_USE_DUALSTACK_ENDPOINT),
    fips: isTrue(env.AWS_USE_FIPS_ENDPOINT),
    connectTimeoutMs: secondsOption(invocation, "cli-connect-timeout", CONNECT_TIMEOUT_MS),
    readTimeoutMs: secondsOption(invocation, "cli-read-timeout", READ_TIMEOUT_MS),
    concurrency: numberOption(invocation, "concurrency", 1, 1000),
    partSize: partSizeOption(invocation),
  };
}

/**
 * A connection with the keys that sign its requests.
 *
 * @param provider undefined: requests go unsigned
 * @param arns what is known of whose the keys are: where no region is named, their partition is asked first
 */
export function storeOptions(
  { region, expectedRole, ...connection }: Connection,
  provider?: CredentialProvider,
  arns: readonly (string | undefined)[] = [],
): StoreOptions {
  return {
    ...connection,
    region: region ?? firstRegion(...arns, expectedRole),
    credentials: provider === undefined ? undefined : () => provider.get(),
    expire: () => provider?.expire(),
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

/** `--page-size`: more than S3 gives in one response is no mistake, as for the AWS CLI. */
export function pageSizeOption(invocation: Invocation): number | undefined {
  return numberOption(invocation, "page-size", 1);
}
