import { type ChecksumName, newChecksum } from "../checksums/algorithms.js";
import type { FilePlace } from "../local/file-place.js";
import { SpareBuffers } from "../local/spare-buffers.js";
import { TemporaryFile } from "../local/temporary-file.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import type { ObjectHead } from "../store.js";
import type { ByteRange, RangeWriter, Target } from "./target.js";

/** Bytes of memory that is used again and again. As many of these are kept as there were objects at once. */
const ROOM = 32 * 1024;
const spare = new SpareBuffers();
const NOTHING = Buffer.alloc(0);

function roomFor(size: number): Buffer {
  return size > ROOM ? Buffer.allocUnsafeSlow(size) : spare.take(ROOM);
}

/** An object of one range that is kept in memory and written at the end: the fewest calls that a file can be made with. */
export class SmallFile implements Target {
  readonly window = 1;
  readonly #place: FilePlace;
  readonly #names: TemporaryNames;
  #room: Buffer | undefined;
  #size = 0;

  constructor(place: FilePlace, names: TemporaryNames) {
    this.#place = place;
    this.#names = names;
  }

  range({ end }: ByteRange): RangeWriter {
    let position = 0;
    this.#room = roomFor(end);
    this.#size = end;
    return {
      write: (chunk) => {
        position += chunk.copy(this.#bytes, position);
      },
      complete: () => undefined,
    };
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
      const refused = file.finish(lastModified);
      this.#giveBack();
      return refused;
    } catch (error) {
      file.discard();
      throw error;
    }
  }

  /** Nothing has been written. */
  discard(): void {
    this.#giveBack();
  }

  /** Without bytes before its range and after its end: by then the room may be another's. */
  get #bytes(): Buffer {
    return this.#room?.subarray(0, this.#size) ?? NOTHING;
  }

  #giveBack(): void {
    if (this.#room?.length === ROOM) spare.give(this.#room);
    this.#room = undefined;
  }
}
