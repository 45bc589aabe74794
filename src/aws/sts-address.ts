import { firstRegion, partitionOf, stsSuffix } from "./partition.js";

/** What names the STS to ask. */
export interface StsPlace {
  /** Undefined: none is named. */
  readonly region: string | undefined;
  readonly fips: boolean;
  readonly dualStack: boolean;
  /** Undefined: the region's own endpoint. */
  readonly endpointUrl?: string | undefined;
}

/** Where STS is asked, and the region that its signature names. */
export interface StsAddress {
  readonly url: URL;
  readonly region: string;
}

/** The one endpoint that has no region in its name, and answers for us-east-1. */
const GLOBAL = "https://sts.amazonaws.com/";

function regionalUrl(region: string, fips: boolean, dualStack: boolean): string {
  // GovCloud's own endpoint is its FIPS endpoint.
  const isPlain = !fips || (partitionOf(region) === "aws-us-gov" && !dualStack);
  return `https://sts${isPlain ? "" : "-fips"}.${region}.${stsSuffix(region, dualStack)}/`;
}

/**
 * As the AWS CLI 2.36 finds it (botocore's endpoint rule set of STS): the region's endpoint; without any region the
 * global one. Without a region in another partition: that partition's first region, since no endpoint elsewhere knows
 * its roles.
 *
 * @param arns what is known of the role that is asked for, or of whose the keys are
 */
export function stsAddress(
  { region, fips, dualStack, endpointUrl }: StsPlace,
  arns: readonly (string | undefined)[],
): StsAddress {
  const named = region === "aws-global" ? undefined : region;
  const asked = named ?? firstRegion(...arns);
  const isGlobal = named === undefined && asked === "us-east-1" && !fips && !dualStack;
  const url = endpointUrl ?? (isGlobal ? GLOBAL : regionalUrl(asked, fips, dualStack));
  return { url: new URL(url), region: asked };
}
