import { partitionOf } from "../aws/partition.js";
import type { AskedFor, ServerError } from "../aws/server-error.js";
import { printable, shortened } from "../output/printable.js";
import type { Reason } from "./failure-reasons.js";

/** The permission that an operation needs, alone (Service Authorization Reference, "Actions defined by Amazon S3"). */
const PERMISSIONS: Readonly<Record<string, string>> = {
  ListBuckets: "s3:ListAllMyBuckets",
  ListObjectsV2: "s3:ListBucket",
  GetObject: "s3:GetObject",
  HeadObject: "s3:GetObject",
  PutObject: "s3:PutObject",
  CreateMultipartUpload: "s3:PutObject",
  UploadPart: "s3:PutObject",
  CompleteMultipartUpload: "s3:PutObject",
  AbortMultipartUpload: "s3:AbortMultipartUpload",
  DeleteObject: "s3:DeleteObject",
  GetObjectTagging: "s3:GetObjectTagging",
  PutObjectTagging: "s3:PutObjectTagging",
};

/** `arn:aws:s3:::b` or `arn:aws:s3:::b/k`, or an access point's: what a policy names. */
function resourceOf({ bucket, key, region = "" }: AskedFor): string {
  if (bucket === undefined) return "*";
  const isPoint = bucket.startsWith("arn:");
  const arn = isPoint ? bucket : `arn:${partitionOf(region)}:s3:::${bucket}`;
  return key === undefined ? arn : `${arn}${isPoint ? "/object" : ""}/${key}`;
}

/** The action and the resource that S3 names, where it says more than that access is denied. */
function named(message: string): readonly [action: string, resource: string] | undefined {
  const [, action, resource] =
    /not authorized to perform: ([\w-]+:\w+) on resource: "?([^"\s]+)"?/.exec(message) ?? [];
  return action === undefined || resource === undefined ? undefined : [action, resource];
}

function kmsReason(message: string): Reason {
  const [action = "that permission", key = "the KMS key"] = named(message) ?? [];
  return {
    id: "s3-kms",
    hint: `The role or user needs ${printable(action)} on ${shortened(printable(key))}, both in its own policy and in the key's.`,
  };
}

/** Whose policy S3 found to allow nothing ("Troubleshoot access denied (403 Forbidden) errors in Amazon S3"). */
function lackingPolicy(message: string, bucket = ""): string | undefined {
  const [, kind] = /because no ([\w -]{1,40}?) allows/.exec(message) ?? [];
  if (kind === "identity-based policy") return "policy of the role or user";
  if (kind === "resource-based policy")
    return bucket.startsWith("arn:") ? "policy of the access point or its bucket" : "bucket's policy";
  return kind;
}

/** For what another account's bucket needs besides; S3 does not say whose it is. */
const OTHER_ACCOUNT = "If the bucket belongs to another account, its bucket policy must allow it, too.";

/** What S3 does not name, by the operation. */
function likely({ operation, asked }: ServerError): string {
  const resource = resourceOf(asked);
  if (/^(CopyObject|UploadPartCopy)$/.test(operation))
    return `The role or user needs s3:GetObject on the source and s3:PutObject on ${resource}.`;
  const own = PERMISSIONS[operation];
  const action = own === "s3:GetObject" && asked.versionId !== undefined ? "s3:GetObjectVersion" : own;
  if (action === undefined) return "The policy of the role or user, or the bucket's, does not allow it.";
  const needs = `The role or user needs ${action} on ${resource}`;
  if (action === "s3:ListBucket") return `${needs}, the bucket itself, without /*.`;
  const list = resourceOf({ ...asked, key: undefined });
  return action.startsWith("s3:GetObject")
    ? `${needs}, or the key does not exist: without s3:ListBucket on ${list} S3 says 403 for a missing key.`
    : `${needs}.`;
}

function needed(error: ServerError): string {
  const { message, asked } = error;
  const [action, where] = named(message) ?? [];
  if (action === undefined) return `${likely(error)} ${OTHER_ACCOUNT}`;
  const policy = lackingPolicy(message, asked.bucket);
  const needs = policy === undefined ? "The role or user needs" : `The ${policy} must allow`;
  const itself = action === "s3:ListBucket" ? ", the bucket itself, without /*" : "";
  return `${needs} ${action} on ${where}${itself}.`;
}

const denied = (hint: string): Reason => ({ id: "s3-access-denied", hint });

/** What AccessDenied means, and the permission that is missing where that is certain. */
export function deniedReason(error: ServerError): Reason {
  const { message, asked } = error;
  if (/\bkms:/i.test(message)) return kmsReason(message);
  if (asked.unsigned === true)
    return denied("Without keys (--no-sign-request), only public objects and buckets can be read.");
  if (!error.explained && error.operation !== "HeadObject")
    return denied(
      `This is not S3's wording: a proxy or a gateway may have answered. Otherwise: ${printable(likely(error))}`,
    );
  if (/explicit deny/i.test(message))
    return denied("A policy denies it explicitly, which overrides every permission: change that policy.");
  return denied(printable(needed(error)));
}
