import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { pipeline, Transform } from "node:stream";

export interface SlowLink {
  /** `http://ADDRESS:PORT` */
  readonly url: string;
  close(): void;
}

/**
 * Passes connections on to a server on 127.0.0.1, as if it were as far away as a bucket: what it answers on all of them
 * together comes at this rate.
 */
export async function startSlowLink(
  address: string,
  port: number,
  bytesPerSecond: number,
): Promise<SlowLink> {
  /** When the link has passed all that it was given. */
  let free = 0;
  const slowly = () =>
    new Transform({
      transform(chunk: Buffer, _, done) {
        const now = performance.now();
        free = Math.max(free, now) + (chunk.length / bytesPerSecond) * 1000;
        setTimeout(done, free - now, null, chunk);
      },
    });
  const server = createServer((client) => {
    const behind = connect(port, "127.0.0.1");
    // An end that hangs up is no business of the link's.
    pipeline(client, behind, () => undefined);
    pipeline(behind, slowly(), client, () => undefined);
  }).listen(0, address);
  await once(server, "listening");
  const own = server.address() as AddressInfo;
  return { url: `http://${address}:${own.port}`, close: () => server.close() };
}
