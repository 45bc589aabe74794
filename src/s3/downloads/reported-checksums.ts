import { isPreconditionFailed } from "../../aws/server-error.js";
import type { Cancellation } from "../../http/cancellation.js";
import type { ResponseHead } from "../../http/response.js";
import { type ExpectedChecksum, expectedChecksums, UnreadableChecksum } from "../checksums/expected.js";
import { checksumUnreadable, notVerifiable, objectChanged } from "../failures.js";
import { headObject, refusesHead } from "../objects/head.js";
import { isSameVersion, matchableETag } from "../objects/version.js";
import type { Sender } from "../requests/sender.js";
import type { ObjectHead, ObjectRef, ReadParameters } from "../store.js";

/** Algorithms of S3 that we do not have. */
const NOT_COMPUTED = /^x-amz-checksum-(xxhash(?:64|3|128)|md5)$/;

/** Whether the user has asked for a checksum. */
export function isChecksumAsked({ checksumMode }: ReadParameters): boolean {
  return checksumMode?.toUpperCase() === "ENABLED";
}

/** The checksums of the whole object that is being read, as the server tells them. */
export class ReportedChecksums {
  readonly #sender: Sender;
  readonly #ref: ObjectRef;
  readonly #read: ReadParameters;
  readonly #cancellation: Cancellation;
  /** Why what has come cannot be verified. */
  missing: string | undefined;

  constructor(sender: Sender, ref: ObjectRef, read: ReadParameters, cancellation: Cancellation) {
    this.#sender = sender;
    this.#ref = ref;
    this.#read = read;
    this.#cancellation = cancellation;
  }

  /**
   * HEAD, for the checksums of the whole. It fails as any request does; that a server refuses it, or gives no checksum, is
   * no failure unless one was asked for.
   */
  async ask(first: ObjectHead): Promise<readonly ExpectedChecksum[]> {
    let head: ObjectHead;
    try {
      head = await this.#headLike(first);
    } catch (error) {
      if (isPreconditionFailed(error)) throw objectChanged(error);
      if (!refusesHead(error)) throw error;
      return this.#without(`HEAD is refused (${error.code})`);
    }
    return this.in(head.headers, first.size);
  }

  /**
   * Those in a response to a request for the whole object, of `size` bytes.
   *
   * @throws Failure when a checksum cannot be read, or was asked for and is not there
   */
  in(headers: ResponseHead["headers"], size: number): readonly ExpectedChecksum[] {
    try {
      const expected = expectedChecksums(headers);
      // Of nothing, no byte can be wrong.
      if (expected.length > 0 || size === 0) return expected;
    } catch (error) {
      throw error instanceof UnreadableChecksum ? checksumUnreadable(error.message) : error;
    }
    const [kind] = Object.keys(headers).flatMap((name) => NOT_COMPUTED.exec(name)?.[1]?.toUpperCase() ?? []);
    const more = kind === undefined ? "" : ` but by ${kind}, which is not computed here`;
    return this.#without(`the server gives no checksum of the whole object${more}`);
  }

  /**
   * Whether HEAD says that the object has no bytes, or nothing. It is asked once: what has failed otherwise has been tried
   * often enough.
   */
  async isEmpty(): Promise<boolean> {
    const more = { isAlone: true, isGuess: true };
    try {
      const { headers } = await headObject(this.#sender, this.#ref, this.#read, this.#cancellation, more);
      return headers["content-length"] === "0";
    } catch (error) {
      return refusesHead(error);
    }
  }

  /** HEAD, which must be about what is being read; asked again where the response may belong to another request. */
  async #headLike(first: ObjectHead): Promise<ObjectHead> {
    const headers: Record<string, string> = { "x-amz-checksum-mode": "ENABLED" };
    const etag = matchableETag(first.etag);
    if (etag !== undefined) headers["if-match"] = etag;
    for (const isAlone of [false, true]) {
      const more = { headers, isAlone };
      const head = await headObject(this.#sender, this.#ref, this.#read, this.#cancellation, more);
      const isSized = head.headers["content-length"] !== undefined;
      if (isSameVersion(first, head) && (!isSized || head.size === first.size)) return head;
    }
    throw objectChanged();
  }

  #without(reason: string): readonly ExpectedChecksum[] {
    if (isChecksumAsked(this.#read)) throw notVerifiable(reason);
    this.missing = reason;
    return [];
  }
}
