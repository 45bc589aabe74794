import { describe, expect, it } from "vitest";
import { type AskedFor, ServerError } from "../../../src/aws/server-error.js";
import type { Failure } from "../../../src/failure.js";
import { NoResponse } from "../../../src/http/no-response.js";
import {
  asFailure,
  objectChanged,
  objectExists,
  storedUncompared,
  TRANSFER_EXIT,
} from "../../../src/s3/failures.js";

const OBJECT = { bucket: "b", key: "d/k", region: "eu-west-1" };
const BUCKET = { bucket: "b", region: "eu-west-1" };

function refused(
  operation: string,
  asked: AskedFor,
  code = "AccessDenied",
  message = "Access Denied",
): Failure {
  const body = Buffer.from(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
  return asFailure(
    new ServerError({ status: 403, headers: {}, body }, operation, asked),
    TRANSFER_EXIT,
  ) as Failure;
}

describe("keys that have expired", () => {
  it.each([
    ["container", "check the clock of this machine, then run the step again"],
    ["instance", "check the clock of this machine, then run the step again"],
    ["assumed-role", "check the clock of this machine, then run the step again"],
    ["web-identity", "check the clock of this machine, then run the step again"],
    ["environment-keys", "pass new ones"],
    ["credentials-file", "write the file again, just before the build"],
    ["profile", "write new ones into the profile"],
    ["process", "its command must return new ones"],
  ] as const)("of %s are renewed in their own way", (kind, fix) => {
    const asked = { ...OBJECT, keysOf: { words: "X", kind } };
    expect(refused("GetObject", asked, "ExpiredToken", "The provided token has expired.")).toMatchObject({
      id: "s3-expired",
      hint: `The keys have expired: ${fix}. The keys come from X.`,
    });
  });
});

describe("whose keys S3 refused", () => {
  it.each(["verify --sts", undefined])("is said, with %s to check them", (check) => {
    const { hint } = refused("PutObject", { ...OBJECT, keysOf: { words: "X", kind: "container", check } });
    expect(hint).toMatch(
      check === undefined
        ? / The keys come from X\.$/
        : / The keys come from X\. `verify --sts` shows which role they belong to\.$/,
    );
  });
});

describe("the permission that is missing", () => {
  it.each([
    ["ListObjectsV2", BUCKET, "s3:ListBucket on arn:aws:s3:::b, the bucket itself, without /*."],
    [
      "ListObjectsV2",
      { bucket: "b", region: "cn-north-1" },
      "s3:ListBucket on arn:aws-cn:s3:::b, the bucket itself, without /*.",
    ],
    [
      "ListObjectsV2",
      { bucket: "b", region: "us-gov-west-1" },
      "s3:ListBucket on arn:aws-us-gov:s3:::b, the bucket itself, without /*.",
    ],
    ["ListBuckets", { region: "eu-west-1" }, "s3:ListAllMyBuckets on *."],
    ["PutObject", OBJECT, "s3:PutObject on arn:aws:s3:::b/d/k."],
    ["CreateMultipartUpload", OBJECT, "s3:PutObject on arn:aws:s3:::b/d/k."],
    ["UploadPart", OBJECT, "s3:PutObject on arn:aws:s3:::b/d/k."],
    ["CompleteMultipartUpload", OBJECT, "s3:PutObject on arn:aws:s3:::b/d/k."],
    ["AbortMultipartUpload", OBJECT, "s3:AbortMultipartUpload on arn:aws:s3:::b/d/k."],
    ["DeleteObject", OBJECT, "s3:DeleteObject on arn:aws:s3:::b/d/k."],
    ["CopyObject", OBJECT, "s3:GetObject on the source and s3:PutObject on arn:aws:s3:::b/d/k."],
    [
      "GetObject",
      OBJECT,
      "s3:GetObject on arn:aws:s3:::b/d/k, or the key does not exist: without s3:ListBucket on arn:aws:s3:::b S3 says 403 for a missing key.",
    ],
    [
      "GetObject",
      { ...OBJECT, bucket: "arn:aws:s3:eu-west-1:123456789012:accesspoint/p" },
      "s3:GetObject on arn:aws:s3:eu-west-1:123456789012:accesspoint/p/object/d/k, or",
    ],
    ["HeadObject", { ...OBJECT, versionId: "v" }, "s3:GetObjectVersion on arn:aws:s3:::b/d/k, or"],
  ])("of %s, %j", (operation, asked, needs) => {
    const failure = refused(operation, asked);
    expect(failure.id).toBe("s3-access-denied");
    expect(failure.hint).toContain(`The role or user needs ${needs}`);
    expect(failure.hint).toMatch(
      / If the bucket belongs to another account, its bucket policy must allow it, too\.$/,
    );
  });

  it("is the one that S3 names, where it does", () => {
    const says = (action: string, resource: string) =>
      `User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ${action} on resource: &quot;${resource}&quot; because no identity-based policy allows it`;
    expect(
      refused("PutObject", OBJECT, "AccessDenied", says("s3:PutObjectTagging", "arn:aws:s3:::b/d/k")).hint,
    ).toBe("The policy of the role or user must allow s3:PutObjectTagging on arn:aws:s3:::b/d/k.");
    expect(
      refused("GetObject", OBJECT, "AccessDenied", says("s3:GetObject", "arn:aws:s3:::b/d/k")).hint,
    ).not.toContain("does not exist");
    expect(
      refused("GetObject", OBJECT, "AccessDenied", says("s3:ListBucket", "arn:aws:s3:::b")).hint,
    ).toContain("s3:ListBucket on arn:aws:s3:::b, the bucket itself, without /*.");
    const key = "arn:aws:kms:eu-west-1:1:key/0";
    expect(refused("GetObject", OBJECT, "AccessDenied", says("kms:Decrypt", key))).toMatchObject({
      id: "s3-kms",
      hint: `The role or user needs kms:Decrypt on ${key}, both in its own policy and in the key's.`,
    });
  });

  it.each([
    ["resource-based policy", "b", "The bucket's policy must allow s3:GetObject on"],
    [
      "resource-based policy",
      "arn:aws:s3:eu-west-1:123456789012:accesspoint/p",
      "The policy of the access point or its bucket must allow s3:GetObject on",
    ],
    ["identity-based policy", "b", "The policy of the role or user must allow s3:GetObject on"],
    ["VPC endpoint policy", "b", "The VPC endpoint policy must allow s3:GetObject on"],
    ["permissions boundary", "b", "The permissions boundary must allow s3:GetObject on"],
    ["service control policy", "b", "The service control policy must allow s3:GetObject on"],
  ])("is one of the %s that S3 names, at %s", (policy, bucket, says) => {
    const message = `User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: s3:GetObject on resource: &quot;arn:aws:s3:::b/d/k&quot; because no ${policy} allows the s3:GetObject action`;
    expect(refused("GetObject", { ...OBJECT, bucket }, "AccessDenied", message).hint).toBe(
      `${says} arn:aws:s3:::b/d/k.`,
    );
  });

  it("is not certain where the response is not in S3's words", () => {
    const answer = { status: 403, headers: {}, body: Buffer.from("<html>blocked</html>") };
    const failure = asFailure(new ServerError(answer, "PutObject", OBJECT), TRANSFER_EXIT) as Failure;
    expect(failure).toMatchObject({
      id: "s3-access-denied",
      hint: "This is not S3's wording: a proxy or a gateway may have answered. Otherwise: The role or user needs s3:PutObject on arn:aws:s3:::b/d/k.",
    });
  });

  it("is a customer's key where S3 says that it wants one", () => {
    const words =
      "The object was stored using a form of Server Side Encryption. The correct parameters must be provided";
    expect(refused("GetObject", OBJECT, "InvalidRequest", words).hint).toContain("--sse-c-key");
  });

  it("is none where a policy denies it, or there are no keys", () => {
    const denied = refused(
      "GetObject",
      OBJECT,
      "AccessDenied",
      "not authorized with an explicit deny in a policy",
    );
    expect(denied.hint).toContain("A policy denies it");
    expect(refused("GetObject", { ...OBJECT, unsigned: true }).hint).toContain("--no-sign-request");
  });
});

describe("the fix for what S3 answers", () => {
  it.each([
    ["BadDigest", "AWS_REQUEST_CHECKSUM_CALCULATION=when_required"],
    ["XAmzContentSHA256Mismatch", "AWS_REQUEST_CHECKSUM_CALCULATION=when_required"],
    ["NoSuchBucket", "--region"],
    ["InvalidBucketName", "no uppercase letters"],
    ["AccessControlListNotSupported", "--acl"],
    ["SignatureDoesNotMatch", "secret"],
    ["InvalidToken", "session token"],
    ["AllAccessDisabled", "no permission changes that"],
    ["MethodNotAllowed", "delete marker"],
    ["InvalidObjectState", "restore-object"],
    ["SlowDown", "--concurrency"],
    ["ExpiredToken", "expired"],
    ["RequestTimeTooSkewed", "clock"],
    ["PermanentRedirect", "--region"],
    ["KMS.DisabledException", "KMS key"],
  ])("%s: %s", (code, word) => {
    expect(refused("PutObject", OBJECT, code, "m").hint).toContain(word);
  });

  it("a bucket that cannot be has a name that none has", () => {
    const named = (bucket: string) => refused("GetObject", { ...OBJECT, bucket }, "NoSuchBucket", "m").hint;
    expect(named("My_Bucket")).toContain("no uppercase letters");
    expect(named("my-bucket")).not.toContain("no uppercase letters");
  });

  it("a listing without its key has an endpoint that names a bucket", () => {
    expect(refused("ListObjectsV2", BUCKET, "NoSuchKey", "m").hint).toContain("out of --endpoint-url");
    expect(refused("GetObject", OBJECT, "NoSuchKey", "m").hint).not.toContain("--endpoint-url");
  });

  it.each([
    "Client sent an HTTP request to an HTTPS server.\n",
    "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
  ])("https:// for %j", (text) => {
    const answer = { status: 400, headers: {}, body: Buffer.from(text) };
    expect(asFailure(new ServerError(answer, "GetObject"), TRANSFER_EXIT)).toMatchObject({
      hint: expect.stringContaining("https://"),
    });
  });
});

function unanswered(message: string, code: string | undefined, overHttp = false): Failure {
  const error = new NoResponse(Object.assign(new Error(message), code === undefined ? {} : { code }), false);
  error.overHttp = overHttp;
  return asFailure(error, TRANSFER_EXIT) as Failure;
}

describe("the fix where nothing answers", () => {
  it.each([
    ["write EPROTO 80:error:0A00010B:SSL routines::wrong version number:", "EPROTO", false, "write http://"],
    ["read ECONNRESET", "ECONNRESET", true, "https://"],
    ["the server closed the connection", undefined, true, "https://"],
    ["getaddrinfo ENOTFOUND b.s3.eu-west1.amazonaws.com", "ENOTFOUND", false, "There is no region eu-west1:"],
    ["getaddrinfo ENOTFOUND b.s3.eu-west-1a.amazonaws.com", "ENOTFOUND", false, "no region eu-west-1a:"],
    [
      "getaddrinfo ENOTFOUND b.s3.eu-west-9.amazonaws.com",
      "ENOTFOUND",
      false,
      "check the region (--region, AWS_REGION)",
    ],
    ["getaddrinfo ENOTFOUND minio", "ENOTFOUND", false, "--endpoint-url"],
  ])("%s", (message, code, overHttp, word) => {
    expect(unanswered(message, code, overHttp).hint).toContain(word);
  });

  it("names no other scheme where https was asked", () => {
    expect(unanswered("read ECONNRESET", "ECONNRESET").hint).not.toContain("https://");
  });
});

describe("what a refusal means", () => {
  const refusal = (status: number) =>
    new ServerError(
      { status, headers: { "x-amz-request-id": "4442587F" }, body: Buffer.alloc(0) },
      "PutObject",
    );

  it("is told with the id of its request", () => {
    expect(objectChanged(refusal(412)).message).toBe(
      "The object was replaced while it was being copied. (request ID 4442587F)",
    );
    expect(objectExists(refusal(412)).message).toBe("The object already exists. (request ID 4442587F)");
    expect(storedUncompared(refusal(400), "PutObject").message).toMatch(
      /changes in transit\. \(request ID 4442587F\)$/,
    );
  });

  it("has none where something else showed it", () => {
    expect(objectChanged().message).toBe("The object was replaced while it was being copied.");
    expect(objectExists(refusal(501)).message).toBe("The object already exists.");
    expect(objectExists(undefined).message).toBe("The object already exists.");
  });
});
