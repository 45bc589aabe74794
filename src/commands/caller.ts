import { getCallerIdentity } from "../aws/sts.js";
import { badUrl, stsNeeded } from "../aws/sts-failures.js";
import { isEndpointUrl } from "../cli/endpoint-url.js";
import type { Context, Environment } from "../context.js";
import type { Caller, Credentials } from "../credentials/credentials.js";
import { ExitCode, Failure } from "../failure.js";
import { type Connection, storeOptions } from "./options/store-options.js";

/** Where to ask, and what named it; undefined: the region's own STS. */
function endpointUrl(named: string | undefined, env: Environment): string | undefined {
  const configured = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() !== "true";
  const given: readonly (readonly [string, string | undefined])[] = [
    ["--endpoint-url-sts", named],
    ["AWS_ENDPOINT_URL_STS", (configured && env.AWS_ENDPOINT_URL_STS) || undefined],
    ["AWS_ENDPOINT_URL", (configured && env.AWS_ENDPOINT_URL) || undefined],
  ];
  const [name = "", url] = given.find(([, value]) => value !== undefined) ?? [];
  if (url === undefined) return undefined;
  if (!isEndpointUrl(url)) throw badUrl(name, url);
  return url;
}

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
  // As S3 is reached, and in the region where S3 would be asked first.
  const reached = storeOptions(connection, undefined, [credentials.roleArn]);
  const options = { ...reached, endpointUrl: endpointUrl(stsUrl, context.env) };
  try {
    return await getCallerIdentity(credentials, options, context);
  } catch (error) {
    const isService = error instanceof Failure && error.exitCode !== ExitCode.usage;
    throw isService && missing !== undefined ? stsNeeded(missing.source, missing.what, error) : error;
  }
}
