import { createHash } from "node:crypto";
import type { StoredObject } from "./buckets.js";
import type { Checksum } from "./checksums.js";
import { customerKeyMd5 } from "./customer-key.js";
import { header, type S3Request } from "./s3-request.js";

const KEPT_HEADERS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-language",
  "expires",
  "x-amz-website-redirect-location",
];

const ENCRYPTION_HEADERS = ["x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"];

function pick(request: S3Request, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = header(request, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** `aws-chunked` is a coat of the transfer, not of the object. */
function contentEncoding(request: S3Request): Record<string, string> {
  const value = (header(request, "content-encoding") ?? "")
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "aws-chunked")
    .join(",");
  return value === "" ? {} : { "content-encoding": value };
}

/** `a=1&b=2` of x-amz-tagging. */
export function parseTags(text: string | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text ?? ""));
}

/** Everything about a new object that the headers of its request say. */
export function requestedProperties(
  request: S3Request,
): Pick<StoredObject, "headers" | "metadata" | "storageClass" | "tags"> & Partial<StoredObject> {
  const prefixed = (prefix: string) => Object.keys(request.headers).filter((name) => name.startsWith(prefix));
  const metadata = prefixed("x-amz-meta-").map(
    (name) => [name.slice(11), header(request, name) ?? ""] as const,
  );
  const acl = header(request, "x-amz-acl");
  const grants = pick(request, prefixed("x-amz-grant-"));
  const encryption = pick(request, ENCRYPTION_HEADERS);
  const keyMd5 = customerKeyMd5(request);
  return {
    headers: {
      "content-type": "binary/octet-stream",
      ...pick(request, KEPT_HEADERS),
      ...contentEncoding(request),
    },
    metadata: Object.fromEntries(metadata),
    storageClass: header(request, "x-amz-storage-class") ?? "STANDARD",
    tags: parseTags(header(request, "x-amz-tagging")),
    ...(acl === undefined ? {} : { acl }),
    ...(Object.keys(grants).length === 0 ? {} : { grants }),
    ...(Object.keys(encryption).length === 0 ? {} : { encryption }),
    ...(keyMd5 === undefined ? {} : { customerKeyMd5: keyMd5 }),
  };
}

/** S3's ETag of a whole body: its MD5, but under KMS and customer keys something else. */
export function etagOf(body: Buffer, properties: Partial<StoredObject>): string {
  const hash = createHash("md5").update(body);
  const isPlain =
    properties.customerKeyMd5 === undefined &&
    properties.encryption?.["x-amz-server-side-encryption"]?.startsWith("aws:kms") !== true;
  return (isPlain ? hash : hash.update("encrypted")).digest("hex");
}

/** The headers that tell of an object's encryption. */
export function encryptionHeaders(object: Partial<StoredObject>): Record<string, string> {
  if (object.customerKeyMd5 !== undefined) {
    return {
      "x-amz-server-side-encryption-customer-algorithm": "AES256",
      "x-amz-server-side-encryption-customer-key-md5": object.customerKeyMd5,
    };
  }
  return { "x-amz-server-side-encryption": "AES256", ...object.encryption };
}

/** The headers that tell of a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: checksum.value,
    "x-amz-checksum-type": checksum.type,
  };
}
