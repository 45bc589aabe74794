import { lstatSync } from "node:fs";
import { type ChecksumName, crcBytes, crcFromBytes, polynomialOf } from "../checksums/algorithms.js";
import { combineCrcs } from "../checksums/combine.js";
import { checksumOfFile } from "../checksums/of-file.js";
import { type FilePlace, holdPlace } from "../local/file-place.js";
import { TemporaryFile } from "../local/temporary-file.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import { localFailure } from "../local-failures.js";
import type { ObjectHead } from "../store.js";
import type { ByteRange, RangeWriter, Target } from "./target.js";

/** The file's name is too long, or taken by what is not replaced: known before gigabytes have come for nothing. */
function refuseTarget(place: FilePlace): void {
  try {
    const held = holdPlace(place);
    try {
      if (lstatSync(held.path, { throwIfNoEntry: false })?.isDirectory())
        throw Object.assign(new Error("a folder"), { code: "EISDIR", syscall: "open" });
      held.checkTarget();
    } finally {
      held.release();
    }
  } catch (error) {
    throw localFailure("write", place.path, error);
  }
}

/** Ranges written at their places, in whatever order they come; their checksums are read back from the file itself. */
export class LargeFile implements Target {
  readonly window = Number.POSITIVE_INFINITY;
  readonly #file: TemporaryFile;
  readonly #size: number;
  /** Of the first CRC that the ranges are to have: others are seldom, and read the file once more. */
  readonly #crcs = new Map<number, { crc: bigint; length: number }>();
  #crcName: ChecksumName | undefined;

  constructor(place: FilePlace, names: TemporaryNames, size: number) {
    refuseTarget(place);
    this.#size = size;
    this.#file = new TemporaryFile(place, names);
  }

  range(range: ByteRange): RangeWriter {
    const { content } = this.#file;
    let position = range.start;
    return {
      write: (chunk) => {
        content.write(chunk, position);
        position += chunk.length;
      },
      complete: (checksums) => this.#received(range, checksums),
    };
  }

  /** All of a range stands in the file. */
  async #received(
    { start, end }: ByteRange,
    checksums: () => Promise<readonly ChecksumName[]>,
  ): Promise<void> {
    const name = (await checksums()).find((each) => polynomialOf(each) !== undefined);
    if (name === undefined) return;
    this.#crcName = name;
    const length = end - start;
    const crc = crcFromBytes(checksumOfFile(name, this.#file.content.fd, start, length));
    this.#crcs.set(start, { crc, length });
  }

  digest(name: ChecksumName): Buffer {
    const polynomial = polynomialOf(name);
    if (polynomial === undefined || name !== this.#crcName)
      return checksumOfFile(name, this.#file.content.fd, 0, this.#size);
    const inOrder = [...this.#crcs].sort(([a], [b]) => a - b).map(([, range]) => range);
    return crcBytes(polynomial, combineCrcs(polynomial, inOrder));
  }

  finish({ lastModified }: ObjectHead): Error | undefined {
    return this.#file.finish(lastModified);
  }

  discard(): void {
    this.#file.discard();
  }
}
