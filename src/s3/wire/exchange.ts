import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { systemError } from "../../system-error.js";
import type { Stop } from "../requests/stop.js";

/** Status and headers of an answer; names in lower case, repeated ones joined by a comma. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer with its body, which is empty when a sink took it. */
export interface Answer extends AnswerHead {
  readonly body: Buffer;
}

/** Takes the body of an answer that is a success (2xx) as it comes. */
export interface Sink {
  /** Whether the answer is for the sink; otherwise its body is kept, as an error's is. Absent: every success is. */
  takes?(answer: AnswerHead): boolean;
  /** Before the body; may throw to refuse the answer. */
  onAnswer(answer: AnswerHead): void;
  /** `chunk` is valid during the call only. May throw to refuse the rest. */
  onChunk(chunk: Buffer): void;
}

/** Whether the sink takes the answer's body as it comes. */
export function isTaken(sink: Sink | undefined, answer: AnswerHead): boolean {
  return sink !== undefined && answer.status < 300 && sink.takes?.(answer) !== false;
}

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly origin: string;
  readonly method: string;
  /** Encoded, with its query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer | Iterable<Uint8Array>;
  /** On a connection of its own, which nothing uses before or after it. */
  readonly isAlone?: boolean;
  /** Milliseconds without a sign of the server; absent: the dispatcher's own limits. */
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
  /** The connection stands, and the request goes out. */
  readonly onStart?: () => void;
  /** Told of the bytes of a body that no sink takes. */
  readonly onKept?: (bytes: number) => void;
}

/** More came on a connection than the answer to what was asked: which of it is the answer is not known. */
export class SurplusBytes extends Error {
  constructor() {
    super("the server sent more than the answer");
  }
}

/** The server gave no answer, or not the whole of it. */
export class NoAnswer extends Error {
  /** Whether the sink had seen the answer's head: then the request cannot simply be made again. */
  readonly begun: boolean;
  /** S3's name for what was asked. */
  operation = "";

  constructor(cause: unknown, begun: boolean) {
    super(systemError(cause).message, { cause });
    this.begun = begun;
  }
}

/** The largest body that is kept in memory; a page of 1,000 keys, each of 1,024 bytes percent-encoded, is below 5 MiB. */
const MAX_BODY = 32 * 1024 * 1024;

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(",");
  }
  return flat;
}

/** Turns undici's calls into one promise. */
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #sink: Sink | undefined;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #head: AnswerHead | undefined;
  #sinking = false;
  #refusal: Error | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #release: () => void;
  readonly #request: WireRequest;

  constructor(
    request: WireRequest,
    sink: Sink | undefined,
    stop: Stop | undefined,
    resolve: (answer: Answer) => void,
    reject: (error: Error) => void,
  ) {
    this.#request = request;
    this.#sink = sink;
    this.#resolve = resolve;
    this.#reject = reject;
    // At once, also while the connection is still being made.
    this.#release =
      stop?.onStop((reason) => {
        this.#refusal ??= reason;
        this.#controller?.abort(reason);
        reject(reason);
      }) ?? (() => undefined);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#refusal !== undefined) controller.abort(this.#refusal);
    else this.#request.onStart?.();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    this.#head = { status, headers: flatten(headers) };
    this.#sinking = isTaken(this.#sink, this.#head);
    if (this.#sinking) this.#try(controller, () => this.#sink?.onAnswer(this.#head as AnswerHead));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sinking) {
      this.#try(controller, () => this.#sink?.onChunk(chunk));
      return;
    }
    this.#kept += chunk.length;
    this.#request.onKept?.(chunk.length);
    this.#chunks.push(chunk);
    if (this.#kept > MAX_BODY) controller.abort(new Error("the answer is larger than any of S3"));
  }

  onResponseEnd(): void {
    this.#release();
    if (this.#refusal !== undefined) this.#reject(this.#refusal);
    else if (this.#head !== undefined) this.#resolve({ ...this.#head, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#release();
    this.#reject(this.#refusal ?? new NoAnswer(error, this.#sinking));
  }

  /** What a sink throws ends the request and is what the caller sees. */
  #try(controller: Dispatcher.DispatchController, action: () => void): void {
    if (this.#refusal !== undefined) return;
    try {
      action();
    } catch (error) {
      this.#refusal = error as Error;
      controller.abort(this.#refusal);
    }
  }
}

/**
 * One request and its answer, whatever the status.
 *
 * @param stop ends it at once; absent: nothing does
 * @throws NoAnswer when none came or it broke off; what the sink threw; the reason of the stop
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  sink: Sink | undefined,
  stop: Stop | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(
      request as Dispatcher.DispatchOptions,
      new AnswerHandler(request, sink, stop, resolve, reject),
    );
  });
}
