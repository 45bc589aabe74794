/**
 * The AWS partitions with their DNS suffixes, that of IPv4 and IPv6 together last, by the beginning of their regions'
 * names (partitions.json of the SDKs). A word and a number follow it.
 */
const PARTITIONS: readonly (readonly [prefix: string, name: string, suffix: string, dualStack: string])[] = [
  ["cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"],
  ["us-gov-", "aws-us-gov", "amazonaws.com", "api.aws"],
  ["us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov"],
  ["us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"],
  ["us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"],
  ["eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"],
  ["eusc-de-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"],
  ["", "aws", "amazonaws.com", "api.aws"],
];

const [COMMERCIAL] = PARTITIONS.slice(-1) as [(typeof PARTITIONS)[number]];

/** What is no region of another is one of `aws`, as for the SDKs. */
const partition = (region: string) =>
  PARTITIONS.find(([prefix]) => region.startsWith(prefix) && /^\w+-\d+$/.test(region.slice(prefix.length))) ??
  COMMERCIAL;

/** `aws` for `eu-west-1`. */
export const partitionOf = (region: string): string => partition(region)[1];

/** `amazonaws.com` for `eu-west-1`. */
export const dnsSuffix = (region: string): string => partition(region)[2];

/** The suffix of STS' hosts: `amazonaws.com` for `eu-west-1`, `api.aws` where IPv6 is wanted, too. */
export const stsSuffix = (region: string, dualStack: boolean): string => partition(region)[dualStack ? 3 : 2];

const REGION = "[a-z]{2,4}(?:-[a-z]+){1,2}-\\d{1,2}";

/** What precedes the DNS suffix in the hosts of S3 (AWS General Reference, Amazon S3 endpoints; AWS PrivateLink for Amazon S3). */
const S3_HOST = new RegExp(
  `^(?:.+\\.)?s3(?:-(?:(?:accesspoint-|outposts-)?fips|accesspoint|outposts|accelerate|external-1|(?:fips-)?${REGION}))?` +
    `(?:\\.dualstack)?(?:\\.${REGION}(?:\\.vpce)?)?$`,
);

/** Whether a URL leads to Amazon S3 itself, and not to a server of someone's behind a name of EC2's or of a load balancer. */
export function isAmazonS3Url(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return PARTITIONS.some(
    ([, , suffix]) => host.endsWith(`.${suffix}`) && S3_HOST.test(host.slice(0, -suffix.length - 1)),
  );
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
