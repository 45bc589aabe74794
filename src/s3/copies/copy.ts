import { objectChanged } from "../failures.js";
import { customerKeyHeaders } from "../objects/customer-key.js";
import { headObject } from "../objects/head.js";
import { partHeaders, writeHeaders } from "../objects/write-headers.js";
import { ServerError } from "../requests/server-error.js";
import type { Stop } from "../requests/stop.js";
import { PLACE } from "../sdk/rare-requests.js";
import type { ByteListener, CopyParameters, ObjectHead, ObjectRef, WriteParameters } from "../store.js";
import { runMultipart, sendInWindow } from "../uploads/multipart.js";
import { MultipartRequests, type SentPart } from "../uploads/multipart-requests.js";
import { planPartSize } from "../uploads/part-size.js";
import type { UploadTools } from "../uploads/upload.js";
import {
  carriesProperties,
  changesSomeProperties,
  copyDirectives,
  withSourceProperties,
} from "./copied-properties.js";
import { copySource } from "./copy-source.js";
import { readTags, tagHeader, writeTags } from "./tags.js";

/** The most that CopyObject takes at once (Amazon S3 API Reference, CopyObject). */
const MAX_SINGLE_COPY = 5 * 1024 ** 3;

/** Bytes that S3 copies in one request of a large copy: it reads at some 100 MB/s. */
const COPY_PART = 128 * 1024 * 1024;

/** Requests of one copy under way at once: S3 does the work. */
const PARTS_AT_ONCE = 16;

/** One object copied within S3; its bytes never come here. */
export class Copy {
  readonly #tools: UploadTools;
  readonly #source: ObjectRef;
  readonly #target: ObjectRef;
  readonly #parameters: CopyParameters;
  readonly #onBytes: ByteListener | undefined;
  readonly #stop: Stop;

  constructor(
    tools: UploadTools,
    source: ObjectRef,
    target: ObjectRef,
    parameters: CopyParameters,
    onBytes: ByteListener | undefined,
    stop: Stop,
  ) {
    this.#tools = tools;
    this.#source = source;
    this.#target = target;
    this.#parameters = parameters;
    this.#onBytes = onBytes;
    this.#stop = stop;
  }

  /** @param size of the source when a listing told it */
  async run(size: number | undefined): Promise<void> {
    try {
      const changes = changesSomeProperties(this.#parameters);
      const needsHead = size === undefined || size > MAX_SINGLE_COPY || changes;
      const head = needsHead ? await this.#headSource() : undefined;
      const bytes = head?.size ?? size ?? 0;
      const parameters = head && changes ? withSourceProperties(this.#parameters, head) : this.#parameters;
      if (head === undefined || bytes <= MAX_SINGLE_COPY) await this.#single(bytes, parameters);
      else await this.#inParts(head);
    } catch (error) {
      throw error instanceof ServerError && error.status === 412 ? objectChanged() : error;
    }
  }

  #headSource(): Promise<ObjectHead> {
    const { requestPayer, sourceCustomerKey, sourceRegion } = this.#parameters;
    return headObject(
      this.#tools.sender,
      this.#source,
      {
        ...(requestPayer === undefined ? {} : { requestPayer }),
        ...(sourceCustomerKey === undefined ? {} : { customerKey: sourceCustomerKey }),
      },
      this.#stop,
      { region: sourceRegion },
    );
  }

  #sourceKeyHeaders(): Record<string, string> {
    return customerKeyHeaders(this.#parameters.sourceCustomerKey, "x-amz-copy-source-");
  }

  async #single(bytes: number, parameters: WriteParameters): Promise<void> {
    const { bucket, key } = this.#target;
    const { checksumAlgorithm } = this.#parameters;
    const headers = {
      ...writeHeaders(parameters),
      ...copyDirectives(this.#parameters),
      ...this.#sourceKeyHeaders(),
      ...(checksumAlgorithm === undefined ? {} : { "x-amz-checksum-algorithm": checksumAlgorithm }),
      ...(this.#parameters.ifAbsent ? { "if-none-match": "*" } : {}),
    };
    await this.#tools.rare.send(
      "CopyObject",
      { bucket, key, headers, mayHideError: true },
      this.#stop,
      (sdk, client, options) =>
        client.send(new sdk.CopyObjectCommand({ ...PLACE, CopySource: copySource(this.#source) }), options),
    );
    this.#onBytes?.(bytes);
  }

  async #inParts(head: ObjectHead): Promise<void> {
    const carries = carriesProperties(this.#parameters);
    const parameters = carries ? withSourceProperties(this.#parameters, head) : this.#parameters;
    const carriesTags = carries && this.#parameters.copyProps === "default";
    const tags = carriesTags ? await readTags(this.#tools.rare, this.#source, this.#stop) : [];
    const inHeader = tagHeader(tags);
    const requests = new MultipartRequests(this.#tools.rare, this.#target, parameters);
    const more: Record<string, string> = inHeader === undefined ? {} : { "x-amz-tagging": inHeader };
    await runMultipart(
      {
        requests,
        create: (stop) => requests.create(undefined, false, more, stop),
        sendParts: (uploadId, stop) => this.#sendParts(uploadId, head, parameters, stop),
        whole: () => undefined,
        sleep: this.#tools.context.sleep,
      },
      this.#stop,
    );
    if (tags.length > 0 && inHeader === undefined)
      await writeTags(this.#tools.rare, this.#target, tags, this.#stop);
  }

  #sendParts(
    uploadId: string,
    head: ObjectHead,
    parameters: WriteParameters,
    stop: Stop,
  ): Promise<readonly SentPart[]> {
    const partSize = planPartSize(head.size, COPY_PART);
    const count = Math.ceil(head.size / partSize);
    return sendInWindow(Math.min(PARTS_AT_ONCE, count), stop, async (number, own) => {
      if (number > count) return undefined;
      const start = (number - 1) * partSize;
      const end = Math.min(start + partSize, head.size);
      const etag = await this.#copyPart(uploadId, number, `bytes=${start}-${end - 1}`, head, parameters, own);
      this.#onBytes?.(end - start);
      return { number, etag, checksum: undefined };
    });
  }

  async #copyPart(
    uploadId: string,
    number: number,
    range: string,
    head: ObjectHead,
    parameters: WriteParameters,
    stop: Stop,
  ): Promise<string> {
    const { bucket, key } = this.#target;
    const headers = { ...partHeaders(parameters), ...this.#sourceKeyHeaders() };
    const { CopyPartResult } = await this.#tools.rare.send(
      "UploadPartCopy",
      { bucket, key, headers, mayHideError: true },
      stop,
      (sdk, client, options) =>
        client.send(
          new sdk.UploadPartCopyCommand({
            ...PLACE,
            UploadId: uploadId,
            PartNumber: number,
            CopySource: copySource(this.#source),
            CopySourceRange: range,
            ...(head.etag === undefined ? {} : { CopySourceIfMatch: head.etag }),
          }),
          options,
        ),
    );
    return CopyPartResult?.ETag ?? "";
  }
}
