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

/** Where nobody says whose keys they are. */
const shows = ({ asked }: ServerError) =>
  asked.keysOf === undefined ? " `verify --sts` shows which role asks." : "";

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
    hint: `The role needs ${printable(action)} on ${shortened(printable(key))}, in its policy and in the key's.`,
  };
}

function needed({ operation, message, asked }: ServerError): string {
  const resource = resourceOf(asked);
  if (/^(CopyObject|UploadPartCopy)$/.test(operation))
    return `The role needs s3:GetObject on the source and s3:PutObject on ${resource}.`;
  const own = PERMISSIONS[operation];
  const versioned = own === "s3:GetObject" && asked.versionId !== undefined ? "s3:GetObjectVersion" : own;
  const [action = versioned, where = resource] = named(message) ?? [];
  if (action === undefined) return "The role's policy, or the bucket's, does not allow it.";
  if (action === "s3:ListBucket")
    return `The role needs s3:ListBucket on ${where}, the bucket itself, without /*.`;
  const needs = `The role needs ${action} on ${where}`;
  const list = resourceOf({ ...asked, key: undefined });
  return action.startsWith("s3:GetObject") && named(message) === undefined
    ? `${needs}, or the key does not exist: without s3:ListBucket on ${list} S3 says 403 for a missing key.`
    : `${needs}.`;
}

const denied = (hint: string): Reason => ({ id: "s3-access-denied", hint });

/** What AccessDenied means, and the permission that is missing where that is certain. */
export function deniedReason(error: ServerError): Reason {
  const { message, asked } = error;
  if (/\bkms:/i.test(message)) return kmsReason(message);
  if (asked.unsigned === true)
    return denied("Without keys (--no-sign-request) only what is public is there to read.");
  if (!error.explained && error.operation !== "HeadObject")
    return denied(
      `It is not in S3's words: a proxy or a gateway may have answered. Else: ${printable(needed(error))}`,
    );
  if (/explicit deny/i.test(message))
    return denied(
      `A policy denies it, and no other permission outweighs that: change that policy.${shows(error)}`,
    );
  return denied(`${printable(needed(error))}${shows(error)}`);
}
