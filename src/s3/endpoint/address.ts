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

export type EndpointOptions = Pick<StoreOptions, "endpointUrl" | "addressingStyle" | "dualStack" | "fips">;

/** Longest name of a host (RFC 1035, 2.3.4). */
const MAX_HOST = 253;

/**
 * Whether a bucket's name can stand before the host of an endpoint: as one label under its TLS certificate `*.s3.…`, as
 * several only where there is none, and never before an address.
 */
function fitsInHost(bucket: string, { protocol, hostname }: URL): boolean {
  const labels = protocol === "http:" ? bucket.split(".") : [bucket];
  const areLabels = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, "")) > 0 || isIP(bucket) > 0;
  return areLabels && bucket.length >= 3 && !isAddress && bucket.length + hostname.length < MAX_HOST;
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
 * name where it fits there; others take it in the path, which works for addresses, dotted and odd names alike, unless they
 * are to have it in the host as well.
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
  const wantsHost =
    options.addressingStyle === "auto" ? custom === undefined : options.addressingStyle === "virtual";
  return wantsHost && fitsInHost(bucket, base)
    ? addressOf(base, bucket, "/", region)
    : addressOf(base, undefined, `/${encodeURIComponent(bucket)}/`, region);
}
