import type { Environment } from "../context.js";
import { hasControlCharacter, isBrokenText } from "../output/control-characters.js";
import { wordsFor } from "../system-error.js";
import { type Lookup, systemLookup } from "./dial.js";
import type { Endpoint } from "./endpoint.js";
import {
  instanceDisabled,
  instanceEndpointMalformed,
  instanceModeMalformed,
  instanceNameNotResolved,
} from "./instance-failures.js";
import { DISABLED, isDisabled } from "./instance-settings.js";
import { addressFamily, unmapped } from "./permitted-address.js";

const ENDPOINT = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

/** A setting of a profile, and the file it stands in. */
interface FromProfile {
  readonly value: string;
  readonly file: string;
}

/** What the profile in force says of the service: `ec2_metadata_service_endpoint` and `ec2_metadata_service_endpoint_mode`. */
export interface InstanceSettings {
  readonly endpoint?: FromProfile | undefined;
  readonly endpointMode?: FromProfile | undefined;
}

/** A setting and what named it: the variable, or the profile's setting. */
interface Named {
  readonly value: string;
  readonly name: string;
}

function named(
  env: Environment,
  variable: string,
  setting: string,
  profile?: FromProfile,
): Named | undefined {
  const value = env[variable];
  if (value) return { value, name: variable };
  return profile?.value ? { value: profile.value, name: `${setting} in ${profile.file}` } : undefined;
}

/** Where the service is on every instance (EC2 User Guide, "Access instance metadata for an EC2 instance"). */
const HOSTS: Readonly<Record<string, string>> = { ipv4: "169.254.169.254", ipv6: "fd00:ec2::254" };

function byMode(mode: Named | undefined): Endpoint {
  const { value, name } = mode ?? { value: "IPv4", name: MODE };
  const host = wordsFor(HOSTS, value.toLowerCase());
  if (host === undefined) throw instanceModeMalformed(name, value);
  return { scheme: "http", host, port: 80, target: "", isOpen: true };
}

/** `http://` or `https://`, then an authority without a user: WHATWG's parser would also take `http:host`. */
const STRICT = /^https?:\/\/[^/?#\\@]+(?:\/[^?#\\]*)?$/i;

/** Any host, as for every SDK: who names it says that it may be asked. A path stands before that of each request. */
function parsed({ value, name }: Named): Endpoint {
  if (hasControlCharacter(value) || isBrokenText(value) || !STRICT.test(value) || !URL.canParse(value))
    throw instanceEndpointMalformed(name);
  const url = new URL(value);
  const scheme = url.protocol === "https:" ? "https" : "http";
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  if (port === 0) throw instanceEndpointMalformed(name);
  const host = url.hostname.replace(/[[\]]/g, "");
  return { scheme, host, port, target: url.pathname.replace(/\/$/, ""), isOpen: true };
}

/** The service's address, and the setting that named it; its target is the path before that of each request. */
export interface InstanceEndpoint {
  readonly base: Endpoint;
  /** Undefined: the address of every instance. */
  readonly namedBy: string | undefined;
}

/**
 * Where the instance metadata service is, as botocore has it: an endpoint that is named, whatever the mode; else the
 * address of the mode. A variable goes before the profile; an empty one counts as not set.
 *
 * @param askedBy  the option or profile that asks for the instance's role
 * @throws Failure `instance-disabled`, `instance-endpoint`, `instance-endpoint-mode`, 253
 */
export function instanceEndpoint(
  env: Environment,
  { endpoint, endpointMode }: InstanceSettings,
  askedBy: string,
): InstanceEndpoint {
  if (isDisabled({ env })) throw instanceDisabled(DISABLED, askedBy);
  const mode = named(env, MODE, "ec2_metadata_service_endpoint_mode", endpointMode);
  const atMode = byMode(mode);
  const given = named(env, ENDPOINT, "ec2_metadata_service_endpoint", endpoint);
  if (given !== undefined) return { base: parsed(given), namedBy: given.name };
  return { base: atMode, namedBy: undefined };
}

/**
 * The addresses to dial. Each request of a fetch goes to the same ones.
 *
 * @throws Failure `instance-name`, 253
 */
export async function instanceAddresses(
  { base: { scheme, host }, namedBy = host }: InstanceEndpoint,
  lookup: Lookup = systemLookup,
): Promise<readonly string[]> {
  if (scheme === "https") return [host];
  if (addressFamily(host) !== 0) return [unmapped(host)];
  try {
    const addresses = await lookup(host);
    if (addresses.length > 0) return addresses;
  } catch (cause) {
    throw instanceNameNotResolved(namedBy, host, cause);
  }
  throw instanceNameNotResolved(namedBy, host, new Error("no address"));
}
