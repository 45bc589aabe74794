import type { ServerError } from "../aws/server-error.js";

/** The entry in docs/troubleshooting.md for an error of S3, and its fix. */
export interface Reason {
  readonly id: string;
  readonly hint?: string;
}

const REASONS: readonly (readonly [codes: RegExp, reason: Reason])[] = [
  [
    /^NoSuchBucket$/,
    {
      id: "s3-no-such-bucket",
      hint: "Check the bucket's name; bucket names are the same in every account and region.",
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
      hint: "The credentials have expired: where they are exported keys, export them again.",
    },
  ],
  [
    /^(InvalidAccessKeyId|InvalidToken|SignatureDoesNotMatch)$/,
    {
      id: "s3-signature",
      hint: "S3 does not know these keys: are they of this partition or server, and complete with their session token?",
    },
  ],
  [/^RequestTimeTooSkewed$/, { id: "s3-clock", hint: "The clock of this machine is wrong: set it." }],
  [
    /^(InvalidObjectState)$/,
    { id: "s3-archived", hint: "The object is archived in Glacier: restore it first." },
  ],
  [
    /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|IncorrectEndpoint|30[1278])$/,
    {
      id: "s3-wrong-region",
      hint: "The bucket is in another region, and the answer does not lead there: give it with --region.",
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
      hint: "What answers is not S3, or a proxy on the way changes its answers. Whether it was done is not known: look at the target.",
    },
  ],
  [
    /^(BadDigest|XAmzContentSHA256Mismatch|XAmzContentChecksumMismatch)$/,
    {
      id: "s3-bad-digest",
      hint: "On every try the data was changed on its way, and refused: look at the proxies and gateways in between.",
    },
  ],
  [
    /^NoSuchUpload$/,
    {
      id: "s3-no-such-upload",
      hint: "Something else ended the upload, or the answer that it was done was lost: look at what is at the target.",
    },
  ],
  [
    /^KMS\.|^KMS\w+/,
    {
      id: "s3-kms",
      hint: "The object's KMS key is disabled, deleted, or in another state that forbids its use.",
    },
  ],
];

const DENIED = /^(AccessDenied|Forbidden|AllAccessDisabled|AccountProblem|403)$/;

function deniedReason(error: ServerError): Reason {
  if (/\bkms:/i.test(error.message))
    return {
      id: "s3-kms",
      hint: "The role needs that permission on the KMS key, in its policy and in the key's.",
    };
  const read = /^(GetObject|HeadObject)$/.test(error.operation);
  return {
    id: "s3-access-denied",
    hint: read
      ? "The role lacks s3:GetObject here, or the key does not exist: without s3:ListBucket S3 says 403 for a missing key. `verify --sts` shows which role asks."
      : "The role's policy, or the bucket's, does not allow it; `verify --sts` shows which role asks, and whether it is of the right account.",
  };
}

/** The likely cause of an error, and what fixes it. */
export function reasonFor(error: ServerError): Reason {
  if (DENIED.test(error.code)) return deniedReason(error);
  return REASONS.find(([codes]) => codes.test(error.code))?.[1] ?? { id: "s3-error" };
}
