import { getCallerIdentity } from "../aws/caller-identity.js";
import { stsNeeded } from "../aws/sts-failures.js";
import type { Context } from "../context.js";
import type { Caller, Credentials } from "../credentials/credentials.js";
import { ExitCode, Failure } from "../failure.js";
import type { Connection } from "./options/store-options.js";
import { stsOptions } from "./options/sts-options.js";

/** Why STS is asked by itself: what the source of the keys does not name. */
export interface Missing {
  /** `the endpoint`, `the file` … */
  readonly source: string;
  /** `role`, `account`, `role and account` */
  readonly what: string;
}

/**
 * Asks STS who the keys belong to.
 *
 * @param stsUrl `--endpoint-url-sts`
 * @param missing undefined: the user said `--sts`
 * @throws Failure 252, 254 or 255
 */
export async function callerOf(
  credentials: Credentials,
  connection: Connection,
  stsUrl: string | undefined,
  context: Context,
  missing: Missing | undefined,
): Promise<Caller> {
  const options = stsOptions(connection, stsUrl);
  try {
    return await getCallerIdentity(credentials, options, context, [connection.expectedRole]);
  } catch (error) {
    const isService = error instanceof Failure && error.exitCode !== ExitCode.usage;
    throw isService && missing !== undefined ? stsNeeded(missing.source, missing.what, error) : error;
  }
}
