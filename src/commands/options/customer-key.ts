import type { Invocation } from "../../cli/invocation.js";
import type { CustomerKey } from "../../s3/store.js";
import { badCustomerKey, needsBoth } from "./failures.js";
import { bytesOption } from "./values.js";

/** AES-256. */
const KEY_BYTES = 32;

/** `--sse-c` with `--sse-c-key`, or the same for the source of a copy. */
export function customerKeyOption(
  invocation: Invocation,
  name: "sse-c" | "sse-c-copy-source",
): CustomerKey | undefined {
  const algorithm = invocation.value(name);
  const key = bytesOption(invocation, `${name}-key`);
  if (algorithm === undefined && key === undefined) return undefined;
  if (key === undefined) throw needsBoth(name, `${name}-key`);
  if (algorithm === undefined) throw needsBoth(`${name}-key`, name);
  if (key.length !== KEY_BYTES) throw badCustomerKey(`${name}-key`);
  return { algorithm, key };
}
