import type { StsOptions } from "../../aws/sts.js";
import { badUrl } from "../../aws/sts-failures.js";
import { isEndpointUrl } from "../../cli/endpoint-url.js";
import type { Environment } from "../../context.js";
import type { Connection } from "./store-options.js";

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

/**
 * How STS is reached, by every action: as S3 is, in the region that is named for S3, but never at `--endpoint-url`.
 *
 * @param stsUrl `--endpoint-url-sts`
 * @throws Failure `bad-url`, exit code 252
 */
export function stsOptions(connection: Connection, stsUrl: string | undefined, env: Environment): StsOptions {
  return { ...connection, endpointUrl: endpointUrl(stsUrl, env) };
}
