import type { Invocation } from "../../cli/invocation.js";
import type { CopyParameters, ReadParameters, WriteParameters } from "../../s3/store.js";
import { customerKeyOption } from "./customer-key.js";
import { badGrant, badTime } from "./failures.js";
import { metadataOption } from "./metadata.js";
import { regionOption } from "./store-options.js";
import { parseTime } from "./time.js";
import { checkedHeader, headerOption } from "./values.js";

type Grant = NonNullable<WriteParameters["grants"]>[number];

const PERMISSIONS: readonly string[] = [
  "read",
  "full",
  "readacl",
  "writeacl",
] satisfies Grant["permission"][];

/** `read=uri=http://…,id=…`, several in one value parted by spaces. */
function parseGrants(values: readonly string[]): Grant[] {
  return values
    .flatMap((value) => value.split(/\s+/).filter((part) => part !== ""))
    .map((grant) => {
      const equals = grant.indexOf("=");
      const permission = grant.slice(0, Math.max(equals, 0));
      const grantee = grant.slice(equals + 1);
      if (!PERMISSIONS.includes(permission) || grantee === "") throw badGrant();
      checkedHeader(grantee, "grants");
      return { permission: permission as Grant["permission"], grantee };
    });
}

/** HTTP has its own form of a date. */
function expiresOption(invocation: Invocation): string | undefined {
  const value = headerOption(invocation, "expires");
  if (value === undefined) return undefined;
  const time = parseTime(value);
  if (time === undefined) throw badTime(value);
  return time;
}

/** Leaves out what is undefined, so that a spread does not hide what is below it. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** What new objects get, from the command line. */
export function writeParameters(invocation: Invocation): WriteParameters {
  const grants = parseGrants(invocation.values("grants"));
  return defined({
    acl: invocation.value("acl"),
    grants: grants.length > 0 ? grants : undefined,
    contentType: headerOption(invocation, "content-type"),
    cacheControl: headerOption(invocation, "cache-control"),
    contentDisposition: headerOption(invocation, "content-disposition"),
    contentEncoding: headerOption(invocation, "content-encoding"),
    contentLanguage: headerOption(invocation, "content-language"),
    expires: expiresOption(invocation),
    metadata: metadataOption(invocation),
    storageClass: invocation.value("storage-class"),
    serverSideEncryption: invocation.value("sse"),
    kmsKeyId: headerOption(invocation, "sse-kms-key-id"),
    customerKey: customerKeyOption(invocation, "sse-c"),
    websiteRedirect: headerOption(invocation, "website-redirect"),
    checksumAlgorithm: invocation.value("checksum-algorithm"),
  });
}

/** The same for copies from S3 to S3. */
export function copyParameters(invocation: Invocation, write: WriteParameters): CopyParameters {
  return {
    ...write,
    copyProps: invocation.value("copy-props") ?? "default",
    ...defined({
      metadataDirective: invocation.value("metadata-directive"),
      sourceCustomerKey: customerKeyOption(invocation, "sse-c-copy-source"),
      sourceRegion: regionOption(invocation, "source-region"),
    }),
  };
}

/** What reading objects takes: the same customer key, since a fifo gives it only once. */
export function readParameters(invocation: Invocation, { customerKey }: WriteParameters): ReadParameters {
  return defined({
    customerKey,
    checksumMode: invocation.value("checksum-mode"),
  });
}
