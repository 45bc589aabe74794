import type { Socket } from "node:net";
import { KEYS } from "../http/reading-rules.js";
import type { Response } from "../http/response.js";
import { ResponseReader } from "../http/response-reader.js";
import { UnreadableResponse } from "../http/unreadable-response.js";
import { socketTrouble, type Trouble } from "./trouble.js";

/** Time limits of one attempt, ms. */
export interface Limits {
  readonly connect: number;
  /** From the connection to the end of the headers, a TLS handshake included. */
  readonly headers: number;
  /** Each pause inside the body. */
  readonly gap: number;
  /** The whole attempt: a slow drip outlasts every idle timer. */
  readonly attempt: number;
}

/** A cold EKS agent takes 4 s and more; a dead address should not take longer than a build has patience for. */
export const LIMITS: Limits = { connect: 2000, headers: 5000, gap: 5000, attempt: 10_000 };

/**
 * Timers that let what has already arrived be read first: on a machine so busy that the process did not run for
 * seconds, the time is over and the response is there.
 */
class Timers {
  private readonly pending = new Map<string, { timer: NodeJS.Timeout; last?: NodeJS.Immediate }>();

  set(name: string, ms: number, action: () => void): void {
    this.cancel(name);
    const entry: { timer: NodeJS.Timeout; last?: NodeJS.Immediate } = {
      timer: setTimeout(() => {
        entry.last = setImmediate(action);
      }, ms),
    };
    this.pending.set(name, entry);
  }

  clear(): void {
    for (const name of this.pending.keys()) this.cancel(name);
  }

  private cancel(name: string): void {
    const entry = this.pending.get(name);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    clearImmediate(entry.last);
  }
}

/** What came of one request. With `trouble`, `response` is what had been read until then. */
export interface Outcome {
  readonly response?: Response;
  readonly trouble?: Trouble;
}

/**
 * Sends one request over a connection that is being opened and reads its response. Never rejects. Timers and socket are
 * done away with in the next turn of the loop: a process that ends with the response need not wait for that, and a socket
 * that closes makes Node open standard error. A TLS handshake counts as waiting for the headers.
 */
export function requestOnce(socket: Socket, request: string, limits: Limits): Promise<Outcome> {
  return new Promise((resolve) => {
    const reader = new ResponseReader(KEYS);
    const timers = new Timers();
    let finished = false;
    const finish = (trouble?: Trouble) => {
      // A reset that comes after the response is nobody's concern.
      if (finished) return;
      finished = true;
      setImmediate(() => {
        timers.clear();
        socket.destroy();
      });
      const { response } = reader;
      resolve({ ...(response ? { response } : {}), ...(trouble ? { trouble } : {}) });
    };
    let phase: Trouble["reason"] = "connect-timeout";

    timers.set("phase", limits.connect, () => finish({ reason: phase }));
    timers.set("attempt", limits.attempt, () => finish({ reason: phase }));
    socket.on("connect", () => {
      if (finished) return;
      phase = "silent";
      timers.set("phase", limits.headers, () => finish({ reason: phase }));
      socket.write(request, "latin1");
    });
    socket.on("data", (bytes: Buffer) => {
      if (finished) return;
      try {
        reader.push(bytes);
      } catch (error) {
        return finish(readTrouble(error));
      }
      if (reader.done) return finish();
      if (!reader.started) return;
      phase = "stalled";
      timers.set("phase", limits.gap, () => finish({ reason: phase }));
    });
    socket.on("end", () => finish(reader.end() ? undefined : closedTrouble(reader.started)));
    socket.on("error", (error) => finish(socketTrouble(error)));
    socket.on("close", () => finish({ reason: "reset" }));
  });
}

function closedTrouble(started: boolean): Trouble {
  return started ? { reason: "truncated" } : { reason: "reset", detail: "no response at all" };
}

function readTrouble(error: unknown): Trouble {
  if (error instanceof UnreadableResponse) return { reason: error.reason, detail: error.message };
  throw error;
}
