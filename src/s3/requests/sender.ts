import { ServerError } from "../../aws/server-error.js";
import { Signer } from "../../aws/sign.js";
import { tracedRequest } from "../../aws/traced-request.js";
import { judge, leavesDoubt, type Verdict } from "../../aws/verdict.js";
import type { Context } from "../../context.js";
import type { Credentials } from "../../credentials/credentials.js";
import type { Cancellation } from "../../http/cancellation.js";
import { readDate } from "../../http/date.js";
import { isReset, isSilent, isUnreadable, lacksSocket, NoResponse } from "../../http/no-response.js";
import type { WireRequest } from "../../http/request.js";
import type { Response } from "../../http/response.js";
import { parseRetryAfter } from "../../http/retry-after.js";
import { Wire } from "../../http/wire.js";
import type { Address } from "../endpoint/address.js";
import { Addresses } from "../endpoint/addresses.js";
import type { StoreOptions } from "../store.js";
import { backoffMs, MAX_REJECTED_UNDER_LOAD, MAX_SHORT, MAX_TRIES } from "./backoff.js";
import { Limiter, type Outcome } from "./limiter.js";
import { isRepeatable, outgoing, withPayer } from "./outgoing.js";
import { CLEAN_UP_MS, paceOf } from "./pace.js";
import { offering, RefusedHeaders } from "./refused-headers.js";
import type { S3Request } from "./request.js";
import { handOver, isSuccess } from "./result.js";
import { noTries, type Tries } from "./tries.js";

/** Copying and completing may take S3 long before it answers: they may be silent for so many times as long. */
const SLOW_OPERATION_FACTOR = 2;

/** Connections that are opened before many requests: the AWS CLI's max_concurrent_requests. */
const AHEAD = 10;

/** Of the silence that is borne, what a server that is not given too much at once does not use up. */
const SLOW = 1 / 4;

/** Milliseconds in which a server that is given too much breaks a connection. */
const LONGEST_REFUSAL_MS = 5_000;

/** Milliseconds, about a day: whoever answers must not have requests signed for other days. */
const LARGEST_SKEW_MS = 25 * 3_600_000;

/** Regions that a request is sent to: a server that names another one each time is not followed for ever. */
const MAX_REGIONS = 3;

/** Bytes of both bodies, as far as their heads tell. */
function moved({ method, body }: S3Request, { headers }: Response): number {
  const { "content-length": length = "0" } = headers;
  const received = method === "HEAD" ? 0 : Number(length);
  return (body?.size ?? 0) + received;
}

/**
 * Sends requests to S3 until they are answered for good: finds the bucket's region, signs, keeps to the limit in flight,
 * retries what is worth it, and takes fresh keys when S3 says that the old have expired.
 */
export class Sender {
  readonly #options: StoreOptions;
  readonly #context: Context;
  readonly #wire: Wire;
  readonly #signer = new Signer();
  readonly refused = new RefusedHeaders();
  readonly #regions = new Map<string | undefined, string>();
  readonly #addresses: Addresses;
  readonly #limiter: Limiter;
  /** The server's clock minus ours. */
  #skewMs = 0;
  /** The session that was reported as expired last: many requests in flight may hear it of the same. */
  #expired: string | undefined;

  /** @param most requests that may be in flight, whatever the user asked for */
  constructor(options: StoreOptions, context: Context, most: number) {
    this.#options = options;
    this.#addresses = new Addresses(options);
    this.#context = context;
    this.#limiter = new Limiter(options.concurrency, most, context.now);
    this.#wire = new Wire(options, context.env);
  }

