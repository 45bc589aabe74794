import type { KeysOf, ServerError } from "../aws/server-error.js";
import { printable } from "../output/printable.js";
import { deniedReason } from "./access-failure.js";

/** The entry in docs/troubleshooting.md for an error of S3, and its fix. */
export interface Reason {
  readonly id: string;
  readonly hint?: string;
}

const BUCKET_NAME =
  "A bucket's name has 3 to 63 lowercase letters, digits, '.' and '-': no uppercase letters, no '_'.";

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
      hint: "The bucket exists, but the object does not: check the key, including upper and lower case. To copy everything below a prefix, add --recursive.",
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
      hint: "The secret access key does not belong to this access key id, or a proxy changes the requests: copy both keys again.",
    },
  ],
  [
    /^(InvalidAccessKeyId|InvalidToken)$/,
    {
      id: "s3-signature",
      hint: "S3 does not know these keys: are they for this partition or server, and was their session token passed, too?",
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
      hint: "The bucket is in another region, which the response does not name: set it with --region.",
    },
  ],
  [
    /^(SlowDown|ServiceUnavailable|Throttl\w*|TooManyRequests\w*|429|503)$/,
    {
      id: "s3-throttled",
      hint: "S3 asked to slow down on every try: set a lower --concurrency, or try again later.",
    },
  ],
  [
    /^2\d\d$/,
    {
      id: "s3-unconfirmed",
      hint: "The response is not from S3, or a proxy changed it. Check the destination: the request may have succeeded.",
    },
  ],
  [
    /^(BadDigest|XAmzContentSHA256Mismatch|XAmzContentChecksumMismatch)$/,
    {
      id: "s3-bad-digest",
      hint: "A proxy or a gateway changed the data in transit, or this store computes checksums differently: AWS_REQUEST_CHECKSUM_CALCULATION=when_required sends none.",
    },
  ],
  [
    /^NoSuchUpload$/,
    {
      id: "s3-no-such-upload",
      hint: "Something else ended the upload, or the response that completed it was lost: check the destination.",
    },
  ],
  [
    /^(AllAccessDisabled|AccountProblem)$/,
    {
      id: "s3-access-denied",
      hint: "AWS has disabled this bucket or account: no permission changes that.",
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
    { id: "s3-error", hint: "The bucket does not allow ACLs: leave out --acl and --grants." },
  ],
  [
    /^(MethodNotAllowed|405)$/,
    {
      id: "s3-error",
      hint: "The version is a delete marker, or the server does not support this operation.",
    },
  ],
  [
    /^KMS\.|^KMS\w+/,
    {
      id: "s3-kms",
      hint: "The object's KMS key is disabled, deleted, or in another state in which it cannot be used.",
    },
  ],
];

export const TALKS_TLS = "The endpoint uses TLS: write https:// in --endpoint-url or AWS_ENDPOINT_URL_S3.";

const DENIED = /^(AccessDenied|Forbidden|403)$/;

/** S3's words for an object under a customer's key that is asked for without it. */
const WANTS_KEY = /stored using a form of Server Side Encryption/i;

/** What has to do with whose keys signed the request. */
const OF_KEYS = ["s3-access-denied", "s3-kms", "s3-expired", "s3-signature"];

const ASK_AGAIN = "check the clock of this machine, then run the step again";

/** What renews expired keys, by where they come from; those that we renew ourselves were renewed once already. */
const RENEWAL: Readonly<Record<KeysOf["kind"], string>> = {
  container: ASK_AGAIN,
  instance: ASK_AGAIN,
  "assumed-role": ASK_AGAIN,
  "web-identity": ASK_AGAIN,
  "environment-keys": "pass new ones",
  "credentials-file": "write the file again, just before the build",
  profile: "write new ones into the profile",
  process: "its command must return new ones",
};

/** The likely cause of an error, what fixes it, and whose keys were refused. */
export function reasonFor(error: ServerError): Reason {
  const { id, hint } = causeOf(error);
  const { keysOf, unsigned } = error.asked;
  if (keysOf === undefined || unsigned === true || !OF_KEYS.includes(id))
    return { id, ...(hint && { hint }) };
  const renewed = id === "s3-expired" ? `The keys have expired: ${RENEWAL[keysOf.kind]}.` : hint;
  const shows = keysOf.check === undefined ? "" : ` \`${keysOf.check}\` shows which role they belong to.`;
  const whose = `The keys come from ${printable(keysOf.words)}.${id === "s3-access-denied" ? shows : ""}`;
  return { id, hint: renewed === undefined ? whose : `${renewed} ${whose}` };
}

function causeOf(error: ServerError): Reason {
  if (DENIED.test(error.code)) return deniedReason(error);
  if (error.code === "NoSuchBucket" && /[A-Z_]/.test(error.asked.bucket ?? ""))
    return { id: "s3-no-such-bucket", hint: BUCKET_NAME };
  if (error.operation === "ListObjectsV2" && error.code === "NoSuchKey")
    return {
      id: "s3-no-such-key",
      hint: "The endpoint already contains a bucket: leave the bucket out of --endpoint-url.",
    };
  if (error.wantsTls) return { id: "s3-error", hint: TALKS_TLS };
  if (WANTS_KEY.test(error.message))
    return {
      id: "s3-error",
      hint: "The object is encrypted with a customer-provided key: add --sse-c and --sse-c-key.",
    };
  return REASONS.find(([codes]) => codes.test(error.code))?.[1] ?? { id: "s3-error" };
}
