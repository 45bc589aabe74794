import { isPreconditionFailed, type ServerError } from "../../aws/server-error.js";
import type { Cancellation } from "../../http/cancellation.js";
import type { Response } from "../../http/response.js";
import { CHECKSUM_NAMES, type ChecksumName } from "../checksums/algorithms.js";
import { notStored, objectChanged, objectExists } from "../failures.js";
import { customerKeyHeaders } from "../objects/customer-key.js";
import type { Doubt } from "../objects/doubt.js";
import { headObject, headWritten } from "../objects/head.js";
import { putIfAbsent } from "../objects/if-absent.js";
import { readingSource } from "../objects/read-parameters.js";
import { removeObject } from "../objects/remove.js";
import { isSameVersion } from "../objects/version.js";
import { partHeaders, writeHeaders } from "../objects/write-headers.js";
import { MAX_TRIES } from "../requests/backoff.js";
import { sendInWindow } from "../requests/in-window.js";
import { hasResult, resultText } from "../requests/result.js";
import type {
  ByteListener,
  CopyParameters,
  KnownSource,
  ObjectHead,
  ObjectRef,
  WriteParameters,
} from "../store.js";
import { runMultipart } from "../uploads/multipart.js";
import { inOrder, MultipartRequests, type SentPart } from "../uploads/multipart-requests.js";
import { PART_SIZE, planPartSize } from "../uploads/part-size.js";
import type { UploadTools } from "../uploads/upload.js";
import { wholeCopy } from "../uploads/whole-object.js";
import {
  ANNOTATIONS,
  carriesProperties,
  changesSomeProperties,
  copyDirectives,
  withSourceProperties,
} from "./copied-properties.js";
import { isAboutCopy, isCopied, isCopyResult } from "./copy-response.js";
import { copySource, RANGE, SOURCE_CONDITIONS, sourceCondition } from "./copy-source.js";
import { readTags, type Tag, tagHeader, writeTags } from "./tags.js";
import { checkAreNotAlike, checkIsNotWhole, copiesNoRanges, mayCopyWhole } from "./whole-instead.js";

/** The most that CopyObject takes at once (Amazon S3 API Reference, CopyObject). */
const MAX_SINGLE_COPY = 5 * 1024 ** 3;

/** One object copied within S3; its bytes never come here. */
export class Copy {
  readonly #tools: UploadTools;
  readonly #source: ObjectRef;
  readonly #target: ObjectRef;
  readonly #parameters: CopyParameters;
  readonly #onBytes: ByteListener | undefined;
  readonly #cancellation: Cancellation;
  /** Bytes in parts. */
  #copied = 0;

  constructor(
    tools: UploadTools,
    source: ObjectRef,
    target: ObjectRef,
    parameters: CopyParameters,
    onBytes: ByteListener | undefined,
    cancellation: Cancellation,
  ) {
    this.#tools = tools;
    this.#source = source;
    this.#target = target;
    this.#parameters = parameters;
    this.#onBytes = onBytes;
    this.#cancellation = cancellation;
  }

