import { SpareBuffers } from "../local/spare-buffers.js";
import type { WritableFile } from "../local/writable-file.js";

/** Bytes gathered before they are written: fewer calls, without memory that matters. */
const BLOCK = 512 * 1024;

/** Blocks on their way to the disk at once. */
const MOST_ASIDE = 8;

/** Of blocks that have been written. */
const spare = new SpareBuffers();

/** Writes ranges of a file in blocks, beside the receiving. */
export class RangeBlocks {
  readonly #file: WritableFile;
  readonly #writes = new Set<Promise<void>>();
  #failure: Error | undefined;

  constructor(file: WritableFile) {
    this.#file = file;
  }

  /**
   * Takes the bytes of one range, in order.
   *
   * @param start their place in the file
   */
  range(start: number): { write(chunk: Buffer): void; written(): Promise<void> } {
    let position = start;
    let block = spare.take(BLOCK);
    let filled = 0;
    const writes: Promise<void>[] = [];
    const flush = () => {
      const write = this.#write(block, filled, position);
      // Told by `written` or the next `write`, which may come later than the failure.
      write.catch(() => undefined);
      writes.push(write);
      position += filled;
      filled = 0;
    };
    return {
      write: (chunk) => {
        if (this.#failure !== undefined) throw this.#failure;
        for (let taken = 0; taken < chunk.length; ) {
          const copied = chunk.copy(block, filled, taken);
          taken += copied;
          filled += copied;
          if (filled < block.length) break;
          flush();
          block = spare.take(BLOCK);
        }
      },
      written: async () => {
        flush();
        await Promise.all(writes);
      },
    };
  }

  /** No write may reach the file's number after it is closed: it could be another file's by then. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.#writes]);
  }

  /** On another thread, as long as the disk keeps up; then at once, which holds back the sockets. */
  async #write(block: Buffer, size: number, position: number): Promise<void> {
    const bytes = block.subarray(0, size);
    if (this.#writes.size >= MOST_ASIDE) this.#file.write(bytes, position);
    else {
      const write = this.#file.writeAside(bytes, position);
      this.#writes.add(write);
      try {
        await write;
      } catch (error) {
        this.#failure = error as Error;
        throw error;
      } finally {
        this.#writes.delete(write);
      }
    }
    spare.give(block);
  }
}
