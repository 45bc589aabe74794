/** An IPv6 address in WHATWG's spelling that only carries an IPv4 one: `::ffff:7f00:1`. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/** The link-local and unique-local addresses of ECS, CodeBuild and the EKS Pod Identity agent. */
const AGENTS = new Set(["169.254.170.2", "169.254.170.23", "fd00:ec2::23"]);

/** 4, 6, or 0 for a name; of a host in the spelling that WHATWG's URL parser and getaddrinfo give. */
export function addressFamily(host: string): 0 | 4 | 6 {
  if (host.includes(":")) return 6;
  return IPV4.test(host) ? 4 : 0;
}

/** The IPv4 address inside an IPv4-mapped one, everything else as it is. It is this address that is checked and dialled. */
export function unmapped(address: string): string {
  if (!address.includes(":")) return address;
  const [, high, low] = MAPPED.exec(address) ?? [];
  if (high === undefined || low === undefined) return address.replace(/^::ffff:(?=[\d.]+$)/, "");
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** 127.0.0.0/8 and `::1`. */
export function isLoopback(address: string): boolean {
  return IPV4.test(address) ? address.startsWith("127.") : address === "::1";
}

/** Whether credentials may be asked for over plain http at this address: nothing on the way can listen in there. */
export function isPermittedAddress(address: string): boolean {
  return isLoopback(address) || AGENTS.has(address);
}
