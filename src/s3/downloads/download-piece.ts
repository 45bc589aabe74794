import { polynomialOf } from "../checksums/algorithms.js";
import { WritableFile } from "../local/writable-file.js";
import type { Sender } from "../requests/sender.js";
import type { Stop } from "../requests/stop.js";
import type { ByteListener } from "../store.js";
import type { JobResult, PieceJob } from "../threads/messages.js";
import { crcOfPiece } from "./large-file.js";
import { ObjectSource } from "./object-source.js";
import { PieceBlocks } from "./piece-blocks.js";

/**
 * Brings a piece of an object into a file that another thread has opened, and closes when this has ended.
 *
 * @throws as a download
 */
export async function downloadPiece(
  sender: Sender,
  { ref, read, known, piece, file, checksum }: PieceJob,
  onBytes: ByteListener,
  stop: Stop,
): Promise<JobResult> {
  const source = new ObjectSource(sender, ref, read, onBytes, known);
  const blocks = new PieceBlocks(new WritableFile(file.fd, file.path));
  try {
    const { write, written } = blocks.piece(piece.start);
    await source.readPiece(piece, {}, () => undefined, write, stop);
    await written();
    if (checksum === undefined || polynomialOf(checksum) === undefined) return {};
    return { crc: crcOfPiece(checksum, file.fd, piece.start, piece.end - piece.start) };
  } finally {
    await blocks.settle();
  }
}
