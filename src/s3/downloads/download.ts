import { ServerError } from "../../aws/server-error.js";
import type { Context } from "../../context.js";
import type { Cancellation } from "../../http/cancellation.js";
import type { ChecksumName } from "../checksums/algorithms.js";
import { asExpected, type ExpectedChecksum, mentionsChecksum } from "../checksums/expected.js";
import { checksumMismatch } from "../failures.js";
import { withDescriptors } from "../local/descriptors.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import { sendInWindow } from "../requests/in-window.js";
import type { Sender } from "../requests/sender.js";
import type { Turns } from "../requests/turns.js";
import type { Downloaded, DownloadTarget, ObjectHead, ObjectRef, Store } from "../store.js";
import { UnknownSize } from "./check-response.js";
import { LargeFile } from "./large-file.js";
import { ObjectSource } from "./object-source.js";
import { OrderedStream } from "./ordered-stream.js";
import { RangeSequence } from "./range-sequence.js";
import { isChecksumAsked, ReportedChecksums } from "./reported-checksums.js";
import { SmallFile } from "./small-file.js";
import type { ByteRange, Target } from "./target.js";

/** What S3 serves at its best rate in one request (AWS's performance guide: 8 to 16 MB). */
const RANGE_SIZE = 8 * 1024 * 1024;

/**
 * Behind the first range come short ones: how many requests at once are best is known sooner, and an object of some ten MB
 * is shared among them.
 */
const SHORT_RANGE = 2 * 1024 * 1024;
const SHORT_RANGES = 64;

/** Up to here an object is kept in memory until it is whole: one write then makes the file. */
const SMALL = 1024 * 1024;

/** Ranges for a stream stand in memory: behind the first come shorter ones, of which more are under way … */
const KEPT_RANGE = 2 * 1024 * 1024;

/** … and none is larger than this, whatever the part size asked for. */
const LARGEST_KEPT_RANGE = 16 * 1024 * 1024;

/** The object is not the small one that a listing showed: it is to be read in ranges. */
class GrownObject extends Error {}

export type DownloadOptions = Parameters<Store["download"]>[2];

/** What a download works with. */
export interface DownloadTools {
  readonly sender: Sender;
  /** Files that may be open at once. */
  readonly files: Turns;
  readonly names: TemporaryNames;
  readonly context: Context;
  readonly rangeSize: number | undefined;
  /** Whether to ask for checksums at all (`response_checksum_validation`). */
  readonly verifies: boolean;
}

/** One object on its way down. */
export class Download {
  readonly #tools: DownloadTools;
  readonly #where: DownloadTarget;
  readonly #options: DownloadOptions;
  readonly #source: ObjectSource;
  readonly #cancellation: Cancellation;
  readonly #rangeSize: number;
  /** Bytes of those behind the first: of the first of them, and of the others. */
  readonly #shortRange: number;
  readonly #nextRanges: number;
  readonly #verifies: boolean;
  readonly #reported: ReportedChecksums;
  #target: Target | undefined;
  #head: ObjectHead | undefined;
  #expected: Promise<readonly ExpectedChecksum[]> = Promise.resolve([]);
  #rest: Promise<void> = Promise.resolve();

  /** @param stop of this download alone: it is stopped when any of its ranges fails */
  constructor(
    tools: DownloadTools,
    ref: ObjectRef,
    where: DownloadTarget,
    options: DownloadOptions,
    cancellation: Cancellation,
  ) {
    this.#tools = tools;
    this.#where = where;
    this.#options = options;
    const { size, listed } = options;
    const { etag, lastModified } = listed ?? {};
    const shown = size === undefined ? undefined : { etag, lastModified, total: size };
    this.#source = new ObjectSource(tools.sender, ref, options, options.onBytes, shown);
    this.#cancellation = cancellation;
    const isKept = where.kind === "stream";
    const rangeSize = tools.rangeSize ?? RANGE_SIZE;
    this.#rangeSize = isKept ? Math.min(rangeSize, LARGEST_KEPT_RANGE) : rangeSize;
    this.#nextRanges = tools.rangeSize === undefined && isKept ? KEPT_RANGE : this.#rangeSize;
    this.#shortRange = tools.rangeSize === undefined ? SHORT_RANGE : this.#rangeSize;
    this.#verifies = tools.verifies || isChecksumAsked(options);
    this.#reported = new ReportedChecksums(tools.sender, ref, options, cancellation);
  }

