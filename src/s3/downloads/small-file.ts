import { type ChecksumName, newChecksum } from "../checksums/algorithms.js";
import type { FilePlace } from "../local/file-place.js";
import { TemporaryFile } from "../local/temporary-file.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import type { ObjectHead } from "../store.js";
import type { ByteRange, RangeWriter, Target } from "./target.js";

/** Bytes of memory that is taken at once, for many objects: Node's own pool is for less than 4 KiB. */
const SLAB = 256 * 1024;
let slab: Buffer = Buffer.alloc(0);

function room(size: number): Buffer {
  if (size > SLAB / 8) return Buffer.allocUnsafeSlow(size);
  if (size > slab.length) slab = Buffer.allocUnsafeSlow(SLAB);
  const taken = slab.subarray(0, size);
  slab = slab.subarray(size);
  return taken;
}

/** An object of one range that is kept in memory and written at the end: the fewest calls that a file can be made with. */
export class SmallFile implements Target {
  readonly window = 1;
  readonly #place: FilePlace;
  readonly #names: TemporaryNames;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(place: FilePlace, names: TemporaryNames) {
    this.#place = place;
    this.#names = names;
  }

  range({ end }: ByteRange): RangeWriter {
    const bytes = room(end);
    let position = 0;
    this.#bytes = bytes;
    return {
      write: (chunk) => {
        position += chunk.copy(bytes, position);
      },
      complete: async () => undefined,
    };
  }

  async settle(): Promise<void> {
    // Nothing is written aside.
  }

  digest(name: ChecksumName): Buffer {
    const checksum = newChecksum(name);
    checksum.update(this.#bytes);
    return checksum.digest();
  }

  finish({ lastModified }: ObjectHead): Error | undefined {
    const file = new TemporaryFile(this.#place, this.#names);
    try {
      file.content.write(this.#bytes, 0);
      return file.finish(lastModified);
    } catch (error) {
      file.discard();
      throw error;
    }
  }

  discard(): void {
    // Nothing has been written.
  }
}