  /**
   * @throws ServerError when S3 refused; NoAnswer when it could not be reached, or broke off in the middle of a sink's
   *   body; a Failure of the credentials; what the sink threw; the reason of the cancellation
   */
  async send(asked: S3Request, cancellation: Cancellation): Promise<Response> {
    const request = withPayer(asked, this.#options.requestPayer);
    const tries = noTries(this.#limiter.served);
    for (;;) {
      if (!request.cleansUp) cancellation.throwIfCanceled();
      try {
        return await this.#try(request, tries, cancellation);
      } catch (error) {
        const verdict = this.#remedy(judge(error), error, request, tries);
        if (verdict === "final" || (request.cleansUp && cancellation.reason !== undefined)) throw error;
        if (verdict !== "now") await this.#pause(verdict === "retry-slower", error, tries, cancellation);
      }
    }
  }

  /** Requests that may be in flight now. */
  get atOnce(): number {
    return this.#limiter.limit;
  }

  /** Waits before another try of something, as long as `failed` of them and the server's wish demand. */
  async pause(
    failed: number,
    throttled: boolean,
    retryAfterMs: number | undefined,
    cancellation: Cancellation,
  ): Promise<void> {
    const ms = backoffMs(failed, throttled, this.#context.random(), retryAfterMs);
    this.#context.debug(`waiting ${Math.round(ms)} ms before another try`);
    await cancellation.race(this.#context.sleep(ms));
  }

  destroy(): void {
    this.#wire.destroy();
  }

  #pause(throttled: boolean, error: unknown, tries: Tries, cancellation: Cancellation): Promise<void> {
    const retryAfter = error instanceof ServerError ? error.headers["retry-after"] : undefined;
    const retryAfterMs = parseRetryAfter(retryAfter, this.#context.now());
    const { failed, rejectedUnderLoad, short } = tries;
    // The limiter corrects what it can; with a number that the user asked for, longer waits must.
    return this.pause(
      Math.max(1, failed, Math.ceil(rejectedUnderLoad / 3), Math.min(short, MAX_TRIES)),
      throttled,
      retryAfterMs,
      cancellation,
    );
  }

  async #try(request: S3Request, tries: Tries, cancellation: Cancellation): Promise<Response> {
    const wait = request.cleansUp ? undefined : this.#limiter.acquire(cancellation);
    if (wait !== undefined) await wait;
    tries.made++;
    const began = this.#context.now();
    let outcome: Outcome = "served";
    let bytes = 0;
    try {
      const fetched = this.#credentials(request, cancellation);
      const credentials = fetched instanceof Promise ? await fetched : fetched;
      tries.credentials = credentials;
      const region = this.#regionOf(request);
      tries.regions.add(region);
      const address = this.#addresses.of(request.bucket, region);
      tries.address = address;
      const response = await offering(request, this.refused, (offered) =>
        this.#ask(offered, address, credentials, cancellation),
      );
      bytes = moved(request, response);
      return response;
    } catch (error) {
      tries.lastMs = this.#context.now() - began;
      if (leavesDoubt(error)) request.onDoubt?.(error);
      if (error instanceof NoResponse) {
        outcome = "failed";
        error.operation = request.operation;
        error.tries = tries.made;
      } else if (judge(error) === "retry-slower") outcome = "throttled";
      throw error;
    } finally {
      if (!request.cleansUp) this.#limiter.release(outcome, bytes);
    }
  }

  async #ask(
    request: S3Request,
    address: Address,
    credentials: Credentials | undefined,
    cancellation: Cancellation,
  ): Promise<Response> {
    let sent = 0;
    let unreadable: Error | undefined;
    const onSent = (bytes: number) => {
      sent += bytes;
      request.onSent?.(bytes);
    };
    const onUnreadable = (error: Error) => {
      unreadable = error;
    };
    try {
      const wire = outgoing(request, address, { onSent, onUnreadable }, (signable) => {
        if (credentials !== undefined)
          this.#signer.sign(signable, address, credentials, this.#context.now() + this.#skewMs);
      });
      const response = await this.#exchange(request, wire, cancellation);
      if (!isSuccess(request, response)) {
        const { operation, bucket, key, query } = request;
        const about = { bucket, key, versionId: query?.versionId, region: address.region };
        const { keysOf } = this.#options;
        throw new ServerError(response, operation, { ...about, unsigned: credentials === undefined, keysOf });
      }
      handOver(request.sink, response);
      return response;
    } catch (error) {
      if (sent > 0) request.onSent?.(-sent);
      if (error instanceof NoResponse) error.overHttp = address.origin.startsWith("http:");
      throw unreadable ?? error;
    }
  }

  async #exchange(request: S3Request, wire: WireRequest, cancellation: Cancellation): Promise<Response> {
    const pace = paceOf(request, wire, this.#options, cancellation, this.#context);
    try {
      const patience = this.#options.readTimeoutMs * (request.isSlowOperation ? SLOW_OPERATION_FACTOR : 1);
      const silenceMs = request.cleansUp ? CLEAN_UP_MS : patience;
      const connections = request.leadsToMany ? Math.min(AHEAD, this.#limiter.limit) : undefined;
      const { onStart, onKept } = pace.watch;
      const patient = { ...wire, silenceMs, connections, onStart, onKept };
      const response = await tracedRequest(request.operation, wire, pace.sink, this.#context, (sink) =>
        this.#wire.send(patient, sink, pace.cancellation),
      );
      if (silenceMs > 0 && pace.waitedMs > silenceMs * SLOW) this.#limiter.slow();
      return response;
    } finally {
      pace.end();
    }
  }

  /** Fresh enough for this try; the endpoint may take its time, which a cancellation does not wait for. */
  #credentials(
    { cleansUp }: S3Request,
    cancellation: Cancellation,
  ): Credentials | Promise<Credentials> | undefined {
    const credentials = this.#options.credentials?.();
    return credentials instanceof Promise && !cleansUp ? cancellation.race(credentials) : credentials;
  }

  #regionOf({ bucket, region }: S3Request): string {
    return this.#regions.get(bucket) ?? region ?? this.#options.region;
  }

  /**
   * Refused for what else is under way, as a server that serves others is not down: that is the limiter's to correct, and
   * no reason to give up one object of thousands.
   */
  #isCrowdedOut(verdict: Verdict, error: unknown, tries: Tries): boolean {
    const { served } = this.#limiter;
    const isServing = served > tries.servedBefore;
    tries.servedBefore = served;
    // Who is broken off after a while was being served.
    const isRefusal = verdict === "retry-slower" || (isReset(error) && tries.lastMs < LONGEST_REFUSAL_MS);
    return isServing && isRefusal && ++tries.rejectedUnderLoad <= MAX_REJECTED_UNDER_LOAD;
  }

