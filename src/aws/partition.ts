/** The DNS suffixes of the AWS partitions, by the beginning of their regions' names (partitions.json of the SDKs). */
const SUFFIXES: readonly (readonly [prefix: string, suffix: string])[] = [
  ["cn-", "amazonaws.com.cn"],
  ["us-iso-", "c2s.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
  ["eusc-", "amazonaws.eu"],
];

/** `amazonaws.com` for `eu-west-1`. */
export function dnsSuffix(region: string): string {
  return SUFFIXES.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "amazonaws.com";
}

/** Whether a URL leads to one of Amazon's own hosts. */
export function isAwsUrl(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return ["amazonaws.com", ...SUFFIXES.map(([, suffix]) => suffix)].some((one) => host.endsWith(`.${one}`));
}

/** Where each partition is asked when no region is named (`implicitGlobalRegion` in the SDKs' partitions). */
const FIRST_REGIONS: Readonly<Record<string, string>> = {
  "aws-cn": "cn-northwest-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-iso": "us-iso-east-1",
  "aws-iso-b": "us-isob-east-1",
  "aws-iso-e": "eu-isoe-west-1",
  "aws-iso-f": "us-isof-south-1",
  "aws-eusc": "eusc-de-east-1",
};

/**
 * The region to start in when none is named: the first of the partition that one of these ARNs is in.
 *
 * @param arns what is known: a role's ARN, or a pattern of one; what is none is passed over
 */
export function firstRegion(...arns: readonly (string | undefined)[]): string {
  const partitions = arns.map((arn) => /^arn:([a-z-]+):/.exec(arn ?? "")?.[1] ?? "");
  const known = partitions.find((partition) => Object.hasOwn(FIRST_REGIONS, partition)) ?? "";
  return FIRST_REGIONS[known] ?? "us-east-1";
}
