import { ServerError } from "../../aws/server-error.js";
import { CHECKSUM_NAMES, type ChecksumName } from "../checksums/algorithms.js";
import { isNotImplemented, type RefusedHeaders, refusalOf } from "../requests/refused-headers.js";
import type { StoreOptions, WriteParameters } from "../store.js";

/** What S3 computes of an object that comes without a checksum, and the AWS CLI v2 sends by default. */
export const UNASKED_CHECKSUM: ChecksumName = "CRC64NVME";

/** A refusal is about the header of the checksum, or its algorithm. */
const ABOUT_CHECKSUM = /checksum|\bcrc-?(?:32c?|64)/i;

/** Stores without the newer checksums want it in buckets with Object Lock. */
const WANTS_MD5 = /content-?md5\b.*\b(?:required|missing)|missing\b.*\bcontent-?md5/is;

/** Some stores want the body's hash in every signature. */
const WANTS_SIGNED = /UNSIGNED-PAYLOAD/;

/** What is remembered of a server, as one: the header of a checksum, and those that go with it. */
const CHECKSUMS = "x-amz-checksum-*";

/** Whether a server says that it does not take checksums, as opposed to this one, or to something else. */
function refusesChecksums(error: unknown): boolean {
  const refusal = refusalOf(error, ABOUT_CHECKSUM);
  return refusal === "named" || (refusal === "unnamed" && isNotImplemented(error));
}

function wantsMd5(error: unknown): boolean {
  if (!(error instanceof ServerError)) return false;
  return error.code === "MissingContentMD5" || (error.status < 500 && WANTS_MD5.test(error.message));
}

/** Which checksum uploads carry; remembers that a server does not take them, or does not look at them. */
export class UploadChecksums {
  readonly #default: ChecksumName | undefined;
  readonly #isTls: boolean;
  readonly #refused: RefusedHeaders;
  #wantsMd5 = false;
  #wantsSigned = false;
  #ignored = false;
  #named = false;

  /**
   * @param calculation when an upload carries a checksum that nobody asked for
   * @param isTls whether the bodies' hashes are left out of the signatures
   * @param refused by the server
   */
  constructor(calculation: StoreOptions["requestChecksums"], isTls: boolean, refused: RefusedHeaders) {
    this.#default = calculation === "when_required" ? undefined : UNASKED_CHECKSUM;
    this.#isTls = isTls;
    this.#refused = refused;
  }

  /** What an upload with these parameters is given; undefined: none. */
  for({ checksumAlgorithm }: WriteParameters): ChecksumName | undefined {
    const asked = CHECKSUM_NAMES.find((name) => name === checksumAlgorithm?.toUpperCase());
    const isInVain = this.#ignored || this.#refused.isRefused(CHECKSUMS);
    return asked ?? (isInVain ? undefined : this.#default);
  }

  /** The server has named the checksum of what it has stored: one that does, does so each time. */
  named(): void {
    this.#named = true;
  }

  get areNamed(): boolean {
    return this.#named;
  }

  /** The server has stored something without a word about its checksum: signatures must cover the bodies from now on. */
  ignored(): void {
    this.#ignored = true;
  }

  /** Whether signatures must cover the bodies: the server does not look at checksums, or wants it so. */
  get signsBodies(): boolean {
    return this.#ignored || this.#wantsSigned;
  }

  /**
   * Whether the server has compared a body that it has stored without naming its checksum: with the hash in the
   * signature, which is left out only over TLS, and only where there is a checksum instead.
   *
   * @param name of the checksum that went along
   */
  hasCompared(name: ChecksumName | undefined, signsBody: boolean): boolean {
    return !this.#isTls || signsBody || name === undefined;
  }

  /** Whether bodies carry Content-MD5: where the server takes no other checksum, or demands this one. */
  get wantsMd5(): boolean {
    return this.#wantsMd5;
  }

  /**
   * Runs an upload with its checksum; where the server takes none, again with Content-MD5 and the body's hash in the
   * signature instead. What the user asked for is never left out.
   *
   * @param upload gets the checksum's name, or undefined
   * @param name of the upload that this is a part of
   */
  async with<T>(
    parameters: WriteParameters,
    upload: (name: ChecksumName | undefined) => Promise<T>,
    name: ChecksumName | undefined = this.for(parameters),
  ): Promise<T> {
    const [hadMd5, wasSigned] = [this.#wantsMd5, this.signsBodies];
    try {
      return await upload(name);
    } catch (error) {
      if (!hadMd5 && wantsMd5(error)) {
        this.#wantsMd5 = true;
        return this.with(parameters, upload, name);
      }
      if (!wasSigned && error instanceof ServerError && WANTS_SIGNED.test(error.message)) {
        this.#wantsSigned = true;
        return this.with(parameters, upload, name);
      }
      const mayLeaveOut = name !== undefined && parameters.checksumAlgorithm === undefined;
      if (!mayLeaveOut || !refusesChecksums(error)) throw error;
      this.#wantsMd5 = true;
      const result = await upload(undefined);
      this.#refused.refuse(CHECKSUMS);
      return result;
    }
  }
}
