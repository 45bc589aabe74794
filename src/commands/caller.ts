import { isEndpointUrl } from "../cli/endpoint-url.js";
import type { Invocation } from "../cli/invocation.js";
import { regionOf } from "../cli/region.js";
import type { Context, Environment } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { getCallerIdentity } from "../credentials/sts.js";
import { badUrl } from "../credentials/sts-failures.js";
import type { Caller } from "../output/verification.js";

/** Where STS answers for every account when no region is known. */
const FALLBACK_REGION = "us-east-1";

/** Where to ask, and what named it; undefined: the region's own STS. */
function endpointUrl(invocation: Invocation, env: Environment): string | undefined {
  const given: readonly (readonly [string, string | undefined])[] = [
    ["--endpoint-url-sts", invocation.value("endpoint-url-sts")],
    ["AWS_ENDPOINT_URL_STS", env.AWS_ENDPOINT_URL_STS || undefined],
    ["AWS_ENDPOINT_URL", env.AWS_ENDPOINT_URL || undefined],
  ];
  const [name = "", url] = given.find(([, value]) => value !== undefined) ?? [];
  if (url === undefined) return undefined;
  if (!isEndpointUrl(url)) throw badUrl(name, url);
  return url;
}

/** Asks STS who the keys belong to. Throws Failure 252, 254 or 255. */
export async function callerOf(
  credentials: Credentials,
  invocation: Invocation,
  context: Context,
): Promise<Caller> {
  const options = {
    region: regionOf(context.env) ?? FALLBACK_REGION,
    endpointUrl: endpointUrl(invocation, context.env),
  };
  return getCallerIdentity(credentials, options, context);
}
