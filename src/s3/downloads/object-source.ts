import { identified } from "../../aws/request-id.js";
import { ServerError } from "../../aws/server-error.js";
import type { AnswerHead, Sink } from "../../http/answer.js";
import { NoAnswer } from "../../http/no-answer.js";
import type { Stop } from "../../http/stop.js";
import { bodyStuck, objectChanged, oddAnswer } from "../failures.js";
import { OPTIONAL_READING, readRequest } from "../objects/object-head.js";
import { matchableETag } from "../objects/version.js";
import { isTooSlow } from "../requests/pace.js";
import type { Sender } from "../requests/sender.js";
import type { ByteListener, ObjectRef, ReadParameters } from "../store.js";
import { checkAnswer, isSurelyObject, type KnownObject } from "./check-answer.js";
import { DoubtfulAnswer, ShownObject } from "./shown-object.js";
import type { Piece } from "./target.js";

/** Tries in a row that bring no new byte of a body before it is given up. */
const FRUITLESS_TRIES = 5;

/** An object that is being read: where it is, and what is known of it since the first answer. */
export class ObjectSource {
  readonly #sender: Sender;
  readonly #ref: ObjectRef;
  readonly #read: ReadParameters;
  readonly #onBytes: ByteListener | undefined;
  readonly #shown: ShownObject | undefined;
  #known: KnownObject | undefined;

  /** @param shown by a listing */
  constructor(
    sender: Sender,
    ref: ObjectRef,
    read: ReadParameters,
    onBytes: ByteListener | undefined,
    shown: KnownObject | undefined,
  ) {
    this.#shown = shown && new ShownObject(sender, ref, read, shown);
    this.#sender = sender;
    this.#ref = ref;
    this.#read = read;
    this.#onBytes = onBytes;
  }

  /**
   * Reads a piece, going on from where a broken body ended; every request after the first is pinned to the first's ETag.
   *
   * @param piece undefined asks for the whole object, without a range
   * @param headers of the first request, besides the object's own
   * @param onAnswer sees the first answer
   * @param onChunk takes the bytes in order
   */
  async readPiece(
    piece: Piece | undefined,
    headers: Readonly<Record<string, string>>,
    onAnswer: (answer: AnswerHead, known: KnownObject) => void,
    onChunk: (chunk: Buffer) => void,
    stop: Stop,
  ): Promise<void> {
    let position = piece?.start ?? 0;
    let end = piece?.end;
    let first = true;
    let fruitless = 0;
    let isAlone = false;
    for (;;) {
      const before = position;
      const asked = first && piece === undefined ? undefined : { start: position, end: end ?? position };
      const sink = {
        takes: isSurelyObject,
        onAnswer: (answer: AnswerHead) => {
          const known = this.#checked(answer, asked, isAlone);
          end = Math.min(end ?? known.total, known.total);
          if (first) onAnswer(answer, known);
          first = false;
        },
        onChunk: (chunk: Buffer) => {
          if (position + chunk.length > (end ?? 0)) throw oddAnswer("the body is longer than announced");
          position += chunk.length;
          this.#onBytes?.(chunk.length);
          onChunk(chunk);
        },
      };
      try {
        await this.#get(asked, first ? headers : {}, sink, isAlone, stop);
        if (position === end) return;
        throw new NoAnswer(new Error("the body ended early"), true);
      } catch (error) {
        if (error instanceof DoubtfulAnswer) {
          isAlone = true;
          if (error.told !== undefined) await this.#shown?.look(error.told, stop);
          continue;
        }
        if (!(error instanceof NoAnswer && error.begun)) throw error;
        fruitless = position > before && !isTooSlow(error) ? 0 : fruitless + 1;
        if (fruitless >= FRUITLESS_TRIES) throw bodyStuck(position, end ?? 0, error);
        if (position === end) return;
        await this.#sender.pause(fruitless + 1, false, undefined, stop);
      }
    }
  }

  /** @throws DoubtfulAnswer when it is to be asked again on a connection of its own; else as checkAnswer */
  #checked(answer: AnswerHead, asked: Piece | undefined, isAlone: boolean): KnownObject {
    let known: KnownObject;
    try {
      known = checkAnswer(answer, asked, this.#known);
    } catch (failure) {
      throw isAlone ? identified(failure, answer.headers) : new DoubtfulAnswer();
    }
    if (this.#known === undefined) this.#shown?.check(known);
    this.#known = known;
    return known;
  }

  async #get(
    asked: Piece | undefined,
    more: Readonly<Record<string, string>>,
    sink: Sink,
    isAlone: boolean,
    stop: Stop,
  ): Promise<void> {
    const { query, headers } = readRequest(this.#ref, this.#read);
    const range: Record<string, string> =
      asked === undefined ? {} : { range: `bytes=${asked.start}-${asked.end - 1}` };
    const etag = matchableETag(this.#known?.etag);
    const pin: Record<string, string> = etag === undefined ? {} : { "if-match": etag };
    const { bucket, key } = this.#ref;
    try {
      await this.#sender.send(
        {
          operation: "GetObject",
          method: "GET",
          bucket,
          key,
          query,
          headers: { ...headers, ...range, ...pin, ...more },
          // Without it, every answer is compared with the first all the same.
          optional: OPTIONAL_READING,
          sink,
          isAlone,
        },
        stop,
      );
    } catch (error) {
      const gone =
        error instanceof ServerError && (error.status === 412 || (error.status === 416 && this.#known));
      throw gone ? objectChanged() : error;
    }
  }
}
