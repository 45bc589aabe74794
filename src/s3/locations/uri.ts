import { parseAccessPoint } from "../endpoint/access-point.js";
import { badBucketName, bareKey, directoryBucket, missingBucket, unsupportedArn } from "./failures.js";
import { meantS3Uri } from "./meant-uri.js";

/** `s3://bucket/key`, taken apart once. `bucket` may be an access point's ARN; `key` may be empty. */
export interface S3Uri {
  readonly bucket: string;
  readonly key: string;
}

export const S3_SCHEME = "s3://";

/** Access points, also on Outposts, which hold `/` and `:` of their own before the key begins. */
const ACCESS_POINT = [
  /^(arn:aws[^:]*:s3:[a-z0-9-]*:[0-9]{12}:accesspoint[:/][^/]+)\/?(.*)$/s,
  /^(arn:aws[^:]*:s3-outposts:[a-z0-9-]+:[0-9]{12}:outpost[/:][a-zA-Z0-9-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9-]{1,63})[/:]?(.*)$/s,
];
const OBJECT_LAMBDA = /^arn:aws[^:]*:s3-object-lambda:/;
const OUTPOST_BUCKET = /^arn:aws[^:]*:s3-outposts:[^:]*:[0-9]{12}:outpost[/:][^/:]+[/:]bucket[/:]/;
const MULTI_REGION = /^arn:aws[^:]*:s3::[0-9]{12}:accesspoint[:/]/;

/** How the names of directory buckets end, and of their access points (Amazon S3 User Guide). */
const DIRECTORY = /--xa?-s3$/;

/** The AWS CLI's rule (botocore's VALID_BUCKET), without the names that a path would lose. */
function isBucketName(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,255}$/.test(text) && text !== "." && text !== "..";
}

export function isS3Uri(text: string): boolean {
  return text.startsWith(S3_SCHEME);
}

/**
 * Parses what stands after `s3://`, as the AWS CLI does: all up to the first `/` is the bucket, the rest the key, byte
 * for byte.
 *
 * @throws Failure 252 for a URI without a bucket or with a misspelt scheme, for what cannot be a bucket's name, and for
 *   the kinds of ARN that no copy can address
 */
export function parseS3Uri(text: string): S3Uri {
  const path = isS3Uri(text) ? text.slice(S3_SCHEME.length) : text;
  if (OBJECT_LAMBDA.test(path)) throw unsupportedArn("an Object Lambda access point");
  if (OUTPOST_BUCKET.test(path)) throw unsupportedArn("a bucket on Outposts");
  if (MULTI_REGION.test(path))
    throw unsupportedArn("a multi-region access point, which only SigV4A can sign for");
  for (const pattern of ACCESS_POINT) {
    const [, bucket, key] = pattern.exec(path) ?? [];
    if (bucket !== undefined && key !== undefined && parseAccessPoint(bucket)) return { bucket, key };
  }
  const slash = path.indexOf("/");
  const bucket = slash < 0 ? path : path.slice(0, slash);
  // `s3:/b` would ask for a bucket named `s3:`.
  const meant = meantS3Uri(text);
  if (bucket === "" || meant !== undefined) throw missingBucket(text, meant);
  // Throws for what no request can be made for.
  if (bucket.startsWith("arn:")) parseAccessPoint(bucket);
  else if (!isBucketName(bucket)) throw badBucketName(bucket);
  if (DIRECTORY.test(bucket)) throw directoryBucket(bucket);
  return { bucket, key: slash < 0 ? "" : path.slice(slash + 1) };
}

/** @throws Failure 252 when the URI names a bucket only */
export function requireKey(uri: S3Uri): S3Uri {
  if (uri.key === "") throw bareKey(formatS3Uri(uri.bucket, ""));
  return uri;
}

export function formatS3Uri(bucket: string, key: string): string {
  return `${S3_SCHEME}${bucket}/${key}`;
}
