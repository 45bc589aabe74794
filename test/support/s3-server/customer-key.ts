import { createHash } from "node:crypto";
import { accessDenied, invalidArgument, invalidRequest } from "./s3-error.js";
import { header, type S3Request } from "./s3-request.js";

/**
 * The MD5 (base64) of the customer's key that a request carries; undefined without one.
 * (Amazon takes such keys over TLS only; here plain loopback is taken too.)
 *
 * @param prefix `x-amz-`, or `x-amz-copy-source-` for the key of a copy's source
 */
export function customerKeyMd5(request: S3Request, prefix = "x-amz-"): string | undefined {
  const name = `${prefix}server-side-encryption-customer-`;
  const algorithm = header(request, `${name}algorithm`);
  const key = header(request, `${name}key`);
  const md5 = header(request, `${name}key-md5`);
  if (algorithm === undefined && key === undefined && md5 === undefined) return undefined;
  if (algorithm !== "AES256" || key === undefined || md5 === undefined) {
    throw invalidArgument(
      "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.",
    );
  }
  const bytes = Buffer.from(key, "base64");
  if (bytes.length !== 32) {
    throw invalidArgument("The secret key was invalid for the specified algorithm.");
  }
  if (createHash("md5").update(bytes).digest("base64") !== md5) {
    throw invalidArgument("The calculated MD5 hash of the key did not match the hash that was provided.");
  }
  return md5;
}

/** Refuses a request whose customer key is not the one that the object is under. */
export function checkCustomerKey(objectMd5: string | undefined, requestMd5: string | undefined): void {
  if (objectMd5 === undefined && requestMd5 !== undefined) {
    throw invalidRequest("The encryption parameters are not applicable to this object.");
  }
  if (objectMd5 !== undefined && requestMd5 === undefined) {
    throw invalidRequest(
      "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
    );
  }
  if (objectMd5 !== requestMd5) throw accessDenied();
}
