import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { Expiration } from "../credentials/credentials.js";
import { tooLittleTime } from "../credentials/expectation-failures.js";
import { keysExpired } from "./expired-key-notices.js";
import type { CredentialOptions } from "./options/credential-options.js";

/**
 * Says that the keys of an instance have expired, and are used.
 *
 * @throws Failure `too-little-time`, exit code 1, where `--min-ttl` wants more
 */
export function tellExpired(
  expiredAt: Expiration,
  { expected: { minTtlMs }, quiet }: CredentialOptions,
  context: Context,
): void {
  if (minTtlMs !== undefined) throw tooLittleTime(minTtlMs, expiredAt.epochMs - context.now());
  if (!quiet) note(keysExpired(expiredAt.text), context);
}
