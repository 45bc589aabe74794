import type { ServerError } from "../aws/server-error.js";
import { printable } from "../output/printable.js";
import { deniedReason } from "./access-failure.js";

/** The entry in docs/troubleshooting.md for an error of S3, and its fix. */
export interface Reason {
  readonly id: string;
  readonly hint?: string;
}

const BUCKET_NAME =
  "A bucket's name is 3 to 63 small letters, digits, '.' and '-': no capital letters, no '_'.";

const REASONS: readonly (readonly [codes: RegExp, reason: Reason])[] = [
  [
    /^NoSuchBucket$/,
    {
      id: "s3-no-such-bucket",
      hint: "Check the bucket's name. Bucket names are global, except in China and GovCloud: --region selects those.",
    },
  ],
  [
    /^(NoSuchKey|NoSuchVersion)$/,
    {
      id: "s3-no-such-key",
      hint: "The bucket is there, the object is not: check the key, letter for letter; all below a prefix is copied with --recursive.",
    },
  ],
  [
    /^(ExpiredToken\w*|TokenRefreshRequired)$/,
    {
      id: "s3-expired",
      hint: "The credentials have expired: run the step again to get new ones; if you exported them, export them again.",
    },
  ],
  [
    /^SignatureDoesNotMatch$/,
    {
      id: "s3-signature",
      hint: "The secret does not belong to this access key, or a proxy on the way changes requests: copy the keys again, whole.",
    },
  ],
  [
    /^(InvalidAccessKeyId|InvalidToken)$/,
    {
      id: "s3-signature",
      hint: "S3 does not know these keys: are they of this partition or server, and complete with their session token?",
    },
  ],
  [/^RequestTimeTooSkewed$/, { id: "s3-clock", hint: "The clock of this machine is wrong: set it." }],
  [
    /^(InvalidObjectState)$/,
    {
      id: "s3-archived",
      hint: "The object is archived in Glacier: restore it first (aws s3api restore-object).",
    },
  ],
  [
    /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|IncorrectEndpoint|30[1278])$/,
    {
      id: "s3-wrong-region",
      hint: "The bucket is in another region, and the response does not lead there: give it with --region.",
    },
  ],
  [
    /^(SlowDown|ServiceUnavailable|Throttl\w*|TooManyRequests\w*|429|503)$/,
    {
      id: "s3-throttled",
      hint: "S3 asked to slow down on every try: give --concurrency a small number, or try later.",
    },
  ],
  [
    /^2\d\d$/,
    {
      id: "s3-unconfirmed",
      hint: "What answers is not S3, or a proxy on the way changes its responses. Whether it was done is not known: look at the target.",
    },
  ],
  [
    /^(BadDigest|XAmzContentSHA256Mismatch|XAmzContentChecksumMismatch)$/,
    {
      id: "s3-bad-digest",
      hint: "The data was changed on its way by a proxy or a gateway, or this store computes checksums otherwise: AWS_REQUEST_CHECKSUM_CALCULATION=when_required sends none.",
    },
  ],
  [
    /^NoSuchUpload$/,
    {
      id: "s3-no-such-upload",
      hint: "Something else ended the upload, or the response that it was done was lost: look at what is at the target.",
    },
  ],
  [
    /^(AllAccessDisabled|AccountProblem)$/,
    {
      id: "s3-access-denied",
      hint: "AWS has shut off this bucket or account: no permission of a role opens it.",
    },
  ],
  [
    /^InvalidBucketName$/,
    {
      id: "s3-error",
      hint: BUCKET_NAME,
    },
  ],
  [
    /^AccessControlListNotSupported$/,
    { id: "s3-error", hint: "The bucket takes no ACLs: leave out --acl and --grants." },
  ],
  [
    /^(MethodNotAllowed|405)$/,
    { id: "s3-error", hint: "The version is a delete marker, or the server does not have this operation." },
  ],
  [
    /^KMS\.|^KMS\w+/,
    {
      id: "s3-kms",
      hint: "The object's KMS key is disabled, deleted, or in another state that forbids its use.",
    },
  ],
];

export const TALKS_TLS =
  "The endpoint speaks TLS there: write https:// in --endpoint-url or AWS_ENDPOINT_URL_S3.";

const DENIED = /^(AccessDenied|Forbidden|403)$/;

/** S3's words for an object under a customer's key that is asked for without it. */
const WANTS_KEY = /stored using a form of Server Side Encryption/i;

/** What has to do with whose keys signed the request. */
const OF_KEYS = ["s3-access-denied", "s3-kms", "s3-expired", "s3-signature"];

/** The likely cause of an error, what fixes it, and whose keys were refused. */
export function reasonFor(error: ServerError): Reason {
  const { id, hint } = causeOf(error);
  const { keysOf, unsigned } = error.asked;
  if (keysOf === undefined || unsigned === true || !OF_KEYS.includes(id))
    return { id, ...(hint && { hint }) };
  const whose = `The keys are those of ${printable(keysOf)}.`;
  return { id, hint: hint === undefined ? whose : `${hint} ${whose}` };
}

function causeOf(error: ServerError): Reason {
  if (DENIED.test(error.code)) return deniedReason(error);
  if (error.code === "NoSuchBucket" && /[A-Z_]/.test(error.asked.bucket ?? ""))
    return { id: "s3-no-such-bucket", hint: BUCKET_NAME };
  if (error.operation === "ListObjectsV2" && error.code === "NoSuchKey")
    return {
      id: "s3-no-such-key",
      hint: "The endpoint names a bucket itself: leave the bucket out of --endpoint-url.",
    };
  if (error.wantsTls) return { id: "s3-error", hint: TALKS_TLS };
  if (WANTS_KEY.test(error.message))
    return {
      id: "s3-error",
      hint: "The object is encrypted with a customer's key: give --sse-c and --sse-c-key.",
    };
  return REASONS.find(([codes]) => codes.test(error.code))?.[1] ?? { id: "s3-error" };
}
