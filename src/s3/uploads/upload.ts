import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isDigestRefused, isPreconditionFailed } from "../../aws/server-error.js";
import type { Context } from "../../context.js";
import { Failure } from "../../failure.js";
import type { Cancellation } from "../../http/cancellation.js";
import type { ChecksumName } from "../checksums/algorithms.js";
import { objectExists, sourceChanged, uploadTooLarge } from "../failures.js";
import { withDescriptors } from "../local/descriptors.js";
import { ShortFile } from "../local/short-file.js";
import { openInlet } from "../local/stream-files.js";
import { localFailure } from "../local-failures.js";
import type { Doubt } from "../objects/doubt.js";
import { headWritten } from "../objects/head.js";
import { putIfAbsent } from "../objects/if-absent.js";
import { partHeaders, writeHeaders } from "../objects/write-headers.js";
import { SMALL_BODY } from "../requests/bodies.js";
import { sendInWindow } from "../requests/in-window.js";
import type { S3Request } from "../requests/request.js";
import type { Sender } from "../requests/sender.js";
import type { Turns } from "../requests/turns.js";
import type { RareRequests } from "../sdk/rare-requests.js";
import type {
  ByteListener,
  ObjectHead,
  ObjectRef,
  OpenFile,
  UploadSource,
  WriteParameters,
} from "../store.js";
import { runMultipart } from "./multipart.js";
import { inOrder, MultipartRequests, type SentPart } from "./multipart-requests.js";
import { MAX_OBJECT, MAX_PARTS, PART_SIZE, planPartSize, planStreamPartSize } from "./part-size.js";
import {
  bufferPart,
  filePart,
  fileParts,
  type Part,
  type PartSource,
  smallPart,
  streamParts,
  watchFile,
} from "./part-source.js";
import { isSent, sendBody } from "./send-body.js";
import { UNASKED_CHECKSUM, type UploadChecksums } from "./upload-checksums.js";
import { wholeObject } from "./whole-object.js";

/** What uploads work with. */
export interface UploadTools {
  readonly sender: Sender;
  /** Files that may be open at once. */
  readonly files: Turns;
  readonly rare: RareRequests;
  /** Store.isAmazon */
  readonly isAmazon: boolean;
  readonly checksums: UploadChecksums;
  readonly context: Context;
  readonly partSize: number | undefined;
}

type FileSource = Extract<UploadSource, { kind: "file" }>;

function openFile(path: string): OpenFile {
  const fd = openSync(path, "r");
  return { fd, stats: fstatSync(fd) };
}

/** Whether a file that says it is empty is not: those of /proc say so. What is read is what counts. */
function hasMore(fd: number): boolean {
  return readSync(fd, Buffer.alloc(1), 0, 1, 0) > 0;
}

/** One object on its way up. */
export class Upload {
  readonly #tools: UploadTools;
  readonly #ref: ObjectRef;
  readonly #parameters: WriteParameters;
  readonly #onBytes: ByteListener | undefined;
  readonly #cancellation: Cancellation;

  constructor(
    tools: UploadTools,
    ref: ObjectRef,
    parameters: WriteParameters,
    onBytes: ByteListener | undefined,
    cancellation: Cancellation,
  ) {
    this.#tools = tools;
    this.#ref = ref;
    this.#parameters = parameters;
    this.#onBytes = onBytes;
    this.#cancellation = cancellation;
  }

