import { lstatSync } from "node:fs";
import { type ChecksumName, crcBytes, crcFromBytes, polynomialOf } from "../checksums/algorithms.js";
import { combineCrcs } from "../checksums/combine.js";
import { checksumOfFile } from "../checksums/of-file.js";
import { TemporaryFile } from "../local/temporary-file.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import { localFailure } from "../local-failures.js";
import type { ObjectHead } from "../store.js";
import type { Piece, PieceWriter, Target } from "./target.js";

/** Bytes gathered before they are written: fewer calls, without memory that matters. */
const GATHERED = 512 * 1024;

/** Bytes on their way to the disk at once. */
const MOST_ASIDE = 16 * 1024 * 1024;

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
  #aside = 0;
  #failure: Error | undefined;
  readonly #crcs = new Map<number, { crc: bigint; length: number }>();

  constructor(path: string, names: TemporaryNames, size: number, window: number) {
    refuseFolder(path);
    this.window = window;
    this.#size = size;
    this.#file = new TemporaryFile(path, names);
  }

  piece({ start, end }: Piece): PieceWriter {
    let position = start;
    let gathered: Buffer[] = [];
    let waiting = 0;
    const writes: Promise<void>[] = [];
    const flush = () => {
      if (waiting > 0) {
        const write = this.#write(gathered, position, waiting);
        // Told by `complete` or the next `write`, which may come later than the failure.
        write.catch(() => undefined);
        writes.push(write);
      }
      position += waiting;
      gathered = [];
      waiting = 0;
    };
    return {
      write: (chunk) => {
        if (this.#failure !== undefined) throw this.#failure;
        gathered.push(chunk);
        waiting += chunk.length;
        if (waiting >= GATHERED) flush();
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

  /** On another thread, as long as the disk keeps up; then at once, which holds back the sockets. */
  async #write(chunks: Buffer[], position: number, size: number): Promise<void> {
    if (this.#aside + size > MOST_ASIDE) return this.#file.write(chunks, position);
    this.#aside += size;
    const write = this.#file.writeAside(chunks, position);
    this.#writes.add(write);
    try {
      await write;
    } catch (error) {
      this.#failure = error as Error;
    } finally {
      this.#aside -= size;
      this.#writes.delete(write);
    }
    if (this.#failure !== undefined) throw this.#failure;
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
