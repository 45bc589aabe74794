import { createHash } from "node:crypto";
import type { CustomerKey } from "../store.js";

/** The headers of SSE-C; `prefix` is `x-amz-copy-source-` for the key that a copy's source is under. */
export function customerKeyHeaders(key: CustomerKey | undefined, prefix = "x-amz-"): Record<string, string> {
  if (key === undefined) return {};
  const name = `${prefix}server-side-encryption-customer`;
  return {
    [`${name}-algorithm`]: key.algorithm,
    [`${name}-key`]: key.key.toString("base64"),
    [`${name}-key-md5`]: createHash("md5").update(key.key).digest("base64"),
  };
}
