import type { Context } from "../context.js";
import type { Credentials, RoleRequest } from "./credentials.js";
import { keysExpired } from "./role-failures.js";

/**
 * Keys that STS has given and that have not expired already.
 *
 * @throws Failure `role-keys-expired`
 */
export function unexpiredKeys(
  credentials: Credentials,
  role: Pick<RoleRequest, "roleArn">,
  { now }: Pick<Context, "now">,
): Credentials {
  const { expiration } = credentials;
  if (expiration !== undefined && expiration.epochMs <= now())
    throw keysExpired(role, expiration.text, now());
  return credentials;
}
