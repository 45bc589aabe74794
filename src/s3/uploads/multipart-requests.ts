import type { ChecksumName } from "../checksums/algorithms.js";
import { partHeaders, writeHeaders } from "../objects/write-headers.js";
import type { Stop } from "../requests/stop.js";
import { PLACE, type RareRequests } from "../sdk/rare-requests.js";
import type { ObjectRef, WriteParameters } from "../store.js";

/** A part that S3 has. */
export interface SentPart {
  readonly number: number;
  readonly etag: string;
  /** Base64; undefined when the server did not confirm one. */
  readonly checksum: string | undefined;
}

/** The checksum of the whole: CRCs are told in full, a hash of hashes S3 makes itself. */
export interface WholeChecksum {
  readonly name: ChecksumName;
  /** Base64; undefined for composite ones. */
  readonly value: string | undefined;
}

/** The three requests around the parts of a multipart upload. */
export class MultipartRequests {
  readonly #rare: RareRequests;
  readonly #place: { readonly bucket: string; readonly key: string };
  readonly #parameters: WriteParameters;

  constructor(rare: RareRequests, { bucket, key }: ObjectRef, parameters: WriteParameters) {
    this.#rare = rare;
    this.#place = { bucket, key };
    this.#parameters = parameters;
  }

  /** @returns the upload's id */
  async create(
    checksum: ChecksumName | undefined,
    isFull: boolean,
    more: Record<string, string>,
    stop: Stop,
  ): Promise<string> {
    const headers = { ...writeHeaders(this.#parameters), ...more };
    const { UploadId } = await this.#rare.send(
      "CreateMultipartUpload",
      { ...this.#place, headers },
      stop,
      (sdk, client, options) =>
        client.send(
          new sdk.CreateMultipartUploadCommand({
            ...PLACE,
            ...(checksum === undefined
              ? {}
              : { ChecksumAlgorithm: checksum, ChecksumType: isFull ? "FULL_OBJECT" : "COMPOSITE" }),
          }),
          options,
        ),
    );
    if (UploadId === undefined) throw new Error("CreateMultipartUpload answered without an UploadId");
    return UploadId;
  }

  async complete(
    uploadId: string,
    parts: readonly SentPart[],
    whole: WholeChecksum | undefined,
    stop: Stop,
  ): Promise<void> {
    const headers = {
      ...partHeaders(this.#parameters),
      ...(this.#parameters.ifAbsent ? { "if-none-match": "*" } : {}),
    };
    const field = `Checksum${whole?.name}`;
    await this.#rare.send(
      "CompleteMultipartUpload",
      { ...this.#place, headers, mayHideError: true },
      stop,
      (sdk, client, options) =>
        client.send(
          new sdk.CompleteMultipartUploadCommand({
            ...PLACE,
            UploadId: uploadId,
            MultipartUpload: {
              Parts: parts.map(({ number, etag, checksum }) => ({
                PartNumber: number,
                ETag: etag,
                ...(whole === undefined || checksum === undefined ? {} : { [field]: checksum }),
              })),
            },
            ...(whole?.value === undefined ? {} : { [field]: whole.value, ChecksumType: "FULL_OBJECT" }),
          }),
          options,
        ),
    );
  }

  /** S3 forgets the parts; without this they would be stored, and paid for, for ever. */
  async abort(uploadId: string, stop: Stop): Promise<void> {
    await this.#rare.send(
      "AbortMultipartUpload",
      { ...this.#place, headers: partHeaders(this.#parameters), cleansUp: true },
      stop,
      (sdk, client, options) =>
        client.send(new sdk.AbortMultipartUploadCommand({ ...PLACE, UploadId: uploadId }), options),
    );
  }
}
