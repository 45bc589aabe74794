import { isIP } from "node:net";
import { dnsSuffix } from "../../aws/partition.js";
import type { Scope } from "../../aws/sign.js";
import { accessPointUnusable, endpointUnusable } from "../failures.js";
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

/** Nothing can stand before an address; and a label that begins with `xn--` is an encoded word, which not every Node checks. */
function fitsBefore({ protocol, hostname }: URL, label: string): boolean {
  return !/(?:^|\.)xn--/.test(label) && URL.canParse(`${protocol}//${label}.${hostname}`);
}

/**
 * Whether a bucket's name can stand before the host of an endpoint: as one label under its TLS certificate `*.s3.…`, as
 * several only where there is none.
 */
function fitsInHost(bucket: string, base: URL): boolean {
  const labels = base.protocol === "http:" ? bucket.split(".") : [bucket];
  const areLabels = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  const fits = bucket.length >= 3 && bucket.length + base.hostname.length < MAX_HOST;
  return areLabels && fits && isIP(bucket) === 0 && fitsBefore(base, bucket);
}

function customEndpoint(endpointUrl: string): URL {
  if (!URL.canParse(endpointUrl) || !/^https?:$/.test(new URL(endpointUrl).protocol))
    throw endpointUnusable(endpointUrl);
  return new URL(endpointUrl);
}

function hostOf(service: string, region: string, { dualStack, fips }: EndpointOptions): string {
  return `${service}${fips ? "-fips" : ""}${dualStack ? ".dualstack" : ""}.${region}.${dnsSuffix(region)}`;
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
    const { service, outpost, account, name } = point;
    const label = `${name}-${account}${outpost === undefined ? "" : `.${outpost}`}`;
    // As the endpoint rule set of S3, and with it the AWS CLI.
    if (outpost !== undefined && custom === undefined && (options.fips || options.dualStack))
      throw accessPointUnusable(bucket as string, "S3 on Outposts has no FIPS and no dual-stack endpoints");
    const kind = outpost === undefined ? "s3-accesspoint" : service;
    const base = custom ?? new URL(`https://${hostOf(kind, point.region, options)}`);
    if (!fitsBefore(base, label)) throw endpointUnusable(base.origin);
    return addressOf(base, label, "/", point.region, service);
  }
  const base = custom ?? new URL(`https://${hostOf("s3", region, options)}`);
  if (bucket === undefined) return addressOf(base, undefined, "/", region);
  const wantsHost =
    options.addressingStyle === "auto" ? custom === undefined : options.addressingStyle === "virtual";
  return wantsHost && fitsInHost(bucket, base)
    ? addressOf(base, bucket, "/", region)
    : addressOf(base, undefined, `/${encodeURIComponent(bucket)}/`, region);
}
