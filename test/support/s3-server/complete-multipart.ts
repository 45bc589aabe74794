import type { MultipartUpload, UploadedPart } from "./buckets.js";
import { type Checksum, checksumElement, checksumHeader, checksumOf, compositeOf } from "./checksums.js";
import { checkWriteConditions } from "./conditions.js";
import { findUpload, multipartEtag } from "./multipart.js";
import { requestedProperties } from "./object-properties.js";
import { type Call, type Response, xmlResponse } from "./operation.js";
import { badDigest, invalidRequest, S3Error } from "./s3-error.js";
import { header } from "./s3-request.js";
import { storedHeaders, wholeSeconds } from "./write-object.js";
import { document, element, elements, elementText } from "./xml.js";

const invalidPart = () =>
  new S3Error(
    400,
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  );

/** A part's checksum in the list must be the one that was uploaded; a composite object needs it of every part. */
function checkListedChecksum(upload: MultipartUpload, part: UploadedPart, listed: string): void {
  if (upload.checksumAlgorithm === undefined) return;
  const value = elementText(listed, checksumElement(upload.checksumAlgorithm));
  if (value === undefined && upload.checksumType === "COMPOSITE") {
    throw invalidRequest(
      `The upload was created using a ${upload.checksumAlgorithm.toLowerCase()} checksum. The complete request must include the checksum for each part.`,
    );
  }
  if (value !== undefined && value !== part.checksum) throw invalidPart();
}

/** The parts that the request lists, in its order, each checked. */
function listedParts(call: Call, upload: MultipartUpload): UploadedPart[] {
  const listed = elements(call.body.toString(), "Part");
  if (listed.length === 0) throw new S3Error(400, "MalformedXML", "The XML you provided was not well-formed");
  let previous = 0;
  return listed.map((xml, index) => {
    const number = Number(elementText(xml, "PartNumber"));
    if (number <= previous) {
      throw new S3Error(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
    }
    previous = number;
    const part = upload.parts.get(number);
    if (part === undefined || elementText(xml, "ETag")?.replaceAll('"', "") !== part.etag)
      throw invalidPart();
    if (index < listed.length - 1 && part.body.length < call.limits.minimumPart) {
      throw new S3Error(
        400,
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        {
          elements: {
            ProposedSize: String(part.body.length),
            MinSizeAllowed: String(call.limits.minimumPart),
          },
        },
      );
    }
    checkListedChecksum(upload, part, xml);
    return part;
  });
}

function objectChecksum(
  call: Call,
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
  body: Buffer,
): Checksum | undefined {
  const algorithm = upload.checksumAlgorithm;
  if (algorithm === undefined) return undefined;
  const value =
    upload.checksumType === "COMPOSITE"
      ? compositeOf(
          algorithm,
          parts.map((part) => part.checksum ?? ""),
        )
      : checksumOf(algorithm, body);
  const sent = header(call.request, checksumHeader(algorithm));
  if (sent !== undefined && sent !== value) throw badDigest(algorithm);
  return { algorithm, value, type: upload.checksumType ?? "COMPOSITE" };
}

export function completeMultipartUpload(call: Call): Response {
  const { bucket, key } = call;
  bucket.allow("s3:PutObject");
  const upload = findUpload(call);
  const parts = listedParts(call, upload);
  checkWriteConditions(call.request, bucket.object(key));
  const body = Buffer.concat(parts.map((part) => part.body));
  const size = header(call.request, "x-amz-mp-object-size");
  if (size !== undefined && Number(size) !== body.length) {
    throw invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.");
  }
  const checksum = objectChecksum(call, upload, parts, body);
  bucket.uploads.delete(upload.id);
  const object = bucket.store({
    ...requestedProperties(upload.request),
    key,
    body,
    etag: multipartEtag(parts.map((part) => part.etag)),
    lastModified: wholeSeconds(call.now),
    versionId: "null",
    parts: parts.map((part) => part.body.length),
    ...(checksum === undefined ? {} : { checksum }),
  });
  const { etag: _, ...headers } = storedHeaders(call, object);
  const result = [
    element("Location", `/${bucket.name}/${key}`),
    element("Bucket", bucket.name),
    element("Key", key),
    element("ETag", `"${object.etag}"`),
    checksum === undefined ? "" : element(checksumElement(checksum.algorithm), checksum.value),
    element("ChecksumType", checksum?.type),
  ];
  return xmlResponse(document("CompleteMultipartUploadResult", result.join("")), headers);
}
