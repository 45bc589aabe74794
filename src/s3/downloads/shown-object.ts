import type { Cancellation } from "../../http/cancellation.js";
import { objectChanged } from "../failures.js";
import { headObject, refusesHead } from "../objects/head.js";
import { isAsListed } from "../objects/version.js";
import type { Sender } from "../requests/sender.js";
import type { ObjectRef, ReadParameters } from "../store.js";
import type { KnownObject } from "./check-response.js";

/** Answers in a row that are about something else than was asked for, or about an object that changes all the time. */
const MAX_DOUBTS = 5;

/** A response that is not about the object as it is known: it may belong to another request. */
export class DoubtfulResponse extends Error {
  /** What it says of the object, if it is one to what was asked. */
  readonly told: KnownObject | undefined;

  constructor(told?: KnownObject) {
    super("the response is not about the object as it is known");
    this.told = told;
  }
}

const isLike = (a: KnownObject, b: KnownObject): boolean => a.total === b.total && isAsListed(a, b);

/**
 * An object as a listing showed it. A first response that agrees is believed. One that differs is either about the object as
 * it is now, or the response to another request, left over on the connection: HEAD tells, on a connection of its own.
 */
export class ShownObject {
  readonly #sender: Sender;
  readonly #ref: ObjectRef;
  readonly #read: ReadParameters;
  #shown: KnownObject;
  #doubts = 0;

  constructor(sender: Sender, ref: ObjectRef, read: ReadParameters, shown: KnownObject) {
    this.#sender = sender;
    this.#ref = ref;
    this.#read = read;
    this.#shown = shown;
  }

  /** @throws DoubtfulResponse */
  check(known: KnownObject): void {
    if (!isLike(this.#shown, known)) throw new DoubtfulResponse(known);
  }

  /**
   * Finds out what the object is now, after a response that differed.
   *
   * @param told what that answer said: taken as it is where HEAD is refused, so that the next one must agree with it
   * @returns its bytes
   * @throws Failure when answers keep differing; ServerError, NoAnswer
   */
  async look(told: KnownObject, cancellation: Cancellation): Promise<number> {
    if (++this.#doubts === MAX_DOUBTS) throw objectChanged();
    this.#shown = await this.#head(cancellation).catch((error) => {
      if (refusesHead(error)) return told;
      throw error;
    });
    return this.#shown.total;
  }

  async #head(cancellation: Cancellation): Promise<KnownObject> {
    const head = await headObject(this.#sender, this.#ref, this.#read, cancellation, { isAlone: true });
    const { etag, lastModified, size, headers } = head;
    return { etag, lastModified, total: headers["content-length"] === undefined ? this.#shown.total : size };
  }
}
