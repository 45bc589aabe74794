import { escapeXml } from "../../aws/xml/escape.js";
import type { Cancellation } from "../../http/cancellation.js";
import { type ChecksumName, checksumHeader, polynomialOf } from "../checksums/algorithms.js";
import type { Doubt } from "../objects/doubt.js";
import { headWritten } from "../objects/head.js";
import { writeIfAbsent } from "../objects/if-absent.js";
import { partHeaders, writeHeaders } from "../objects/write-headers.js";
import { bufferBody } from "../requests/bodies.js";
import { hasResult, isDeleted, resultText } from "../requests/result.js";
import type { Sender } from "../requests/sender.js";
import type { ObjectRef, WriteParameters } from "../store.js";
import type { PartOfWhole, WholeObject } from "./whole-object.js";

/** A part that S3 has. */
export interface SentPart extends PartOfWhole {
  readonly number: number;
  /** Base64, to be named again at the completion; undefined when the server knows no checksum of the part. */
  readonly checksum: string | undefined;
}

/** As the list of parts has to have them. */
export function inOrder(parts: readonly SentPart[]): readonly SentPart[] {
  return [...parts].sort((a, b) => a.number - b.number);
}

/** What S3 says of an object that it has put together. */
export interface Completion {
  readonly etag: string;
  /** Base64, of the kind that was asked for; with `-N` when it is composite. */
  readonly checksum: string | undefined;
  readonly versionId: string | undefined;
  /** Whether the key that it names, if any, is the one that was asked for. */
  readonly isOfKey: boolean;
}

/** Whether a key in a response is the one that was asked for: some servers encode it as in a URL, or put a slash before it. */
function isSameKey(told: string, asked: string): boolean {
  const plain = (key: string) => key.replace(/^\//, "").replace(/\r\n?/g, "\n");
  const forms = [told];
  try {
    forms.push(decodeURIComponent(told), decodeURIComponent(told.replaceAll("+", " ")));
  } catch {
    // A % that begins no escape: it is not encoded.
  }
  return forms.some((form) => plain(form) === plain(asked));
}

const TYPE = "x-amz-checksum-type";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** The document that lists the parts. */
function partList(parts: readonly SentPart[], checksum: ChecksumName | undefined): Buffer {
  const element = (name: string, text: string) => `<${name}>${escapeXml(text)}</${name}>`;
  const items = parts.map((part) => {
    const isNamed = checksum !== undefined && part.checksum !== undefined;
    const sum = isNamed ? element(`Checksum${checksum}`, part.checksum) : "";
    return `<Part>${element("ETag", part.etag)}${sum}${element("PartNumber", String(part.number))}</Part>`;
  });
  return Buffer.from(
    `<CompleteMultipartUpload xmlns="${NAMESPACE}">${items.join("")}</CompleteMultipartUpload>`,
  );
}

/** The three requests around the parts of a multipart upload. */
export class MultipartRequests {
  readonly #sender: Sender;
  readonly #place: { readonly bucket: string; readonly key: string };
  readonly #parameters: WriteParameters;
  /** What the upload was created with. */
  #checksum: ChecksumName | undefined;

  constructor(sender: Sender, { bucket, key }: ObjectRef, parameters: WriteParameters) {
    this.#sender = sender;
    this.#place = { bucket, key };
    this.#parameters = parameters;
  }

  /**
   * @param checksum that the parts and the whole are to have
   * @param more headers
   * @returns the upload's id
   */
  async create(
    checksum: ChecksumName | undefined,
    more: Record<string, string>,
    cancellation: Cancellation,
  ): Promise<string> {
    this.#checksum = checksum;
    const asked: Record<string, string> =
      checksum === undefined
        ? {}
        : {
            "x-amz-checksum-algorithm": checksum,
            [TYPE]: polynomialOf(checksum) === undefined ? "COMPOSITE" : "FULL_OBJECT",
          };
    const response = await this.#sender.send(
      {
        ...this.#place,
        operation: "CreateMultipartUpload",
        method: "POST",
        query: { uploads: "" },
        headers: { ...writeHeaders(this.#parameters), ...asked, ...more },
        // A store that knows no checksum of the whole has one of the parts' checksums.
        optional: [TYPE],
        isDone: hasResult("InitiateMultipartUploadResult", "UploadId"),
      },
      cancellation,
    );
    return resultText(response, "InitiateMultipartUploadResult", "UploadId") ?? "";
  }

  /** @param doubt told when a try left it open whether the object was put together */
  async complete(
    uploadId: string,
    parts: readonly SentPart[],
    { checksum }: WholeObject,
    doubt: Doubt,
    cancellation: Cancellation,
  ): Promise<Completion> {
    const isKnown = parts.every((part) => part.checksum !== undefined);
    const sum: Record<string, string> =
      checksum?.full === undefined || !isKnown || this.#sender.refused.isRefused(TYPE)
        ? {}
        : { [checksumHeader(checksum.name)]: checksum.full, [TYPE]: "FULL_OBJECT" };
    const headers = { "content-type": "application/xml", ...partHeaders(this.#parameters), ...sum };
    const send = (condition: Record<string, string>) =>
      this.#sender.send(
        {
          ...this.#place,
          operation: "CompleteMultipartUpload",
          method: "POST",
          query: { uploadId },
          headers: { ...headers, ...condition },
          // The server has compared the parts.
          optional: Object.keys(sum),
          body: bufferBody(partList(parts, isKnown ? this.#checksum : undefined)),
          // What would be a checksum of the body is one of the object.
          signsBody: true,
          isSlowOperation: true,
          isDone: hasResult("CompleteMultipartUploadResult", "ETag"),
          onDoubt: doubt.arose,
        },
        cancellation,
      );
    const look = () => headWritten(this.#sender, this.#place, this.#parameters, cancellation);
    const response = this.#parameters.ifAbsent
      ? await writeIfAbsent(this.#sender.refused, look, send, doubt)
      : await send({});
    const text = (name: string) => resultText(response, "CompleteMultipartUploadResult", name);
    const key = text("Key");
    return {
      isOfKey: key === undefined || isSameKey(key, this.#place.key),
      etag: text("ETag") ?? "",
      checksum: checksum && text(`Checksum${checksum.name}`),
      versionId: response.headers["x-amz-version-id"],
    };
  }

  /** S3 forgets the parts; without this they would be stored, and paid for, for ever. */
  async abort(uploadId: string, cancellation: Cancellation): Promise<void> {
    await this.#sender.send(
      {
        ...this.#place,
        operation: "AbortMultipartUpload",
        method: "DELETE",
        query: { uploadId },
        headers: partHeaders(this.#parameters),
        isDone: isDeleted,
        cleansUp: true,
      },
      cancellation,
    );
  }
}
