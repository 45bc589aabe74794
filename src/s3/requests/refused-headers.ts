import { ServerError } from "../../aws/server-error.js";
import { tellingSink } from "../../http/telling-sink.js";
import type { S3Request } from "./request.js";

/** How stores say that they lack something altogether (R2, OVH, older Ceph). */
const NOT_IMPLEMENTED = /^(X?NotImplemented|501)$/;

/** How others refuse a header that they do not know (B2, older MinIO); the same codes stand for much else. */
const REFUSAL =
  /^(Invalid(Argument|Request|Header)|Unsupported(Argument|Header|Parameter)|BadRequest|MalformedXML|400)$/;

/** The message is about a header's value: then the server knows the header, and what was refused is the data. */
const ABOUT_VALUE = /not match|mismatch|header is invalid/i;

/** Whether a server says that it lacks something altogether. */
export function isNotImplemented(error: unknown): error is ServerError {
  return error instanceof ServerError && NOT_IMPLEMENTED.test(error.code);
}

/**
 * Whether an error says that a server does not take a header at all, whatever its value.
 *
 * @param header in lower case, or a text that means it
 * @returns "unnamed" when it may be this one, or something else
 */
export function refusalOf(error: unknown, header: string | RegExp): "named" | "unnamed" | undefined {
  if (!(error instanceof ServerError)) return undefined;
  const { code, message, argument } = error;
  const isRefusal = isNotImplemented(error) || (REFUSAL.test(code) && !ABOUT_VALUE.test(message));
  if (!isRefusal) return undefined;
  const isMeant = (text: string) =>
    typeof header === "string" ? text.toLowerCase().includes(header) : header.test(text);
  if (argument !== undefined) return isMeant(argument) ? "named" : undefined;
  return isMeant(message) ? "named" : "unnamed";
}

/** What a server has been found not to take, and to take. */
export class RefusedHeaders {
  readonly #refused = new Set<string>();
  readonly #taken = new Set<string>();

  isRefused(header: string): boolean {
    return this.#refused.has(header);
  }

  isTaken(header: string): boolean {
    return this.#taken.has(header);
  }

  refuse(header: string): void {
    this.#refused.add(header);
  }

  take(header: string): void {
    this.#taken.add(header);
  }
}

/** The optional headers of one request that its server may take. */
class Offer {
  readonly #optional: readonly string[];
  readonly #memory: RefusedHeaders;
  /** Of this request's own tries. */
  readonly #refused: string[] = [];
  /** By the last try. */
  #sent: string[] = [];

  constructor(optional: readonly string[], memory: RefusedHeaders) {
    this.#optional = optional;
    this.#memory = memory;
  }

  /** What is to be sent. */
  request(request: S3Request): S3Request {
    const { sink } = request;
    this.#sent = [];
    return {
      ...request,
      leavesOut: (name) => this.#leavesOut(name),
      // Others go on before this body has come.
      sink: sink && tellingSink(sink, () => this.done()),
    };
  }

  #leavesOut(name: string): boolean {
    if (!this.#optional.includes(name)) return false;
    if (this.#refused.includes(name) || this.#memory.isRefused(name)) return true;
    this.#sent.push(name);
    return false;
  }

  /**
   * Leaves out what an error refuses: the headers that it names, else one that the server has never taken.
   *
   * @returns whether another try may do
   */
  leaveOut(error: unknown): boolean {
    const named = this.#sent.filter((name) => refusalOf(error, name) === "named");
    const suspect = this.#sent.find(
      (name) => refusalOf(error, name) === "unnamed" && !this.#memory.isTaken(name),
    );
    const left = named.length > 0 || suspect === undefined ? named : [suspect];
    this.#refused.push(...left);
    return left.length > 0;
  }

  /** What was left out in vain is not what the server refuses. */
  acquit(error: unknown): void {
    for (const name of this.#refused) if (refusalOf(error, name) === "unnamed") this.#memory.take(name);
  }

  /** The server takes what was sent last. */
  done(): void {
    for (const name of this.#refused) this.#memory.refuse(name);
    for (const name of this.#sent) this.#memory.take(name);
  }
}

/**
 * Sends a request with what is optional in it, and again without what the server refuses: that is remembered.
 *
 * @throws what `send` does
 */
export async function offering<T>(
  request: S3Request,
  memory: RefusedHeaders,
  send: (request: S3Request) => Promise<T>,
): Promise<T> {
  if (request.optional === undefined) return send(request);
  const offer = new Offer(request.optional, memory);
  for (;;) {
    try {
      const response = await send(offer.request(request));
      offer.done();
      return response;
    } catch (error) {
      if (offer.leaveOut(error)) continue;
      offer.acquit(error);
      throw error;
    }
  }
}
