import { type ChecksumName, checksumHeader } from "../checksums/algorithms.js";
import { partHeaders } from "../objects/write-headers.js";
import type { Sender } from "../requests/sender.js";
import type { Stop } from "../requests/stop.js";
import type { ByteListener, ObjectRef, WriteParameters } from "../store.js";
import type { SentPart } from "./multipart-requests.js";
import type { Part } from "./part-source.js";

/** Which part of which upload. */
export interface PartPlace {
  readonly ref: ObjectRef;
  readonly parameters: WriteParameters;
  readonly uploadId: string;
  readonly number: number;
  /** To be sent along. */
  readonly checksum: ChecksumName | undefined;
}

export function checksumHeaders(part: Part, name: ChecksumName | undefined): Record<string, string> {
  return name === undefined ? {} : { [checksumHeader(name)]: part.checksum(name).toString("base64") };
}

/** UploadPart. */
export async function sendPart(
  sender: Sender,
  { ref: { bucket, key }, parameters, uploadId, number, checksum }: PartPlace,
  part: Part,
  onSent: ByteListener | undefined,
  stop: Stop,
): Promise<SentPart> {
  const answer = await sender.send(
    {
      operation: "UploadPart",
      method: "PUT",
      bucket,
      key,
      query: { partNumber: String(number), uploadId },
      headers: { ...partHeaders(parameters), ...checksumHeaders(part, checksum) },
      body: part.body,
      onSent,
    },
    stop,
  );
  part.release?.();
  const confirmed = checksum === undefined ? undefined : answer.headers[checksumHeader(checksum)];
  return { number, etag: answer.headers.etag ?? "", checksum: confirmed };
}
