import { closeSync, fstatSync, openSync } from "node:fs";
import type { Context } from "../../context.js";
import { type ChecksumName, crcBytes, crcFromBytes, polynomialOf } from "../checksums/algorithms.js";
import { combineCrcs } from "../checksums/combine.js";
import { objectExists, sourceChanged, uploadTooLarge } from "../failures.js";
import { ShortFile } from "../local/short-file.js";
import { openInlet } from "../local/stream-files.js";
import { localFailure } from "../local-failures.js";
import { headObject } from "../objects/head.js";
import { writeHeaders } from "../objects/write-headers.js";
import { SMALL_BODY } from "../requests/bodies.js";
import type { Sender } from "../requests/sender.js";
import { ServerError } from "../requests/server-error.js";
import type { Stop } from "../requests/stop.js";
import type { RareRequests } from "../sdk/rare-requests.js";
import type { ByteListener, ObjectRef, UploadSource, WriteParameters } from "../store.js";
import { runMultipart, sendInWindow } from "./multipart.js";
import { MultipartRequests, type SentPart, type WholeChecksum } from "./multipart-requests.js";
import { MAX_OBJECT, MAX_PARTS, PART_SIZE, planPartSize } from "./part-size.js";
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
import { checksumHeaders, sendPart } from "./send-part.js";
import type { UploadChecksums } from "./upload-checksums.js";

/** Parts of one file under way at once. */
const PARTS_AT_ONCE = 8;

/** What uploads work with. */
export interface UploadTools {
  readonly sender: Sender;
  readonly rare: RareRequests;
  readonly checksums: UploadChecksums;
  readonly context: Context;
  readonly partSize: number | undefined;
  readonly concurrency: number | undefined;
}

/** One object on its way up. */
export class Upload {
  readonly #tools: UploadTools;
  readonly #ref: ObjectRef;
  readonly #parameters: WriteParameters;
  readonly #onBytes: ByteListener | undefined;
  readonly #stop: Stop;

  constructor(
    tools: UploadTools,
    ref: ObjectRef,
    parameters: WriteParameters,
    onBytes: ByteListener | undefined,
    stop: Stop,
  ) {
    this.#tools = tools;
    this.#ref = ref;
    this.#parameters = parameters;
    this.#onBytes = onBytes;
    this.#stop = stop;
  }

  /** @throws Failure of the file; ServerError, NoAnswer */
  async run(source: UploadSource): Promise<void> {
    try {
      await (source.kind === "file" ? this.#file(source.path) : this.#stream(source.fd, source.expectedSize));
    } catch (error) {
      const exists = error instanceof ServerError && error.status === 412 && this.#parameters.ifAbsent;
      throw exists ? objectExists(error) : error;
    }
  }

  async #file(path: string): Promise<void> {
    let fd: number | undefined;
    try {
      fd = openSync(path, "r");
      const stat = fstatSync(fd);
      if (stat.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR", syscall: "open" });
      if (stat.size > MAX_OBJECT) throw uploadTooLarge();
      const { partSize = PART_SIZE, concurrency } = this.#tools;
      if (stat.size < partSize) {
        const check = watchFile(fd, path);
        await this.#put(stat.size <= SMALL_BODY ? smallPart(fd, stat.size) : filePart(fd, 0, stat.size));
        check();
      } else {
        const size = planPartSize(stat.size, partSize);
        await this.#multipart(fileParts(fd, path, stat.size, size, concurrency ?? PARTS_AT_ONCE));
      }
    } catch (error) {
      throw error instanceof ShortFile ? sourceChanged(path) : localFailure("read", path, error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  async #stream(fd: number, expectedSize: number | undefined): Promise<void> {
    const size = planPartSize(expectedSize, this.#tools.partSize);
    const inlet = openInlet(fd);
    try {
      const first = Buffer.allocUnsafeSlow(size);
      const length = await this.#stop.race(inlet.fill(first));
      if (length < size) await this.#put(bufferPart(first.subarray(0, length)));
      else await this.#multipart(streamParts(inlet, first, size));
    } finally {
      inlet.close();
    }
  }

  /** The whole in one request. */
  async #put(part: Part): Promise<void> {
    const { bucket, key } = this.#ref;
    await this.#tools.checksums.with(this.#parameters, async (name) => {
      await this.#tools.sender.send(
        {
          operation: "PutObject",
          method: "PUT",
          bucket,
          key,
          headers: {
            ...writeHeaders(this.#parameters),
            ...(this.#parameters.ifAbsent ? { "if-none-match": "*" } : {}),
            ...checksumHeaders(part, name),
          },
          body: part.body,
          onSent: this.#onBytes,
        },
        this.#stop,
      );
    });
  }

  async #multipart(source: PartSource): Promise<void> {
    const { rare, checksums, context } = this.#tools;
    const requests = new MultipartRequests(rare, this.#ref, this.#parameters);
    let name: ChecksumName | undefined;
    const sizes = new Map<number, number>();
    await runMultipart(
      {
        requests,
        create: (stop) =>
          checksums.with(this.#parameters, (chosen) => {
            name = chosen;
            return requests.create(chosen, isFull(chosen), {}, stop);
          }),
        sendParts: async (uploadId, stop) => {
          const parts = await sendInWindow(source.window, stop, async (number, own) => {
            const part = await own.race(source.next());
            if (part === undefined) return undefined;
            if (number > MAX_PARTS) throw uploadTooLarge();
            sizes.set(number, part.body.size);
            const place = { ref: this.#ref, parameters: this.#parameters, uploadId, number, checksum: name };
            return sendPart(this.#tools.sender, place, part, this.#onBytes, own);
          });
          source.finish();
          return parts;
        },
        whole: (parts) => wholeChecksum(name, parts, sizes),
        isThere: (parts) => this.#isThere(parts, sizes),
        sleep: context.sleep,
      },
      this.#stop,
    );
  }

  /** Whether the object is the one that these parts make. */
  async #isThere(parts: readonly SentPart[], sizes: ReadonlyMap<number, number>): Promise<boolean> {
    const { requestPayer, customerKey } = this.#parameters;
    const read = {
      ...(requestPayer === undefined ? {} : { requestPayer }),
      ...(customerKey === undefined ? {} : { customerKey }),
    };
    const head = await headObject(this.#tools.sender, this.#ref, read, this.#stop);
    const size = parts.reduce((sum, { number }) => sum + (sizes.get(number) ?? 0), 0);
    return head.size === size && (head.etag?.endsWith(`-${parts.length}"`) ?? false);
  }
}

/** A CRC of a whole follows from its parts'; a hash of a whole does not. */
function isFull(name: ChecksumName | undefined): boolean {
  return name !== undefined && polynomialOf(name) !== undefined;
}

/** What to complete an upload with: nothing when the server did not confirm the parts' checksums. */
function wholeChecksum(
  name: ChecksumName | undefined,
  parts: readonly SentPart[],
  sizes: ReadonlyMap<number, number>,
): WholeChecksum | undefined {
  if (name === undefined || parts.some(({ checksum }) => checksum === undefined)) return undefined;
  const polynomial = polynomialOf(name);
  if (polynomial === undefined) return { name, value: undefined };
  const pieces = parts.map(({ number, checksum = "" }) => ({
    crc: crcFromBytes(Buffer.from(checksum, "base64")),
    length: sizes.get(number) ?? 0,
  }));
  return { name, value: crcBytes(polynomial, combineCrcs(polynomial, pieces)).toString("base64") };
}
