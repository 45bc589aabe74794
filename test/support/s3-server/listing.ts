import type { Bucket, StoredObject } from "./buckets.js";
import { type Call, emptyResponse, type Response, xmlResponse } from "./operation.js";
import { invalidArgument } from "./s3-error.js";
import { header, parameter } from "./s3-request.js";
import { document, element } from "./xml.js";

/** One line of a listing: an object, or the keys below a delimiter rolled into one. */
type Entry = { readonly key: string; readonly object?: StoredObject };

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** All entries after `after`, in the order of their bytes. */
function entries(bucket: Bucket, prefix: string, delimiter: string, after: string): Entry[] {
  const found: Entry[] = [];
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = at < 0 ? undefined : key.slice(0, at + delimiter.length);
    const name = common ?? key;
    if (byBytes(name, after) <= 0 || found.at(-1)?.key === name) continue;
    const object = bucket.object(key);
    found.push(common === undefined && object !== undefined ? { key, object } : { key: name });
  }
  return found;
}

/** As S3 encodes keys for `encoding-type=url`: everything but unreserved marks and slashes. */
function urlEncode(key: string): string {
  return encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replace(/[!'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `expiry-date="…"` of x-amz-restore, as a listing writes it: only of what has been restored. */
function expiryOf(restore: string): string | undefined {
  const date = /expiry-date="([^"]*)"/.exec(restore)?.[1];
  return date === undefined ? undefined : new Date(date).toISOString();
}

function contents(call: Call, object: StoredObject, encoded: string): string {
  const wantsRestore = header(call.request, "x-amz-optional-object-attributes")?.includes("RestoreStatus");
  const restore =
    wantsRestore && object.restore !== undefined
      ? `<RestoreStatus>${element("IsRestoreInProgress", object.restore.includes('"true"'))}${element("RestoreExpiryDate", expiryOf(object.restore))}</RestoreStatus>`
      : "";
  const checksum = object.checksum;
  return [
    "<Contents>",
    element("Key", encoded),
    element("LastModified", new Date(object.lastModified).toISOString()),
    element("ETag", `"${object.etag}"`),
    element("ChecksumAlgorithm", checksum?.algorithm),
    element("ChecksumType", checksum?.type),
    element("Size", object.body.length),
    element("StorageClass", object.storageClass),
    restore,
    "</Contents>",
  ].join("");
}

/** The continuation token hides where the page ended, so that no client builds one itself. */
const tokenOf = (key: string) => Buffer.from(key).toString("base64");

export function listObjectsV2(call: Call): Response {
  const { request, bucket } = call;
  bucket.allow("s3:ListBucket");
  if (parameter(request, "list-type") !== "2") throw invalidArgument("Only ListObjectsV2 is known here.");
  const prefix = parameter(request, "prefix") ?? "";
  const delimiter = parameter(request, "delimiter") ?? "";
  const maxKeys = Math.min(Number(parameter(request, "max-keys") ?? 1000), 1000);
  const token = parameter(request, "continuation-token");
  const startAfter = parameter(request, "start-after") ?? "";
  const isUrl = parameter(request, "encoding-type") === "url";
  const encode = (key: string) => (isUrl ? urlEncode(key) : key);
  const after = token === undefined ? startAfter : Buffer.from(token, "base64").toString();
  if (token !== undefined && tokenOf(after) !== token) {
    throw invalidArgument("The continuation token provided is incorrect");
  }
  const all = entries(bucket, prefix, delimiter, after);
  const page = all.slice(0, maxKeys);
  const isTruncated = all.length > page.length && maxKeys > 0;
  const lines = page.map(({ key, object }) =>
    object === undefined
      ? `<CommonPrefixes>${element("Prefix", encode(key))}</CommonPrefixes>`
      : contents(call, object, encode(key)),
  );
  const content = [
    element("Name", bucket.name),
    element("Prefix", encode(prefix)),
    delimiter === "" ? "" : element("Delimiter", encode(delimiter)),
    element("MaxKeys", maxKeys),
    isUrl ? element("EncodingType", "url") : "",
    element("KeyCount", page.length),
    element("ContinuationToken", token),
    element("IsTruncated", isTruncated),
    isTruncated ? element("NextContinuationToken", tokenOf(page.at(-1)?.key ?? "")) : "",
    ...lines,
  ];
  return xmlResponse(document("ListBucketResult", content.join("")));
}

export function listObjectVersions(call: Call): Response {
  call.bucket.allow("s3:ListBucket");
  const prefix = parameter(call.request, "prefix") ?? "";
  const lines = [...call.bucket.versions].flatMap(([key, versions]) =>
    key.startsWith(prefix)
      ? [...versions].reverse().map((version, index) => {
          const name = version.isDeleteMarker ? "DeleteMarker" : "Version";
          return `<${name}>${element("Key", key)}${element("VersionId", version.versionId)}${element("IsLatest", index === 0)}${element("LastModified", new Date(version.lastModified).toISOString())}${element("ETag", `"${version.etag}"`)}${element("Size", version.body.length)}</${name}>`;
        })
      : [],
  );
  return xmlResponse(
    document(
      "ListVersionsResult",
      `${element("Name", call.bucket.name)}${element("IsTruncated", false)}${lines.join("")}`,
    ),
  );
}

/** Pages only when it is asked for one of them, as S3. */
export function listBuckets(call: Call): Response {
  const prefix = parameter(call.request, "prefix");
  const region = parameter(call.request, "bucket-region");
  const after = Buffer.from(parameter(call.request, "continuation-token") ?? "", "base64").toString();
  const limit = parameter(call.request, "max-buckets");
  if (limit !== undefined && !(Number(limit) >= 1 && Number(limit) <= 10_000))
    throw invalidArgument("Argument max-buckets must be an integer between 1 and 10000");
  const rest = call.buckets
    .all()
    .filter(
      ({ name, region: own }) => name.startsWith(prefix ?? "") && own === (region ?? own) && name > after,
    );
  const page = rest.slice(0, Number(limit ?? rest.length));
  const isPaged = [prefix, region, limit].some((given) => given !== undefined);
  const list = page.map(
    (bucket) =>
      `<Bucket>${element("Name", bucket.name)}${element("CreationDate", new Date(bucket.created).toISOString())}${isPaged ? element("BucketRegion", bucket.region) : ""}</Bucket>`,
  );
  const owner = `<Owner>${element("ID", "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a")}</Owner>`;
  const next =
    page.length < rest.length ? element("ContinuationToken", tokenOf(page.at(-1)?.name ?? "")) : "";
  const said = `${prefix === undefined ? "" : element("Prefix", prefix)}${next}`;
  return xmlResponse(
    document("ListAllMyBucketsResult", `${owner}<Buckets>${list.join("")}</Buckets>${said}`),
  );
}

export function headBucket(call: Call): Response {
  call.bucket.allow("s3:ListBucket");
  return emptyResponse(200, { "x-amz-bucket-region": call.bucket.region });
}

export function getBucketLocation(call: Call): Response {
  const region = call.bucket.region === "us-east-1" ? "" : call.bucket.region;
  return xmlResponse(document("LocationConstraint", region));
}

export function createBucket(call: Call): Response {
  const name = call.request.bucket ?? "";
  call.buckets.create(name, call.region, call.now);
  return emptyResponse(200, { location: `/${name}` });
}

export function deleteBucket(call: Call): Response {
  call.buckets.delete(call.bucket.name);
  return emptyResponse(204);
}