  /** In parts from the size on from which objects go up in parts, as with the AWS CLI: each is a short request. */
  async run({ size, etag, head: told }: KnownSource): Promise<void> {
    const { partSize = PART_SIZE } = this.#tools;
    const changes = changesSomeProperties(this.#parameters);
    const needsHead = changes || size === undefined || size >= partSize;
    const head = told ?? (needsHead ? await this.#headSource() : undefined);
    const bytes = head?.size ?? size ?? 0;
    const carried = changes ? head : undefined;
    const isLarge = head !== undefined && bytes >= partSize;
    try {
      if (isLarge) await this.#large(head, carried);
      else await this.#single(bytes, head?.etag ?? etag, carried);
    } catch (error) {
      throw isPreconditionFailed(error) ? await this.#refusal(error, isLarge ? head : carried) : error;
    }
  }

  async #large(head: ObjectHead, carried: ObjectHead | undefined): Promise<void> {
    const { refused } = this.#tools.sender;
    const fits = head.size <= MAX_SINGLE_COPY;
    try {
      if (!fits || !refused.isRefused(RANGE)) return await this.#inParts(head);
    } catch (error) {
      if (!fits || !mayCopyWhole(error, this.#parameters.ifAbsent)) throw error;
      if (copiesNoRanges(error)) refused.refuse(RANGE);
      this.#onBytes?.(-this.#copied);
    }
    await this.#single(head.size, head.etag, carried);
  }

  /** Which of the conditions did not hold: where S3 does not say, the source shows it. */
  async #refusal(error: ServerError, head: ObjectHead | undefined): Promise<Error> {
    if (!this.#parameters.ifAbsent) return objectChanged(error);
    const { condition } = error;
    if (condition !== undefined)
      return /none-match/i.test(condition) ? objectExists(error) : objectChanged(error);
    const isPinned = head?.etag !== undefined;
    const now = isPinned ? await this.#headSource().catch(() => undefined) : undefined;
    return isPinned && now?.etag !== head.etag ? objectChanged(error) : objectExists(error);
  }

  #headSource(): Promise<ObjectHead> {
    const { sourceRegion: region } = this.#parameters;
    const { sender } = this.#tools;
    return headObject(sender, this.#source, readingSource(this.#parameters), this.#cancellation, {
      region,
      mayGet: true,
    });
  }

  /** @param read what has been read of the source: it must still be that when it is copied */
  #sourceHeaders(read: ObjectHead | undefined): Record<string, string> {
    return {
      "x-amz-copy-source": copySource(this.#source),
      ...(read === undefined ? {} : sourceCondition(read)),
      ...customerKeyHeaders(this.#parameters.sourceCustomerKey, "x-amz-copy-source-"),
    };
  }

  /**
   * What was copied must be what was read of the source, also where the server refuses or ignores that condition.
   *
   * @param isWritten whether the target has been written
   */
  async #checkSource(read: ObjectHead, isWritten: boolean): Promise<void> {
    const { sender, isAmazon } = this.#tools;
    const minds = (condition: string) => !sender.refused.isRefused(condition);
    if ((isWritten || isAmazon) && SOURCE_CONDITIONS.every(minds)) return;
    const now = await this.#headSource();
    if (now.size !== read.size || !isSameVersion(read, now)) throw objectChanged(undefined, isWritten);
  }

  /**
   * CopyObject, until its response is about this object.
   *
   * @param carried has properties that go with the copy
   */
  async #single(bytes: number, etag: string | undefined, carried: ObjectHead | undefined): Promise<void> {
    const { sender } = this.#tools;
    const head = () => headWritten(sender, this.#target, this.#parameters, this.#cancellation);
    const copy = async (condition: Record<string, string>, doubt?: Doubt): Promise<true> => {
      for (let tries = 1; ; tries++) {
        const response = await this.#copyObject(carried, tries > 1, condition, doubt);
        if (await isAboutCopy(response, bytes, etag, head)) return true;
        if (tries === MAX_TRIES) throw notStored("CopyObject");
        doubt?.arose();
      }
    };
    const isOurs = (there: ObjectHead) => isCopied(there, bytes, etag);
    await (this.#parameters.ifAbsent ? putIfAbsent(sender.refused, head, copy, isOurs) : copy({}));
    if (carried !== undefined) await this.#checkSource(carried, true);
    this.#onBytes?.(bytes);
  }

  #copyObject(
    carried: ObjectHead | undefined,
    isAlone: boolean,
    condition: Record<string, string>,
    doubt: Doubt | undefined,
  ): Promise<Response> {
    const { bucket, key } = this.#target;
    const { checksumAlgorithm } = this.#parameters;
    const parameters = carried ? withSourceProperties(this.#parameters, carried) : this.#parameters;
    return this.#tools.sender.send(
      {
        operation: "CopyObject",
        method: "PUT",
        bucket,
        key,
        headers: {
          ...writeHeaders(parameters),
          ...copyDirectives(this.#parameters),
          ...this.#sourceHeaders(carried),
          ...(checksumAlgorithm === undefined ? {} : { "x-amz-checksum-algorithm": checksumAlgorithm }),
          ...condition,
        },
        optional: [ANNOTATIONS, ...SOURCE_CONDITIONS],
        isSlowOperation: true,
        isAlone,
        isDone: isCopyResult,
        onDoubt: doubt?.arose,
      },
      this.#cancellation,
    );
  }

  async #inParts(head: ObjectHead): Promise<void> {
    const { sender, rare, context, isAmazon } = this.#tools;
    const carries = carriesProperties(this.#parameters);
    const parameters = carries ? withSourceProperties(this.#parameters, head) : this.#parameters;
    const carriesTags = carries && this.#parameters.copyProps === "default";
    // Before the parts: these are pinned to what HEAD saw, so that a source replaced meanwhile is noticed.
    const { sourceRegion } = this.#parameters;
    const tags = carriesTags ? await readTags(rare, this.#source, sourceRegion, this.#cancellation) : [];
    const inHeader = tagHeader(tags);
    const requests = new MultipartRequests(sender, this.#target, parameters);
    const more: Record<string, string> = inHeader === undefined ? {} : { "x-amz-tagging": inHeader };
    const algorithm = parameters.checksumAlgorithm?.toUpperCase();
    const checksum = CHECKSUM_NAMES.find((name) => name === algorithm);
    const completion = await runMultipart(
      {
        requests,
        create: (cancellation) => requests.create(checksum, more, cancellation),
        sendParts: async (uploadId, cancellation) => {
          const parts = await this.#sendParts(uploadId, head, parameters, checksum, cancellation);
          checkAreNotAlike(parts);
          await this.#checkSource(head, false);
          return parts;
        },
        whole: (parts) => wholeCopy(head, parts, checksum),
        head: () => headWritten(sender, this.#target, parameters, this.#cancellation),
        checksSize: !isAmazon,
        sleep: context.sleep,
      },
      this.#cancellation,
    );
    if (tags.length > 0 && inHeader === undefined) await this.#writeTags(tags, completion?.versionId);
  }

  /** A copy without its tags is none: it goes again, as with the AWS CLI. */
  async #writeTags(tags: readonly Tag[], versionId: string | undefined): Promise<void> {
    try {
      await writeTags(this.#tools.rare, this.#target, tags, this.#cancellation);
    } catch (error) {
      const { sender } = this.#tools;
      const copy = versionId === undefined ? this.#target : { ...this.#target, versionId };
      await removeObject(sender, copy, this.#cancellation).catch(() =>
        removeObject(sender, this.#target, this.#cancellation).catch(() => undefined),
      );
      throw error;
    }
  }

  async #sendParts(
    uploadId: string,
    head: ObjectHead,
    parameters: WriteParameters,
    checksum: ChecksumName | undefined,
    cancellation: Cancellation,
  ): Promise<readonly SentPart[]> {
    const partSize = planPartSize(head.size, this.#tools.partSize);
    const count = Math.ceil(head.size / partSize);
    const { sender } = this.#tools;
    const send = async (number: number, own: Cancellation) => {
      if (number > count) return undefined;
      const start = (number - 1) * partSize;
      const size = Math.min(start + partSize, head.size) - start;
      const range = `bytes=${start}-${start + size - 1}`;
      const response = await this.#copyPart(uploadId, number, range, head, parameters, own);
      const text = (name: string) => resultText(response, "CopyPartResult", name);
      const sum = checksum && text(`Checksum${checksum}`);
      const part = { number, size, etag: text("ETag") ?? "", own: undefined, checksum: sum };
      if (count > 1) checkIsNotWhole(part, head);
      this.#copied += size;
      this.#onBytes?.(size);
      return part;
    };
    return inOrder(await sendInWindow(() => sender.atOnce, cancellation, send));
  }

  #copyPart(
    uploadId: string,
    number: number,
    range: string,
    head: ObjectHead,
    parameters: WriteParameters,
    cancellation: Cancellation,
  ): Promise<Response> {
    const { bucket, key } = this.#target;
    return this.#tools.sender.send(
      {
        operation: "UploadPartCopy",
        method: "PUT",
        bucket,
        key,
        query: { partNumber: String(number), uploadId },
        headers: {
          ...partHeaders(parameters),
          ...this.#sourceHeaders(head),
          [RANGE]: range,
        },
        optional: SOURCE_CONDITIONS,
        isSlowOperation: true,
        isDone: hasResult("CopyPartResult", "ETag"),
      },
      cancellation,
    );
  }
}
