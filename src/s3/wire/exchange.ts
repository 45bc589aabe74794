import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { type Answer, type AnswerHead, isTaken, type Sink } from "../../http/answer.js";
import { NoAnswer } from "../../http/no-answer.js";
import type { WireRequest } from "../../http/request.js";
import type { Stop } from "../requests/stop.js";

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
