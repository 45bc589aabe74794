import { isIP } from "node:net";
import { dnsSuffix } from "../../aws/partition.js";
import type { Scope } from "../../aws/sign.js";
import { endpointUnusable } from "../failures.js";
import type { StoreOptions } from "../store.js";
import { parseAccessPoint } from "./access-point.js";

/** Where a request for a bucket goes, and what its signature is made for. */
export interface Address extends Scope {
  /** `https://bucket.s3.eu-west-1.amazonaws.com` */
  readonly origin: string;
  /** Value of the Host header. */
  readonly host: string;
  /** What stands before the key: `/` or `/bucket/`. */
  readonly path: string;
}

export type EndpointOptions = Pick<StoreOptions, "endpointUrl" | "dualStack" | "fips">;

/** A name that can stand as one label before the endpoint's host under its TLS certificate `*.s3.…`. */
function fitsInHost(bucket: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket);
}

function customEndpoint(endpointUrl: string): URL {
  if (!URL.canParse(endpointUrl) || !/^https?:$/.test(new URL(endpointUrl).protocol))
    throw endpointUnusable(endpointUrl);
  return new URL(endpointUrl);
}

function hostOfS3(region: string, { dualStack, fips }: EndpointOptions): string {
  return `s3${fips ? "-fips" : ""}${dualStack ? ".dualstack" : ""}.${region}.${dnsSuffix(region)}`;
}

function addressOf(
  base: URL,
  label: string | undefined,
  path: string,
  region: string,
  service = "s3",
): Address {
  const host = label === undefined ? base.host : `${label}.${base.host}`;
  return {
    origin: `${base.protocol}//${host}`,
    host,
    path: `${base.pathname.replace(/\/$/, "")}${path}`,
    region,
    service,
  };
}

/**
 * The address of a bucket, an access point's ARN, or the service itself. AWS's own endpoints take the bucket in the host
 * name where it fits there; others take it in the path, which works for addresses, dotted and odd names alike.
 *
 * @param region where the bucket is; an ARN's own region stands before it
 * @throws Failure for an endpoint or ARN that cannot be used
 */
export function addressFor(bucket: string | undefined, region: string, options: EndpointOptions): Address {
  const point = bucket === undefined ? undefined : parseAccessPoint(bucket);
  const custom = options.endpointUrl === undefined ? undefined : customEndpoint(options.endpointUrl);
  if (point !== undefined) {
    const { dualStack, fips } = options;
    const label = `${point.name}-${point.account}${point.outpost === undefined ? "" : `.${point.outpost}`}`;
    const service =
      point.service === "s3-outposts"
        ? "s3-outposts"
        : `s3-accesspoint${fips ? "-fips" : ""}${dualStack ? ".dualstack" : ""}`;
    const base = custom ?? new URL(`https://${service}.${point.region}.${dnsSuffix(point.region)}`);
    if (isIP(base.hostname.replace(/^\[|\]$/g, ""))) throw endpointUnusable(base.origin);
    return addressOf(base, label, "/", point.region, point.service);
  }
  const base = custom ?? new URL(`https://${hostOfS3(region, options)}`);
  if (bucket === undefined) return addressOf(base, undefined, "/", region);
  return custom === undefined && fitsInHost(bucket)
    ? addressOf(base, bucket, "/", region)
    : addressOf(base, undefined, `/${encodeURIComponent(bucket)}/`, region);
}
