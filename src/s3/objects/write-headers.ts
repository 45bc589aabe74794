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

function given(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** What makes an object: the headers of PutObject, CreateMultipartUpload and CopyObject, which name them alike. */
export function writeHeaders(parameters: WriteParameters): Record<string, string> {
  return {
    ...given({
      "x-amz-acl": parameters.acl,
      "content-type": parameters.contentType,
      "cache-control": parameters.cacheControl,
      "content-disposition": parameters.contentDisposition,
      "content-encoding": parameters.contentEncoding,
      "content-language": parameters.contentLanguage,
      expires: parameters.expires,
      "x-amz-storage-class": parameters.storageClass,
      "x-amz-server-side-encryption": parameters.serverSideEncryption,
      "x-amz-server-side-encryption-aws-kms-key-id": parameters.kmsKeyId,
      "x-amz-website-redirect-location": parameters.websiteRedirect,
    }),
    ...grantHeaders(parameters.grants),
    ...metadataHeaders(parameters.metadata),
    ...partHeaders(parameters),
  };
}

/** What every request about an upload repeats. */
export function partHeaders(parameters: WriteParameters): Record<string, string> {
  return {
    ...given({ "x-amz-request-payer": parameters.requestPayer }),
    ...customerKeyHeaders(parameters.customerKey),
  };
}