  /** @throws Failure of the file; ServerError, NoAnswer */
  async run(source: UploadSource): Promise<void> {
    try {
      await (source.kind === "file" ? this.#opened(source) : this.#stream(source.fd, source.expectedSize));
    } catch (error) {
      throw this.#parameters.ifAbsent && isPreconditionFailed(error) ? objectExists(error) : error;
    }
  }

  /** When it is its turn: what is open is what is being sent, however many wait. */
  async #opened(source: FileSource): Promise<void> {
    const { files } = this.#tools;
    const turn = files.acquire(this.#cancellation);
    if (turn !== undefined) await turn;
    try {
      await this.#file(source);
    } finally {
      files.release();
    }
  }

  async #file({ path, open = () => openFile(path) }: FileSource): Promise<void> {
    let fd: number | undefined;
    let check: () => void = () => undefined;
    try {
      const opened = await withDescriptors(open, () => this.#cancellation.throwIfCanceled());
      const { stats: stat } = opened;
      fd = opened.fd;
      if (stat.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR", syscall: "open" });
      if (stat.size > MAX_OBJECT) throw uploadTooLarge();
      const { partSize = PART_SIZE } = this.#tools;
      check = watchFile(fd, stat, path);
      if (stat.size === 0 && hasMore(fd)) {
        await this.#stream(fd, undefined);
      } else if (stat.size < partSize) {
        await this.#put(stat.size <= SMALL_BODY ? smallPart(fd, stat.size) : filePart(fd, 0, stat.size));
        check();
      } else {
        const size = planPartSize(stat.size, partSize);
        await this.#multipart(fileParts(fd, stat.size, size, check));
      }
    } catch (error) {
      // Written to between the reading for the checksum and that for the sending, it looks like harm on the way.
      if (isDigestRefused(error) || (error instanceof Failure && error.id === "s3-stored-wrong")) check();
      throw error instanceof ShortFile ? sourceChanged(path) : localFailure("read", path, error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  async #stream(fd: number, expectedSize: number | undefined): Promise<void> {
    const size = planStreamPartSize(expectedSize, this.#tools.partSize);
    const inlet = openInlet(fd);
    try {
      const first = Buffer.allocUnsafeSlow(size);
      const length = await this.#cancellation.race(inlet.fill(first));
      if (length < size) await this.#put(bufferPart(first.subarray(0, length)));
      else await this.#multipart(streamParts(inlet, first, size));
    } finally {
      inlet.close();
    }
  }

  /** The whole in one request. */
  async #put(part: Part): Promise<void> {
    const { bucket, key } = this.#ref;
    const request: S3Request = {
      operation: "PutObject",
      method: "PUT",
      bucket,
      key,
      headers: writeHeaders(this.#parameters),
      onSent: this.#onBytes,
    };
    const { sender, checksums } = this.#tools;
    const head = () => headWritten(sender, this.#ref, this.#parameters, this.#cancellation);
    const tools = { sender, checksums, head };
    const put = (condition: Record<string, string>, doubt?: Doubt) => {
      const headers = { ...request.headers, ...condition };
      const conditional = { ...request, headers, onDoubt: doubt?.arose };
      return checksums.with(this.#parameters, (name) =>
        sendBody(tools, conditional, part, name, this.#cancellation),
      );
    };
    if (!this.#parameters.ifAbsent) return void (await put({}));
    const isOurs = (there: ObjectHead) => isSent(there, part, undefined);
    const sent = await putIfAbsent(sender.refused, head, put, isOurs);
    if (sent === undefined) this.#onBytes?.(part.body.size);
  }

  async #multipart(source: PartSource): Promise<void> {
    const { sender, checksums, context } = this.#tools;
    const requests = new MultipartRequests(sender, this.#ref, this.#parameters);
    let name: ChecksumName | undefined;
    await runMultipart(
      {
        requests,
        create: (cancellation) =>
          checksums.with(this.#parameters, (chosen) => {
            name = chosen;
            return requests.create(chosen, {}, cancellation);
          }),
        sendParts: async (uploadId, cancellation) => {
          const window = () => Math.min(sender.atOnce, source.window);
          const parts = await sendInWindow(window, cancellation, async (number, own) => {
            const part = await own.race(source.next());
            if (part === undefined) return undefined;
            if (number > MAX_PARTS) throw uploadTooLarge();
            return this.#sendPart(uploadId, number, part, name, own);
          });
          source.finish();
          return inOrder(parts);
        },
        whole: (parts) => wholeObject(name ?? UNASKED_CHECKSUM, parts),
        head: () => headWritten(sender, this.#ref, this.#parameters, this.#cancellation),
        checksSize: false,
        sleep: context.sleep,
      },
      this.#cancellation,
    );
  }

  /** UploadPart. */
  async #sendPart(
    uploadId: string,
    number: number,
    part: Part,
    checksum: ChecksumName | undefined,
    cancellation: Cancellation,
  ): Promise<SentPart> {
    const { bucket, key } = this.#ref;
    const request: S3Request = {
      operation: "UploadPart",
      method: "PUT",
      bucket,
      key,
      query: { partNumber: String(number), uploadId },
      headers: partHeaders(this.#parameters),
      onSent: this.#onBytes,
    };
    const { response, own, isConfirmed } = await this.#tools.checksums.with(
      this.#parameters,
      (name) => sendBody(this.#tools, request, part, name, cancellation),
      checksum,
    );
    // Also where none is sent: the server may name that of the whole when it has put it together.
    const sum = own?.value ?? part.checksum(UNASKED_CHECKSUM).toString("base64");
    part.release?.();
    const { size } = part.body;
    const known = isConfirmed ? own?.value : undefined;
    return { number, size, etag: response.headers.etag ?? "", own: sum, checksum: known };
  }
}
