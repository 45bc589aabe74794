import type { Context } from "../../context.js";
import { Cancellation } from "../../http/cancellation.js";
import { NoResponse } from "../../http/no-response.js";
import type { WireRequest } from "../../http/request.js";
import type { ResponseHead, Sink } from "../../http/response.js";
import type { StoreOptions } from "../store.js";
import type { S3Request } from "./request.js";

/** A response came, but so slowly that it would not end. */
export class TooSlow extends Error {
  readonly code = "ERR_SILENT";

  constructor() {
    super("the server answers too slowly");
  }
}

/** Bytes a second that a body has to bring on average: what twenty connections still get from a modem. */
const LEAST_RATE = 256;

/** Bytes a second at which a request's body is supposed to be sent, at the least. */
const LEAST_SENDING_RATE = 1024;

/**
 * A response that is never silent for the time that the user allows may take this many times as long to bring its share. Only
 * what brings less is no response at all.
 */
const DRIPPING = 3;

/** Bytes of a request that are sent in no time. */
const MAX_UNTIMED = 64 * 1024;

/** Milliseconds that a response's cleaning-up may take after a signal, which must end the process within two seconds. */
export const CLEAN_UP_MS = 1500;

/** Milliseconds that S3 may copy or complete for, however often it says that it is still at it. */
const LONGEST_OPERATION_MS = 3_600_000;

type Clock = Pick<Context, "now">;

/** What a request may take. */
export interface Allowance {
  /** Milliseconds from when the request goes out until the body brings something, or all is there; 0: no limit. */
  readonly responseMs: number;
  /** Milliseconds in which the body has to bring its share, again and again; absent: the first limit is for all of it. */
  readonly bodyMs?: number;
  /** Bytes of the request's body, which are to be sent first. */
  readonly sending: number;
}

/**
 * Watches one request and its response: a server that sends something now and then, be it interim responses (102, 103),
 * headers or single bytes, is never silent, and would hold the run for ever. Heads bring nothing; only a body's bytes do.
 */
export class Pace {
  readonly cancellation: Cancellation;
  readonly sink: Sink | undefined;
  readonly #release: () => void;
  readonly #bodyMs: number | undefined;
  readonly #responseMs: number;
  readonly #sending: number;
  #timer: NodeJS.Timeout | undefined;
  #received = 0;
  /** Reads that wait for what takes the body. */
  #held = 0;
  #begun = false;
  readonly #now: Clock["now"];
  #startedAt = Number.NaN;
  #firstAt: number | undefined;

  /** @param cancellation of the run; absent: only the pace ends this request */
  constructor(
    { responseMs, bodyMs, sending }: Allowance,
    sink: Sink | undefined,
    cancellation: Cancellation | undefined,
    { now }: Clock,
  ) {
    this.#now = now;
    const child = (cancellation ?? new Cancellation()).child();
    this.cancellation = child.cancellation;
    this.#release = child.release;
    this.#sending = sending;
    this.#bodyMs = bodyMs;
    this.sink = sink === undefined ? undefined : this.#watched(sink);
    this.#responseMs = responseMs === 0 ? 0 : responseMs + (sending / LEAST_SENDING_RATE) * 1000;
  }

  /** What the wire tells: connecting has a limit of its own, so that the time begins when the request goes out. */
  readonly watch: Required<Pick<WireRequest, "onStart" | "onKept">> = {
    onStart: () => {
      this.#startedAt = this.#now();
      if (this.#responseMs > 0) this.#wait(this.#responseMs);
    },
    onKept: (bytes) => {
      this.#received += bytes;
      this.#firstAt ??= this.#now();
    },
  };

  /** Milliseconds until the response began, asked when it has ended; 0 where a long body was to be sent before. */
  get waitedMs(): number {
    if (this.#sending > MAX_UNTIMED) return 0;
    return (this.#firstAt ?? this.#now()) - this.#startedAt;
  }

  /** The request has ended, in whatever way. */
  end(): void {
    clearTimeout(this.#timer);
    this.#release();
  }

  #watched(sink: Sink): Sink {
    return {
      takes: (response) => sink.takes?.(response) !== false,
      onResponse: (response: ResponseHead) => {
        this.#begun = true;
        this.#firstAt ??= this.#now();
        sink.onResponse(response);
      },
      onChunk: (chunk: Buffer) => {
        this.#received += chunk.length;
        const busy = sink.onChunk(chunk);
        if (busy !== undefined) this.#hold(busy);
        return busy;
      },
    };
  }

  /** While nothing is read, the server is not slow. */
  #hold(busy: Promise<void>): void {
    this.#held++;
    const go = () => {
      this.#held--;
      // The time until the next look is partly that of the wait.
      this.#received = Number.POSITIVE_INFINITY;
    };
    busy.then(go, go);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const bodyMs = this.#bodyMs ?? 0;
    if (this.#held > 0) this.#wait(bodyMs);
    else if (bodyMs === 0 || this.#received < (LEAST_RATE * bodyMs) / 1000)
      this.cancellation.cancel(new NoResponse(new TooSlow(), this.#begun));
    else {
      this.#received = 0;
      this.#wait(bodyMs);
    }
  }
}

/** Whether a request was ended because its response came too slowly. */
export function isTooSlow(error: unknown): boolean {
  return error instanceof NoResponse && error.cause instanceof TooSlow;
}

/** The pace of a request, by its kind and what the user has set. */
export function paceOf(
  { cleansUp, isSlowOperation, sink }: S3Request,
  { headers }: WireRequest,
  { readTimeoutMs }: Pick<StoreOptions, "readTimeoutMs">,
  cancellation: Cancellation,
  clock: Clock,
): Pace {
  if (cleansUp) return new Pace({ responseMs: CLEAN_UP_MS, sending: 0 }, undefined, undefined, clock);
  const sending = Number(headers["content-length"] ?? "");
  // White space before the response of a long copy is no progress, and no fault either.
  const patience = isSlowOperation && readTimeoutMs > 0 ? LONGEST_OPERATION_MS : DRIPPING * readTimeoutMs;
  if (isSlowOperation) return new Pace({ responseMs: patience, sending }, undefined, cancellation, clock);
  return new Pace({ responseMs: patience, bodyMs: patience, sending }, sink, cancellation, clock);
}
