import type { WriteParameters } from "../store.js";
import { customerKeyHeaders } from "./customer-key.js";

type Permission = NonNullable<WriteParameters["grants"]>[number]["permission"];

const GRANT_HEADERS: Readonly<Record<Permission, string>> = {
  read: "x-amz-grant-read",
  full: "x-amz-grant-full-control",
  readacl: "x-amz-grant-read-acp",
  writeacl: "x-amz-grant-write-acp",
};

function grantHeaders(grants: WriteParameters["grants"] = []): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { permission, grantee } of grants) {
    const header = GRANT_HEADERS[permission];
    headers[header] = headers[header] === undefined ? grantee : `${headers[header]},${grantee}`;
  }
  return headers;
}

function metadataHeaders(metadata: WriteParameters["metadata"] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name.toLowerCase()}`, value]),
  );
}

/**
 * Every parameter with the header that it is sent as; undefined: in another way, which stands beside it. A parameter that
 * is not here does not compile.
 */
const HEADERS: Readonly<Record<keyof WriteParameters, string | undefined>> = {
  acl: "x-amz-acl",
  contentType: "content-type",
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
  expires: "expires",
  storageClass: "x-amz-storage-class",
  serverSideEncryption: "x-amz-server-side-encryption",
  kmsKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  websiteRedirect: "x-amz-website-redirect-location",
  // Several headers each.
  grants: undefined,
  metadata: undefined,
  // With the parts, too.
  customerKey: undefined,
  // With the body that they are about.
  checksumAlgorithm: undefined,
  ifAbsent: undefined,
};

const PLAIN = Object.entries(HEADERS) as [keyof WriteParameters, string | undefined][];

function plainHeaders(parameters: WriteParameters): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, header] of PLAIN) {
    const value = parameters[name];
    if (header !== undefined && typeof value === "string") headers[header] = value;
  }
  return headers;
}

/** What makes an object: the headers of PutObject, CreateMultipartUpload and CopyObject, which name them alike. */
export function writeHeaders(parameters: WriteParameters): Record<string, string> {
  return {
    ...plainHeaders(parameters),
    ...grantHeaders(parameters.grants),
    ...metadataHeaders(parameters.metadata),
    ...partHeaders(parameters),
  };
}

/** What every request about an upload repeats. */
export function partHeaders(parameters: WriteParameters): Record<string, string> {
  return customerKeyHeaders(parameters.customerKey);
}
