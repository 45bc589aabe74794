import { connect, createServer, type Server, type Socket } from "node:net";
import { Direction } from "./direction.js";
import { Pace } from "./pace.js";

/** What a link is like. Rates in 10^6 bytes a second, in each direction; 0: no limit. */
export interface LinkOptions {
  /** Of a round trip. */
  readonly roundTripMs: number;
  /** Of each connection. */
  readonly mbPerSecond: number;
  /** Of all connections together. */
  readonly mbPerSecondInAll: number;
}

/** What may be under way on one connection: as much as passes in the delay and some ticks, at 1 GB/s at most. */
function underWay({ roundTripMs, mbPerSecond }: LinkOptions): number {
  return Math.ceil((roundTripMs / 2 + 4) * Math.min(mbPerSecond || 1000, 1000) * 1000);
}

/**
 * A server that passes connections on to `port` of 127.0.0.1 as if that were far away. A new connection waits for a round
 * trip, as for a handshake.
 */
export function createLink(port: number, options: LinkOptions): Server {
  const delay = options.roundTripMs / 2;
  const limit = underWay(options);
  const [up, down] = [new Pace(options.mbPerSecondInAll), new Pace(options.mbPerSecondInAll)];
  let busy: Direction[] = [];
  let last = 0;
  // What comes while we wait is not due before the delay is over.
  const wait = (ms: number) => setTimeout(tick, Math.max(1, Math.round(Math.min(ms, delay))));
  const start = () => {
    last = performance.now();
    wait(delay);
  };
  const tick = () => {
    const now = performance.now();
    const next = Math.min(...busy.map((direction) => direction.pass(now, last)));
    last = now;
    busy = busy.filter((direction) => !direction.isIdle);
    // Another one is first the next time: none has the link to itself.
    const first = busy.shift();
    if (first === undefined) return;
    busy.push(first);
    wait(next - now);
  };
  const join = (from: Socket, to: Socket, all: Pace) => {
    const direction = new Direction(from, to, new Pace(options.mbPerSecond), all, limit);
    from.on("data", (chunk) => {
      if (busy.length === 0) start();
      if (direction.isIdle) busy.push(direction);
      direction.put(chunk, performance.now() + delay);
    });
    from.on("end", () => direction.end());
    from.on("close", () => direction.end());
    from.on("error", () => to.destroy());
  };
  return createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    setTimeout(() => {
      const server = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
      join(client, server, up);
      join(server, client, down);
      client.resume();
    }, options.roundTripMs);
  });
}
