import type { Invocation } from "../cli/invocation.js";
import { regionOf } from "../cli/region.js";
import type { Context } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import type { Caller } from "../output/verification.js";

/** Where STS answers for every account when no region is known. */
const FALLBACK_REGION = "us-east-1";

/** Asks STS who the keys belong to. Throws Failure 254 or 255. */
export async function callerOf(
  credentials: Credentials,
  invocation: Invocation,
  context: Context,
): Promise<Caller> {
  const { getCallerIdentity } = await import("../s3-side.js");
  return getCallerIdentity(
    credentials,
    {
      region: regionOf(context.env) ?? FALLBACK_REGION,
      endpointUrl:
        invocation.value("endpoint-url-sts") ??
        (context.env.AWS_ENDPOINT_URL_STS || context.env.AWS_ENDPOINT_URL || undefined),
    },
    context,
  );
}
