import { createSocket } from "node:dgram";
import { isIP } from "node:net";

/**
 * Which of our own addresses the system would send from to reach an address. Connecting a datagram socket looks the
 * route up and sends nothing.
 *
 * @param address `http://169.254.170.2` or `http://[fd00:ec2::23]:80`
 * @returns our address; an error code as ENETUNREACH; undefined for a name
 */
export function routeTo(address: string): Promise<{ from: string } | { error: string } | undefined> {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  const version = isIP(host);
  if (version === 0) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = createSocket(version === 4 ? "udp4" : "udp6");
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve({ error: error.code ?? error.message });
    });
    socket.connect(Number(port) || 80, host, () => {
      const from = socket.address().address;
      socket.close();
      // Where no interface has an address the kernel binds to none, and says nothing.
      resolve(/^(0\.0\.0\.0|::)$/.test(from) ? { error: "ENETUNREACH" } : { from });
    });
  });
}
