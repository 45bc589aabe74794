import { identified } from "../../aws/request-id.js";
import { ServerError } from "../../aws/server-error.js";
import type { Cancellation } from "../../http/cancellation.js";
import { NoResponse } from "../../http/no-response.js";
import type { ResponseHead, Sink } from "../../http/response.js";
import { bodyStuck, objectChanged, unsupportedResponse } from "../failures.js";
import { headObject } from "../objects/head.js";
import { OPTIONAL_READING, readRequest } from "../objects/object-head.js";
import { isAsListed, matchableETag, type VersionMarks } from "../objects/version.js";
import { isTooSlow } from "../requests/pace.js";
import type { Sender } from "../requests/sender.js";
import type { ByteListener, ObjectRef, ReadParameters } from "../store.js";
import {
  type Brought,
  checkResponse,
  isSurelyObject,
  type KnownObject,
  UnknownSize,
} from "./check-response.js";
import { DoubtfulResponse, ShownObject } from "./shown-object.js";
import type { ByteRange } from "./target.js";

/** Tries in a row without progress before a body is given up. */
const FRUITLESS_TRIES = 5;

/** An object that is being read: where it is, and what is known of it since the first response. */
export class ObjectSource {
  readonly #sender: Sender;
  readonly #ref: ObjectRef;
  readonly #read: ReadParameters;
  readonly #onBytes: ByteListener | undefined;
  readonly #shown: ShownObject | undefined;
  #known: KnownObject | undefined;
  /** Bytes, where answers do not tell. */
  #expected: number | undefined;
  /** What HEAD told of the object, where it was asked. */
  #sized: VersionMarks | undefined;
  /** The server has given the whole object for its first bytes, as it will for any. */
  #mindsNoRange = false;

  /** @param shown by a listing */
  constructor(
    sender: Sender,
    ref: ObjectRef,
    read: ReadParameters,
    onBytes: ByteListener | undefined,
    shown: KnownObject | undefined,
  ) {
    this.#shown = shown && new ShownObject(sender, ref, read, shown);
    this.#expected = shown?.total;
    this.#sender = sender;
    this.#ref = ref;
    this.#read = read;
    this.#onBytes = onBytes;
  }

  /**
   * Reads a range, going on from where a broken body ended; every request after the first is pinned to the first's ETag.
   *
   * @param range undefined asks for the whole object, without a range
   * @param headers of the first request, besides the object's own
   * @param onAnswer sees the first response, which may bring more than the range: the whole object for its first bytes
   * @param onChunk takes the bytes in order, and tells what has to end before more may come
   * @throws UnknownSize when a response to a range does not tell how large the object is
   */
  async readRange(
    range: ByteRange | undefined,
    headers: Readonly<Record<string, string>>,
    onResponse: (response: ResponseHead, brought: Brought) => void,
    onChunk: (chunk: Buffer) => Promise<void> | undefined,
    cancellation: Cancellation,
  ): Promise<void> {
    let position = range?.start ?? 0;
    let end = range?.end;
    let first = true;
    let fruitless = 0;
    let isAlone = false;
    const isOfAll = () => (range?.start ?? 0) === 0 && end === this.#known?.total && this.#isPinned;
    for (;;) {
      const before = position;
      const isWhole = first ? range === undefined : this.#mindsNoRange;
      const asked = isWhole ? undefined : { start: position, end: end ?? position };
      let skipped = asked === undefined ? position : 0;
      const sink = {
        takes: isSurelyObject,
        onResponse: (response: ResponseHead) => {
          // It cannot go on from there, but from the beginning.
          if (!first && response.status === 200 && isOfAll()) this.#mindsNoRange = true;
          if (asked !== undefined && this.#mindsNoRange) throw new DoubtfulResponse();
          const brought = this.#checked(response, asked, isAlone);
          if (!first) return;
          end = brought.end;
          first = false;
          this.#mindsNoRange = asked !== undefined && response.status === 200;
          onResponse(response, brought);
        },
        onChunk: (whole: Buffer) => {
          const chunk = whole.subarray(skipped);
          skipped -= whole.length - chunk.length;
          if (position + chunk.length > (end ?? 0))
            throw unsupportedResponse("the body is longer than announced");
          position += chunk.length;
          this.#onBytes?.(chunk.length);
          return chunk.length > 0 ? onChunk(chunk) : undefined;
        },
      };
      try {
        await this.#get(asked, first ? headers : {}, sink, isAlone, cancellation);
        if (position === end) return;
        throw new NoResponse(new Error("the body ended early"), true);
      } catch (error) {
        if (error instanceof DoubtfulResponse) {
          isAlone = true;
          if (error.told !== undefined) this.#expected = await this.#shown?.look(error.told, cancellation);
          continue;
        }
        if (error instanceof UnknownSize && asked === undefined) {
          isAlone = true;
          await this.#lookForSize(cancellation);
          continue;
        }
        if (!(error instanceof NoResponse && error.begun)) throw error;
        fruitless = position > before && !isTooSlow(error) ? 0 : fruitless + 1;
        if (fruitless >= FRUITLESS_TRIES || (this.#mindsNoRange && !this.#isPinned))
          throw bodyStuck(position, end ?? 0, error);
        if (position === end) return;
        await this.#sender.pause(fruitless + 1, false, undefined, cancellation);
      }
    }
  }

  /** Whether what is read later can be told from another version. */
  get #isPinned(): boolean {
    return this.#known?.etag !== undefined || this.#known?.lastModified !== undefined;
  }

  /** Neither the whole object's response nor a listing says how large it is: HEAD does. */
  async #lookForSize(cancellation: Cancellation): Promise<void> {
    const head = await headObject(this.#sender, this.#ref, this.#read, cancellation, { isAlone: true });
    if (head.headers["content-length"] === undefined) throw unsupportedResponse("no Content-Length");
    this.#expected = head.size;
    this.#sized = head;
  }

  /** @throws DoubtfulResponse when it is to be asked again on a connection of its own; else as checkResponse */
  #checked(response: ResponseHead, asked: ByteRange | undefined, isAlone: boolean): Brought {
    let brought: Brought;
    try {
      brought = checkResponse(response, { asked, isAlone, known: this.#known, expected: this.#expected });
    } catch (failure) {
      if (failure instanceof UnknownSize) throw failure;
      throw isAlone ? identified(failure, response.headers) : new DoubtfulResponse();
    }
    if (this.#known === undefined) this.#shown?.check(brought.known);
    // Its size may be that of another version.
    if (this.#sized !== undefined && !isAsListed(this.#sized, brought.known)) throw objectChanged();
    this.#known = brought.known;
    return brought;
  }

  async #get(
    asked: ByteRange | undefined,
    more: Readonly<Record<string, string>>,
    sink: Sink,
    isAlone: boolean,
    cancellation: Cancellation,
  ): Promise<void> {
    const { query, headers } = readRequest(this.#ref, this.#read);
    if (asked !== undefined) headers.range = `bytes=${asked.start}-${asked.end - 1}`;
    const etag = matchableETag(this.#known?.etag);
    if (etag !== undefined) headers["if-match"] = etag;
    const { bucket, key } = this.#ref;
    try {
      await this.#sender.send(
        {
          operation: "GetObject",
          method: "GET",
          bucket,
          key,
          query,
          headers: { ...headers, ...more },
          // Without it, every response is compared with the first all the same.
          optional: OPTIONAL_READING,
          sink,
          isAlone,
        },
        cancellation,
      );
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const gone = error.status === 412 || (error.status === 416 && this.#known);
      throw gone ? objectChanged(error) : error;
    }
  }
}
