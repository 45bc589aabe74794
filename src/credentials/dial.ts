import type { Socket } from "node:net";
import type { SourceDescription } from "./credentials.js";
import type { Endpoint } from "./endpoint.js";
import { hostNotPermitted, nameNotResolved } from "./failures.js";
import { addressFamily, isLoopback, unmapped } from "./permitted-address.js";

/** All addresses of a name, as getaddrinfo gives them. */
export type Lookup = (name: string) => Promise<readonly string[]>;

export async function systemLookup(name: string): Promise<readonly string[]> {
  const { lookup } = await import("node:dns");
  return new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses.map(({ address }) => address)),
    );
  });
}

/**
 * The very addresses that a connection over http may go to, checked: the address itself, or those of a name when all of
 * them are loopback. What is dialled is what this returns, never the name again.
 *
 * @throws Failure `uri-name`, `uri-host`
 */
export async function permittedAddresses(
  { host }: Endpoint,
  named: Pick<SourceDescription, "name" | "place">,
  lookup: Lookup = systemLookup,
): Promise<readonly string[]> {
  if (addressFamily(host) !== 0) return [unmapped(host)];
  let addresses: readonly string[];
  try {
    addresses = (await lookup(host)).map(unmapped);
  } catch (cause) {
    throw nameNotResolved(named, host, cause);
  }
  if (addresses.length === 0) throw nameNotResolved(named, host, new Error("no address"));
  if (!addresses.every(isLoopback)) throw hostNotPermitted(named, host);
  return addresses;
}

/** Opens a connection; it is not yet connected. Never by way of a proxy. */
export type Dial = (endpoint: Endpoint, address: string) => Promise<Socket>;

/** Dials `address` over http, or the endpoint's host over https with its certificate verified. */
export const dial: Dial = async ({ scheme, host, port }, address) => {
  if (scheme === "http") {
    const { connect } = await import("node:net");
    return connect({ host: address, port });
  }
  const { connect } = await import("node:tls");
  return connect({
    host,
    port,
    ...(addressFamily(host) === 0 ? { servername: host } : {}),
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    rejectUnauthorized: true,
    ALPNProtocols: ["http/1.1"],
  });
};