  /** @throws Failure, ServerError, NoAnswer: the target is then as it was */
  async run(): Promise<Downloaded> {
    const { size } = this.#options;
    // A small object stands in memory until it is whole.
    if (this.#where.kind === "stream" || (size !== undefined && size <= SMALL)) return this.#run();
    const { files } = this.#tools;
    const turn = files.acquire(this.#cancellation);
    if (turn !== undefined) await turn;
    try {
      return await this.#run();
    } finally {
      files.release();
    }
  }

  async #run(): Promise<Downloaded> {
    try {
      await this.#first();
      await this.#rest;
      await this.#verify();
      this.#cancellation.throwIfCanceled();
      const head = this.#head as ObjectHead;
      const timeRefused = await withDescriptors(
        () => this.#target?.finish(head),
        () => this.#cancellation.throwIfCanceled(),
      );
      const { missing } = this.#reported;
      if (missing !== undefined) this.#options.onUnverified?.(missing);
      return { size: head.size, timeRefused };
    } catch (error) {
      // The other ranges end before the file under them goes.
      this.#cancellation.cancel(error as Error);
      await Promise.allSettled([this.#rest, this.#expected]);
      this.#target?.discard();
      throw error;
    }
  }

  /** The first request: it finds the size, and brings the first range. */
  async #first(): Promise<void> {
    const { size } = this.#options;
    if (size !== undefined && size <= this.#rangeSize) {
      try {
        return await this.#readFirst(undefined, this.#rangeSize);
      } catch (error) {
        if (!(error instanceof GrownObject)) throw error;
      }
    }
    try {
      await this.#readFirst({ start: 0, end: this.#rangeSize });
    } catch (error) {
      if (!(error instanceof UnknownSize) && !(await this.#isOfNothing(error))) throw error;
      await this.#readFirst(undefined);
    }
  }

  /** Whether a range was refused because an empty object has no byte that it could begin with. */
  async #isOfNothing(error: unknown): Promise<boolean> {
    if (!(error instanceof ServerError)) return false;
    if (error.status !== 500) return error.status === 416;
    // As some stores say it, too.
    return this.#reported.isEmpty();
  }

  /** @param most bytes: what is larger is left, to be read in ranges */
  async #readFirst(range: ByteRange | undefined, most = Number.POSITIVE_INFINITY): Promise<void> {
    const headers: Record<string, string> = this.#verifies ? { "x-amz-checksum-mode": "ENABLED" } : {};
    let writer: RangeSequence | undefined;
    await this.#source.readRange(
      range,
      headers,
      (response, { known, head, end }) => {
        if (end > most) throw new GrownObject();
        const isTold = response.status === 200 || (end === known.total && mentionsChecksum(response.headers));
        const target = this.#begin(head, isTold);
        writer = new RangeSequence(target, end, Math.max(this.#rangeSize, SMALL), () =>
          this.#checksumNames(),
        );
        this.#rest = this.#readRest(known.total, end);
        this.#rest.catch((error) => this.#cancellation.cancel(error as Error));
      },
      (chunk) => writer?.write(chunk),
      this.#cancellation,
    );
    await writer?.complete();
  }

  /** @param isTold whether this response says all about the checksums of the whole, be it by its silence */
  #begin(head: ObjectHead, isTold: boolean): Target {
    this.#options.onHead?.(head);
    this.#head = head;
    const target = this.#targetFor(head.size);
    this.#target = target;
    if (!this.#verifies) return target;
    // A response to a range may come with the checksum of a part, or none: HEAD tells that of the whole.
    const { headers, size } = head;
    this.#expected = isTold ? Promise.resolve(this.#reported.in(headers, size)) : this.#reported.ask(head);
    this.#expected.catch((error) => this.#cancellation.cancel(error as Error));
    return target;
  }

  #targetFor(size: number): Target {
    const { names } = this.#tools;
    const where = this.#where;
    if (where.kind === "stream") return new OrderedStream(where.fd, this.#nextRanges, this.#cancellation);
    if (size <= SMALL) return new SmallFile(where, names);
    return new LargeFile(where, names, size);
  }

  #checksumNames(): Promise<readonly ChecksumName[]> {
    return this.#expected.then((expected) => expected.map(({ name }) => name));
  }

  async #readRest(total: number, from: number): Promise<void> {
    const target = this.#target as Target;
    const window = () => Math.min(this.#tools.sender.atOnce, target.window);
    let next = from;
    await sendInWindow(window, this.#cancellation, async (number, cancellation) => {
      if (next >= total) return undefined;
      const size = number <= SHORT_RANGES ? this.#shortRange : this.#nextRanges;
      const range = { start: next, end: Math.min(next + size, total) };
      next = range.end;
      await this.#readRange(target, range, cancellation);
      return range;
    });
  }

  async #readRange(target: Target, range: ByteRange, cancellation: Cancellation): Promise<void> {
    const writer = target.range(range);
    await this.#source.readRange(
      range,
      {},
      () => undefined,
      (chunk) => {
        writer.write(chunk);
        return undefined;
      },
      cancellation,
    );
    await writer.complete(() => this.#checksumNames());
  }

  async #verify(): Promise<void> {
    const target = this.#target as Target;
    for (const expected of await this.#expected) {
      const { name, value } = expected;
      const actual = asExpected(expected, target.digest(name));
      if (actual !== value) throw checksumMismatch(name, value, actual);
      this.#tools.context.debug(`${name} ${actual} verified`);
    }
  }
}
