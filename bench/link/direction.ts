import type { Socket } from "node:net";
import type { Pace } from "./pace.js";

/** Timers have a grain of 1 ms: what is due within half of it goes now, so that the mean delay is what was asked for. */
const HALF_A_TICK_MS = 0.5;
/** What the other end has not taken yet. Beyond it we wait, as a sender does whose window is full. */
const UNSENT_LIMIT = 1 << 20;

interface Chunk {
  /** When its first byte has come all the way. */
  readonly arrives: number;
  readonly data: Buffer;
}

/** One direction of one connection: bytes come out after the delay, and no faster than both paces allow. */
export class Direction {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #own: Pace;
  readonly #all: Pace;
  /** Bytes under way from which on nothing more is read. */
  readonly #limit: number;
  #chunks: Chunk[] = [];
  #bytes = 0;
  #isEnding = false;

  constructor(from: Socket, to: Socket, own: Pace, all: Pace, limit: number) {
    this.#from = from;
    this.#to = to;
    this.#own = own;
    this.#all = all;
    this.#limit = limit;
  }

  get isIdle(): boolean {
    return this.#chunks.length === 0;
  }

  put(data: Buffer, arrives: number): void {
    this.#chunks.push({ arrives, data });
    this.#bytes += data.length;
    if (this.#bytes > this.#limit) this.#from.pause();
  }

  /** No more comes: the other end is told once everything has passed. */
  end(): void {
    this.#isEnding = true;
    if (this.isIdle) this.#to.end();
  }

  /**
   * Writes what is due at `now`, all of it at once, and returns when there will be more to write; Infinity: not by itself.
   * `since`: when that was last done. What all connections may send since then is shared.
   */
  pass(now: number, since: number): number {
    let count = 0;
    let next = Number.POSITIVE_INFINITY;
    this.#to.cork();
    for (const { arrives, data } of this.#chunks) {
      const end = this.#own.end(arrives, data.length);
      next = end;
      if (end > now + HALF_A_TICK_MS) break;
      if (this.#all.end(since, 0) > now || this.#to.writableLength > UNSENT_LIMIT) {
        this.#own.hold(now, data.length);
        break;
      }
      this.#own.take(end);
      this.#all.take(this.#all.end(since, data.length));
      this.#to.write(data);
      this.#bytes -= data.length;
      count++;
    }
    this.#to.uncork();
    this.#chunks.splice(0, count);
    if (this.#bytes <= this.#limit) this.#from.resume();
    if (this.#isEnding && this.isIdle) this.#to.end();
    return this.isIdle ? Number.POSITIVE_INFINITY : next;
  }
}
