import type { StsOptions } from "../../aws/sts.js";
import { badUrl } from "../../aws/sts-failures.js";
import { isEndpointUrl } from "../../cli/endpoint-url.js";
import type { Connection } from "./store-options.js";

/**
 * How STS is reached, by every action: as S3 is, but never at `--endpoint-url`, nor in `--bucket-region`.
 *
 * @param named `--endpoint-url-sts`
 * @throws Failure `bad-url`, exit code 252; `services-missing`, 253
 */
export function stsOptions(connection: Connection, named: string | undefined): StsOptions {
  const given = named === undefined ? connection.stsEndpoint() : { value: named, from: "--endpoint-url-sts" };
  if (given !== undefined && !isEndpointUrl(given.value)) throw badUrl(given.from, given.value);
  const { stsRegion: region, stsDualStack: dualStack } = connection;
  return { ...connection, region, dualStack, endpointUrl: given?.value };
}
