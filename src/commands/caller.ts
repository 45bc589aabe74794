import { getCallerIdentity } from "../aws/caller-identity.js";
import { stsNeeded } from "../aws/sts-failures.js";
import type { Context } from "../context.js";
import type { Credentials, SourceDescription } from "../credentials/credentials.js";
import type { Asked } from "../credentials/expectations.js";
import { ExitCode, Failure } from "../failure.js";
import type { Connection } from "./options/store-options.js";
import { stsOptions } from "./options/sts-options.js";

/** Who is silent of whose the keys are, or says something else than STS. */
const TOLD_BY: Readonly<Record<SourceDescription["kind"], string>> = {
  container: "the endpoint",
  "environment-keys": "the environment",
  "credentials-file": "the file",
  profile: "the profile",
  "web-identity": "STS",
  instance: "the instance",
  process: "the credential_process",
  "assumed-role": "STS",
};

/**
 * Asks STS who the keys belong to.
 *
 * @param kind of their source
 * @param stsUrl `--endpoint-url-sts`
 * @param missing what the source does not name, for which STS is asked: `role`, `account`, `role and account`; undefined:
 *   the user said `--sts`
 * @throws Failure 252, 254 or 255
 */
export async function callerOf(
  credentials: Credentials,
  kind: SourceDescription["kind"],
  connection: Connection,
  stsUrl: string | undefined,
  context: Context,
  missing: string | undefined,
): Promise<Asked> {
  const source = TOLD_BY[kind];
  const options = stsOptions(connection, stsUrl);
  try {
    return {
      source,
      caller: await getCallerIdentity(credentials, options, context, [connection.expectedRole]),
    };
  } catch (error) {
    const isService = error instanceof Failure && error.exitCode !== ExitCode.usage;
    throw isService && missing !== undefined ? stsNeeded(source, missing, error) : error;
  }
}
