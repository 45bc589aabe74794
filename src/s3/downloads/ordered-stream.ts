import type { Cancellation } from "../../http/cancellation.js";
import { type Checksum, type ChecksumName, newChecksum } from "../checksums/algorithms.js";
import { SpareBuffers } from "../local/spare-buffers.js";
import { type Outlet, openOutlet } from "../local/stream-files.js";
import type { ByteRange, RangeWriter, Target } from "./target.js";

/** Bytes of ranges under way at once: each range stands in memory until its turn has come. */
const HELD = 24 * 1024 * 1024;

/** Ranges under way at once, however large they are. */
const LEAST_WINDOW = 4;

/** Bytes handed over at once: a reader that is slow still gets them one by one. */
const HANDED_OVER = 1024 * 1024;

/** Standard output, a fifo or a device: written in order, as fast as the reader takes it. */
export class OrderedStream implements Target {
  readonly window: number;
  readonly #outlet: Outlet;
  readonly #cancellation: Cancellation;
  #turn: Promise<void> = Promise.resolve();
  readonly #checksums = new Map<ChecksumName, Checksum>();
  /** Of ranges that have been written. */
  readonly #spare = new SpareBuffers();

  /** @param rangeSize bytes of the largest range */
  constructor(fd: number, rangeSize: number, cancellation: Cancellation) {
    this.window = Math.max(LEAST_WINDOW, Math.floor(HELD / rangeSize));
    this.#outlet = openOutlet(fd);
    this.#cancellation = cancellation;
  }

  range({ start, end }: ByteRange): RangeWriter {
    const room = this.#spare.take(end - start);
    const bytes = room.subarray(0, end - start);
    let position = 0;
    const before = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      done = resolve;
    });
    return {
      write: (chunk) => {
        position += chunk.copy(bytes, position);
      },
      complete: async (checksums) => {
        const names = await checksums();
        // The range before may never come.
        await this.#cancellation.race(before);
        for (const name of names) this.#checksumOf(name).update(bytes);
        for (let from = 0; from < bytes.length; from += HANDED_OVER)
          await this.#cancellation.race(this.#outlet.write(bytes.subarray(from, from + HANDED_OVER)));
        this.#spare.give(room);
        done();
      },
    };
  }

  #checksumOf(name: ChecksumName): Checksum {
    const checksum = this.#checksums.get(name) ?? newChecksum(name);
    this.#checksums.set(name, checksum);
    return checksum;
  }

  digest(name: ChecksumName): Buffer {
    return this.#checksumOf(name).digest();
  }

  finish(): undefined {
    this.#outlet.close();
  }

  discard(): void {
    // What was written cannot be taken back.
    this.#outlet.close();
  }
}
