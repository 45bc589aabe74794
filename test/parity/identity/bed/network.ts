import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";

/** Where the container's agent and the instance's metadata service answer, besides loopback. */
const ADDRESSES = ["169.254.170.2/32", "169.254.169.254/32"];

/** Gives the namespace that we are in its addresses. Nothing of it is seen outside. */
export function setUpNetwork(): void {
  const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "inherit"] });
  ip("link", "set", "lo", "up");
  for (const address of ADDRESSES) ip("addr", "add", address, "dev", "lo");
}

const TYPE_A = 1;
/** A name's pointer to the question, type, class, a minute, four bytes: 127.0.0.1. */
const LOOPBACK = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);

/** The response to a query with one question: every name is this machine, by IPv4 alone (RFC 1035, 4.1). */
function answer(query: Buffer): Buffer {
  let end = 12;
  while (query[end] !== 0 && end < query.length) end += query[end]! + 1;
  const question = query.subarray(12, end + 5);
  const hasAddress = query.readUInt16BE(end + 1) === TYPE_A;
  const head = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, hasAddress ? 1 : 0, 0, 0, 0, 0]);
  return Buffer.concat([head, question, hasAddress ? LOOPBACK : Buffer.alloc(0)]);
}

/** A name server at 127.0.0.1, the one that the root's resolv.conf names. */
export async function startNameServer(): Promise<void> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => socket.send(answer(query), port, address));
  await new Promise<void>((resolve) => socket.bind(53, "127.0.0.1", resolve));
}
