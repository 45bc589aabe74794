import { lstatSync } from "node:fs";
import { type ChecksumName, crcBytes, crcFromBytes, polynomialOf } from "../checksums/algorithms.js";
import { combineCrcs } from "../checksums/combine.js";
import { checksumOfFile } from "../checksums/of-file.js";
import { TemporaryFile } from "../local/temporary-file.js";
import type { NameSource } from "../local/temporary-names.js";
import { localFailure } from "../local-failures.js";
import type { ObjectHead } from "../store.js";
import type { Piece, PieceWriter, Target } from "./target.js";

/** Bytes gathered before they are written: fewer calls, without memory that matters. */
const BLOCK = 512 * 1024;

/** Blocks on their way to the disk at once. */
const MOST_ASIDE = 32;

/** The file's path is taken by a folder: known before gigabytes have come for nothing. */
function refuseFolder(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory())
    throw localFailure(
      "write",
      path,
      Object.assign(new Error("a folder"), { code: "EISDIR", syscall: "open" }),
    );
}

/** Pieces written at their places, in whatever order they come; their checksums are read back from the file itself. */
export class LargeFile implements Target {
  readonly window: number;
  readonly #file: TemporaryFile;
  readonly #size: number;
  readonly #writes = new Set<Promise<void>>();
  /** To be used again: memory stays what it is, and nothing is left to collect. */
  readonly #blocks: Buffer[] = [];
  #failure: Error | undefined;
  readonly #crcs = new Map<number, { crc: bigint; length: number }>();

  constructor(path: string, names: NameSource, size: number, window: number) {
    refuseFolder(path);
    this.window = window;
    this.#size = size;
    this.#file = new TemporaryFile(path, names);
  }

  piece({ start, end }: Piece): PieceWriter {
    let position = start;
    let block = this.#takeBlock();
    let filled = 0;
    const writes: Promise<void>[] = [];
    const flush = () => {
      const write = this.#write(block, filled, position);
      // Told by `complete` or the next `write`, which may come later than the failure.
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
          block = this.#takeBlock();
        }
      },
      complete: async (checksum) => {
        flush();
        await Promise.all(writes);
        const name = await checksum;
        if (name !== undefined && polynomialOf(name) !== undefined) {
          const length = end - start;
          const crc = crcFromBytes(checksumOfFile(name, this.#file.fd, start, length));
          this.#crcs.set(start, { crc, length });
        }
      },
    };
  }

  #takeBlock(): Buffer {
    return this.#blocks.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
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
    this.#blocks.push(block);
  }

  /** No write may reach the file's number after it is closed: it could be another file's by then. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.#writes]);
  }

  digest(name: ChecksumName): Buffer {
    const polynomial = polynomialOf(name);
    if (polynomial === undefined) return checksumOfFile(name, this.#file.fd, 0, this.#size);
    const inOrder = [...this.#crcs].sort(([a], [b]) => a - b).map(([, piece]) => piece);
    return crcBytes(polynomial, combineCrcs(polynomial, inOrder));
  }

  finish({ lastModified }: ObjectHead): void {
    this.#file.finish(lastModified);
  }

  discard(): void {
    this.#file.discard();
  }
}
