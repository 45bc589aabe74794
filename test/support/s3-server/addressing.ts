/**
 * Domains whose first label is a bucket in virtual-host style: Amazon's, and two that tests use. The rest is a server
 * reached in path style.
 * Source: "Virtual hosting of general purpose buckets", Amazon S3 User Guide.
 */
const DOMAINS = [
  /^(?<bucket>.+)\.s3(?:-fips)?(?:\.dualstack)?(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/,
  /^(?<bucket>.+)\.localhost$/,
  /^(?<bucket>.+)\.s3\.test$/,
];

/** The bucket that a Host header names; undefined for path style. */
export function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  for (const domain of DOMAINS) {
    const bucket = domain.exec(name)?.groups?.bucket;
    if (bucket !== undefined) return bucket;
  }
  return undefined;
}