  /** Does what fixes the failure, if anything: "now" means try again at once, "final" that nothing is left to try. */
  #remedy(
    verdict: Verdict,
    error: unknown,
    request: S3Request,
    tries: Tries,
  ): "now" | "retry" | "retry-slower" | "final" {
    switch (verdict) {
      case "retry":
      case "retry-slower":
        if ((isUnreadable(error) || isSilent(error)) && !isRepeatable(request)) return "final";
        // That others of ours, or other programs, have so much open is nobody's failure.
        if (lacksSocket(error) && ++tries.short <= MAX_SHORT) return verdict;
        if (this.#isCrowdedOut(verdict, error, tries)) return verdict;
        return ++tries.failed < (request.isGuess ? 1 : MAX_TRIES) ? verdict : "final";
      case "expired": {
        const { credentials } = tries;
        const session = `${credentials?.accessKeyId} ${credentials?.sessionToken}`;
        if (tries.refreshed || credentials === undefined) return "final";
        tries.refreshed = true;
        if (this.#expired !== session) this.#options.expire();
        this.#expired = session;
        return "now";
      }
      case "skewed": {
        const date = error instanceof ServerError ? (readDate(error.headers.date) ?? Number.NaN) : Number.NaN;
        const skewMs = date - this.#context.now();
        if (tries.skewed || Number.isNaN(date) || Math.abs(skewMs) > LARGEST_SKEW_MS) return "final";
        tries.skewed = true;
        this.#skewMs = skewMs;
        return "now";
      }
      case "elsewhere": {
        const region = error instanceof ServerError ? error.region : undefined;
        if (region === undefined || request.bucket === undefined || tries.regions.has(region)) return "final";
        if (tries.regions.size >= MAX_REGIONS) return "final";
        this.#context.debug(`the bucket ${request.bucket} is in ${region}`);
        this.#regions.set(request.bucket, region);
        return "now";
      }
      default:
        return this.#addresses.moveToHost(error, request.bucket, tries.address) ? "now" : "final";
    }
  }
}
