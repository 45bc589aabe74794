import { isRegion } from "../../aws/region.js";
import { accessPointUnusable } from "../failures.js";

/** An access point, of S3 or of S3 on Outposts, as its ARN names it. */
export interface AccessPoint {
  readonly service: "s3" | "s3-outposts";
  readonly region: string;
  readonly account: string;
  readonly name: string;
  readonly outpost?: string;
}

/** Names become labels of the host: the account follows in the same one. */
function isLabel(name: string | undefined): boolean {
  return name !== undefined && /^[a-z0-9][a-z0-9-]{0,49}$/.test(name);
}

/**
 * Reads `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME` and
 * `arn:aws:s3-outposts:REGION:ACCOUNT:outpost/ID/accesspoint/NAME`; `:` may stand for `/` in the resource.
 *
 * @returns undefined when the bucket is a name, not an ARN
 * @throws Failure for ARNs that cannot be used: multi-region access points (they need SigV4A), Object Lambda, others
 */
export function parseAccessPoint(bucket: string): AccessPoint | undefined {
  if (!bucket.startsWith("arn:")) return undefined;
  const [, , service, region = "", account = "", ...rest] = bucket.split(":");
  const resource = rest.join("/").split("/");
  if (service === "s3" && region === "" && resource[0] === "accesspoint")
    throw accessPointUnusable(
      bucket,
      "a multi-region access point needs SigV4A signatures, which this tool does not make",
    );
  const known = isRegion(region) && /^\d{12}$/.test(account);
  if (known && service === "s3" && resource[0] === "accesspoint" && isLabel(resource[1]))
    return { service, region, account, name: resource[1] ?? "" };
  const [kind, outpost = "", point, name = ""] = resource;
  if (
    known &&
    service === "s3-outposts" &&
    kind === "outpost" &&
    point === "accesspoint" &&
    isLabel(outpost) &&
    isLabel(name)
  )
    return { service, region, account, name, outpost };
  throw accessPointUnusable(
    bucket,
    "only ARNs of access points, of S3 or of S3 on Outposts, name a place to copy from or to",
  );
}
