import { randomBytes } from "node:crypto";
import type { KeyRing } from "../key-ring.js";
import { decodeAwsChunked } from "./aws-chunked.js";
import type { Bucket, Buckets } from "./buckets.js";
import { checkBody } from "./checksums.js";
import type { Call, Limits, Response } from "./operation.js";
import { OPERATIONS } from "./operations.js";
import { accessDenied, S3Error } from "./s3-error.js";
import { header, parameter, type S3Request } from "./s3-request.js";
import { sha256, type VerifiedSignature, verifySignature } from "./signature.js";
import { type Role, stsError } from "./sts.js";
import { document, element } from "./xml.js";

/** How the server behaves; a test may change it while it runs. */
export interface Behaviour {
  readonly region: string;
  readonly limits: Limits;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** False: a store from before 2022, which takes no trailers and knows no checksums. */
  modernChecksums: boolean;
  /** What a bucket of another region than the signature's responses. */
  wrongRegion: "permanent-redirect" | "temporary-redirect" | "malformed";
  /** Those that STS gives. */
  roles: readonly Role[];
}

/** Takes the coat off a body and checks it against x-amz-content-sha256 and the checksums that came with it. */
function acceptBody(
  request: S3Request,
  raw: Buffer,
  verified: VerifiedSignature | undefined,
  behaviour: Behaviour,
): { body: Buffer; request: S3Request } {
  const payload = header(request, "x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
  if (!payload.startsWith("STREAMING-")) {
    if (payload !== "UNSIGNED-PAYLOAD" && payload !== sha256(raw)) {
      throw new S3Error(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    // CompleteMultipartUpload: its header is the checksum of the object, not of the list that it sends.
    const completes = request.method === "POST" && parameter(request, "uploadId") !== undefined;
    if (!completes) checkBody(request.headers, raw, behaviour.modernChecksums);
    return { body: raw, request };
  }
  if (payload.endsWith("-TRAILER") && !behaviour.modernChecksums) {
    throw new S3Error(
      501,
      "NotImplemented",
      "A header you provided implies functionality that is not implemented",
    );
  }
  const decoded = decodeAwsChunked(raw, payload.startsWith("STREAMING-UNSIGNED") ? undefined : verified);
  if (Number(header(request, "x-amz-decoded-content-length")) !== decoded.data.length) {
    throw new S3Error(
      400,
      "IncompleteBody",
      "The request body did not have the decoded length that it announced.",
    );
  }
  const announced = header(request, "x-amz-trailer")?.toLowerCase();
  if (announced !== undefined && decoded.trailers[announced] === undefined) {
    throw new S3Error(400, "MalformedTrailerError", "The trailer that was announced did not come.");
  }
  const withTrailers = { ...request, headers: { ...request.headers, ...decoded.trailers } };
  checkBody(withTrailers.headers, decoded.data, behaviour.modernChecksums);
  return { body: decoded.data, request: withTrailers };
}

/** A bucket of another region sends the client there. */
function checkRegion(
  bucket: Bucket,
  verified: VerifiedSignature | undefined,
  kind: Behaviour["wrongRegion"],
): void {
  if (verified === undefined || verified.region === bucket.region) return;
  const headers = { "x-amz-bucket-region": bucket.region };
  const endpoint = `${bucket.name}.s3.${bucket.region}.amazonaws.com`;
  if (kind === "malformed") {
    throw new S3Error(
      400,
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${verified.region}' is wrong; expecting '${bucket.region}'`,
      { elements: { Region: bucket.region }, headers },
    );
  }
  const isPermanent = kind === "permanent-redirect";
  throw new S3Error(
    isPermanent ? 301 : 307,
    isPermanent ? "PermanentRedirect" : "TemporaryRedirect",
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    { elements: { Endpoint: endpoint, Bucket: bucket.name }, headers },
  );
}

function checkAccess(request: S3Request, bucket: Bucket, verified: VerifiedSignature | undefined): void {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (verified === undefined && !(bucket.isPublic && isRead)) throw accessDenied();
  if (bucket.requesterPays && header(request, "x-amz-request-payer") !== "requester") throw accessDenied();
}

function perform(
  raw: S3Request,
  rawBody: Buffer,
  buckets: Buckets,
  keys: KeyRing,
  behaviour: Behaviour,
): Response {
  const now = behaviour.now();
  const verified = verifySignature(raw, keys, now);
  const operation = OPERATIONS.get(raw.operation);
  if (operation === undefined) throw new S3Error(405, "MethodNotAllowed", "The method is not allowed here.");
  if (raw.bucket !== undefined && raw.operation !== "CreateBucket") {
    const bucket = buckets.get(raw.bucket);
    checkRegion(bucket, verified, behaviour.wrongRegion);
    checkAccess(raw, bucket, verified);
  } else if (verified === undefined && raw.operation !== "STS") {
    throw accessDenied();
  }
  const { body, request } = acceptBody(raw, rawBody, verified, behaviour);
  const call: Call = {
    request,
    body,
    buckets,
    get bucket() {
      return buckets.get(request.bucket ?? "");
    },
    key: request.key ?? "",
    caller: verified,
    keys,
    roles: behaviour.roles,
    limits: behaviour.limits,
    modernChecksums: behaviour.modernChecksums,
    region: behaviour.region,
    now,
  };
  const answer = operation(call);
  const isCharged = raw.bucket !== undefined && header(raw, "x-amz-request-payer") === "requester";
  return isCharged
    ? { ...answer, headers: { ...answer.headers, "x-amz-request-charged": "requester" } }
    : answer;
}

/** An error in S3's envelope. */
export function errorResponse(error: S3Error, resource: string): Response {
  if (error.status === 304) return { status: 304, headers: error.headers, body: Buffer.alloc(0) };
  const more = Object.entries(error.elements).map(([name, text]) => element(name, text));
  const content = [
    element("Code", error.code),
    element("Message", error.message),
    ...more,
    element("Resource", resource),
    element("RequestId", randomBytes(8).toString("hex").toUpperCase()),
  ];
  return {
    status: error.status,
    headers: { "content-type": "application/xml", ...error.headers },
    // S3's errors stand in no namespace.
    body: Buffer.from(
      document("Error", content.join(""))
        .toString()
        .replace(/ xmlns="[^"]*"/, ""),
    ),
  };
}

/** The response to a whole request: what the operation gives, or its error. */
export function respond(
  request: S3Request,
  body: Buffer,
  buckets: Buckets,
  keys: KeyRing,
  behaviour: Behaviour,
): Response {
  try {
    return perform(request, body, buckets, keys, behaviour);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return request.operation === "STS" ? stsError(error) : errorResponse(error, request.rawPath);
  }
}
