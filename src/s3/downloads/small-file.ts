import { type ChecksumName, newChecksum } from "../checksums/algorithms.js";
import { TemporaryFile } from "../local/temporary-file.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import type { ObjectHead } from "../store.js";
import type { PieceWriter, Target } from "./target.js";

/** An object of one piece that is kept in memory and written at the end: the fewest calls that a file can be made with. */
export class SmallFile implements Target {
  readonly window = 1;
  readonly #path: string;
  readonly #names: TemporaryNames;
  readonly #chunks: Buffer[] = [];

  constructor(path: string, names: TemporaryNames) {
    this.#path = path;
    this.#names = names;
  }

  piece(): PieceWriter {
    return {
      write: (chunk) => void this.#chunks.push(chunk),
      complete: async () => undefined,
    };
  }

  async settle(): Promise<void> {
    // Nothing is written aside.
  }

  digest(name: ChecksumName): Buffer {
    const checksum = newChecksum(name);
    for (const chunk of this.#chunks) checksum.update(chunk);
    return checksum.digest();
  }

  finish({ lastModified }: ObjectHead): void {
    const file = new TemporaryFile(this.#path, this.#names);
    try {
      if (this.#chunks.length > 0) file.write(this.#chunks, 0);
      file.finish(lastModified);
    } catch (error) {
      file.discard();
      throw error;
    }
  }

  discard(): void {
    this.#chunks.length = 0;
  }
}
