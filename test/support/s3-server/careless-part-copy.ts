import { partCopied } from "./copy.js";
import { etagOf } from "./object-properties.js";
import type { Response } from "./operation.js";
import { parseRange } from "./read-object.js";
import { header, parameter, type S3Request } from "./s3-request.js";
import type { S3Server } from "./s3-server.js";

/**
 * What a store answers UploadPartCopy that takes no notice of x-amz-copy-source-if-match, nor, unless `keepsRange`, of
 * x-amz-copy-source-range; undefined for any other request.
 */
export function carelessPartCopy(
  server: S3Server,
  request: S3Request,
  keepsRange: boolean,
): Response | undefined {
  if (request.operation !== "UploadPartCopy") return undefined;
  const [bucket = "", ...key] = header(request, "x-amz-copy-source")?.split("/") ?? [];
  const whole = server.object(bucket, key.join("/"))?.body ?? Buffer.alloc(0);
  const range = parseRange(header(request, "x-amz-copy-source-range") ?? "", whole.length);
  const body = keepsRange && range ? whole.subarray(range.start, range.end + 1) : whole;
  const part = { body, etag: etagOf(body, {}), lastModified: Date.now() };
  const upload = server.bucket(request.bucket ?? "").uploads.get(parameter(request, "uploadId") ?? "");
  upload?.parts.set(Number(parameter(request, "partNumber")), part);
  return partCopied(part.etag, part.lastModified, "");
}
