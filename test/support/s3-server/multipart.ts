import { createHash, randomBytes } from "node:crypto";
import type { MultipartUpload, UploadedPart } from "./buckets.js";
import { CHECKSUM_ALGORITHMS, checksumElement, checksumOf, sentChecksum } from "./checksums.js";
import { copiedPart, partCopied } from "./copy.js";
import { encryptionHeaders, etagOf, requestedProperties } from "./object-properties.js";
import { type Call, emptyResponse, type Response, xmlResponse } from "./operation.js";
import { invalidArgument, invalidRequest, noSuchUpload } from "./s3-error.js";
import { header, parameter, type S3Request } from "./s3-request.js";
import { tooLarge, wholeSeconds } from "./write-object.js";
import { document, element } from "./xml.js";

/**
 * How the parts' checksums make the object's. Source: "Checking object integrity", Amazon S3 User Guide: the SHA family
 * is composite, CRC64NVME is of the full object, the other CRCs are composite unless the full object is asked for.
 */
function checksumPlan(request: S3Request): Pick<MultipartUpload, "checksumAlgorithm" | "checksumType"> {
  const checksumAlgorithm = header(request, "x-amz-checksum-algorithm")?.toUpperCase();
  if (checksumAlgorithm === undefined) return {};
  if (!CHECKSUM_ALGORITHMS.includes(checksumAlgorithm)) {
    throw invalidRequest("Checksum algorithm provided is unsupported.");
  }
  const asked = header(request, "x-amz-checksum-type")?.toUpperCase();
  const checksumType = asked ?? (checksumAlgorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  if (checksumType !== "FULL_OBJECT" && checksumType !== "COMPOSITE") {
    throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  }
  const isImpossible =
    checksumType === "FULL_OBJECT" ? checksumAlgorithm.startsWith("SHA") : checksumAlgorithm === "CRC64NVME";
  if (isImpossible) {
    throw invalidRequest(
      `The ${checksumType} checksum type cannot be used with the ${checksumAlgorithm} checksum algorithm.`,
    );
  }
  return { checksumAlgorithm, checksumType };
}

export function createMultipartUpload(call: Call): Response {
  const { request, bucket, key } = call;
  bucket.allow("s3:PutObject");
  const id = randomBytes(24).toString("base64url");
  const plan = call.modernChecksums ? checksumPlan(request) : {};
  bucket.uploads.set(id, { id, key, request, initiated: call.now, parts: new Map(), ...plan });
  const names = `${element("Bucket", bucket.name)}${element("Key", key)}${element("UploadId", id)}`;
  return xmlResponse(document("InitiateMultipartUploadResult", names), {
    ...encryptionHeaders(requestedProperties(request)),
    ...(plan.checksumAlgorithm === undefined ? {} : { "x-amz-checksum-algorithm": plan.checksumAlgorithm }),
    ...(plan.checksumType === undefined ? {} : { "x-amz-checksum-type": plan.checksumType }),
  });
}

export function findUpload(call: Call): MultipartUpload {
  const upload = call.bucket.uploads.get(parameter(call.request, "uploadId") ?? "");
  if (upload === undefined || upload.key !== call.key) throw noSuchUpload();
  return upload;
}

function partNumberOf(call: Call): number {
  const number = Number(parameter(call.request, "partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > call.limits.maximumParts) {
    throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive");
  }
  return number;
}

function storePart(call: Call, upload: MultipartUpload, body: Buffer): UploadedPart {
  if (body.length > call.limits.maximumPut) throw tooLarge();
  const algorithm = upload.checksumAlgorithm;
  const part = {
    body,
    etag: etagOf(body, requestedProperties(upload.request)),
    lastModified: wholeSeconds(call.now),
    ...(algorithm === undefined ? {} : { checksum: checksumOf(algorithm, body) }),
  };
  upload.parts.set(partNumberOf(call), part);
  return part;
}

function partHeaders(upload: MultipartUpload, part: UploadedPart): Record<string, string> {
  const algorithm = upload.checksumAlgorithm;
  if (algorithm === undefined || part.checksum === undefined) return {};
  return { [`x-amz-checksum-${algorithm.toLowerCase()}`]: part.checksum };
}

export function uploadPart(call: Call): Response {
  call.bucket.allow("s3:PutObject");
  const upload = findUpload(call);
  const sent = sentChecksum(call.request.headers);
  if (call.modernChecksums && sent !== undefined && upload.checksumAlgorithm !== undefined) {
    if (sent.algorithm !== upload.checksumAlgorithm) {
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm.toLowerCase()}, actual checksum Type: ${sent.algorithm.toLowerCase()}`,
      );
    }
  }
  const part = storePart(call, upload, call.body);
  return emptyResponse(200, { etag: `"${part.etag}"`, ...partHeaders(upload, part) });
}

export function uploadPartCopy(call: Call): Response {
  call.bucket.allow("s3:PutObject");
  const upload = findUpload(call);
  const part = storePart(call, upload, copiedPart(call));
  const algorithm = upload.checksumAlgorithm;
  const checksum = algorithm === undefined ? "" : element(checksumElement(algorithm), part.checksum);
  return partCopied(part.etag, part.lastModified, checksum);
}

export function abortMultipartUpload(call: Call): Response {
  call.bucket.uploads.delete(findUpload(call).id);
  return emptyResponse(204);
}

export function listParts(call: Call): Response {
  const upload = findUpload(call);
  const parts = [...upload.parts]
    .sort(([a], [b]) => a - b)
    .map(([number, part]) => {
      const checksum =
        upload.checksumAlgorithm === undefined
          ? ""
          : element(checksumElement(upload.checksumAlgorithm), part.checksum);
      const modified = element("LastModified", new Date(part.lastModified).toISOString());
      return `<Part>${element("PartNumber", number)}${modified}${element("ETag", `"${part.etag}"`)}${element("Size", part.body.length)}${checksum}</Part>`;
    });
  const names = `${element("Bucket", call.bucket.name)}${element("Key", call.key)}${element("UploadId", upload.id)}`;
  return xmlResponse(
    document("ListPartsResult", `${names}${element("IsTruncated", false)}${parts.join("")}`),
  );
}

export function listMultipartUploads(call: Call): Response {
  const uploads = [...call.bucket.uploads.values()].map(
    (upload) =>
      `<Upload>${element("Key", upload.key)}${element("UploadId", upload.id)}${element("Initiated", new Date(upload.initiated).toISOString())}</Upload>`,
  );
  return xmlResponse(
    document(
      "ListMultipartUploadsResult",
      `${element("Bucket", call.bucket.name)}${element("IsTruncated", false)}${uploads.join("")}`,
    ),
  );
}

/** The ETag of an object made of parts. */
export function multipartEtag(etags: readonly string[]): string {
  const all = Buffer.concat(etags.map((etag) => Buffer.from(etag, "hex")));
  return `${createHash("md5").update(all).digest("hex")}-${etags.length}`;
}
