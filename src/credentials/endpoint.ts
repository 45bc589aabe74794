import { shortened } from "../output/printable.js";
import type { SourceDescription } from "./credentials.js";
import { partsOf } from "./endpoint-ids.js";

/** A parsed endpoint address: the one reading of the URI that everything after it uses. */
export interface Endpoint {
  readonly scheme: "http" | "https";
  /** A name, or an address in its usual spelling (IPv6 without brackets). */
  readonly host: string;
  readonly port: number;
  /** The request target, as it is sent. Secret: it may hold the id. */
  readonly target: string;
  /** Nothing of the target is secret: it is shown whole. */
  readonly isOpen?: true;
}

/** The value of the Host header: the port only when it is not the scheme's own, IPv6 in brackets (the EKS agent insists). */
export function hostHeader({ scheme, host, port }: Endpoint): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === (scheme === "https" ? 443 : 80) ? name : `${name}:${port}`;
}

/** `http://169.254.170.2`, as shown to the user. */
export function endpointAddress(endpoint: Endpoint): string {
  return `${endpoint.scheme}://${hostHeader(endpoint)}`;
}

/** How much of an id is shown: enough to tell two of them apart, and at most a third. */
const beginning = (id: string) => `${id.slice(0, Math.min(4, Math.ceil(id.length / 3)))}…`;

/**
 * The path without its query, for every line that we print: whole are the words that all such paths are made of, and what is
 * too short to be an id; of anything else the beginning alone.
 */
export function shortenedPath(target: string): string {
  const [path = "", query] = target.split("?");
  const parts = partsOf(path).map(
    ({ before, text, isOpen }) => before + (isOpen || text.length <= 3 ? text : beginning(text)),
  );
  const shown = shortened(parts.join(""));
  return query === undefined ? shown : `${shown}?…`;
}

/** The address with its shortened path: what an error names. */
export function shownEndpoint(endpoint: Endpoint): string {
  const { target, isOpen } = endpoint;
  return `${endpointAddress(endpoint)}${isOpen ? target : shortenedPath(target)}`;
}

/** `--uri`, `AWS_CONTAINER_…` or `the secret AWS_CONTAINER_…`: what the user would change. */
export function shownName({ name, place }: Pick<SourceDescription, "name" | "place">): string {
  return place === "secret" ? `secret ${name}` : name;
}
