import type { Response } from "./s3-server/operation.js";
import { header, type S3Request } from "./s3-server/s3-request.js";

/** How stores in the field refuse a header; `HEADER` stands for its name. */
export const REFUSALS: readonly (readonly [status: number, code: string, message: string])[] = [
  // Backblaze B2.
  [400, "InvalidArgument", "Unsupported header 'HEADER' received for this API call."],
  [400, "InvalidArgument", "Invalid Argument"],
  [400, "InvalidRequest", "The request is not valid."],
  // Amazon S3, MinIO, Ceph.
  [501, "NotImplemented", "A header you provided implies functionality that is not implemented"],
  // Cloudflare R2.
  [501, "NotImplemented", "Header 'HEADER' with value 'x' not implemented"],
  [501, "", ""],
  [400, "", ""],
];

/** An error in S3's form; without a code an empty answer. */
export function errorOf(status: number, code: string, message: string): Response {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body: Buffer.from(code && xml) };
}

/** The response of a store that refuses a header; undefined where the request has none. */
export function refuse(
  request: S3Request,
  names: RegExp,
  [status, code, message]: (typeof REFUSALS)[number],
): Response | undefined {
  const name = Object.keys(request.headers).find((one) => names.test(one) && header(request, one));
  return name === undefined ? undefined : errorOf(status, code, message.replace("HEADER", name));
}
