import { ServerError } from "../../aws/server-error.js";
import { CHECKSUM_NAMES, type ChecksumName } from "../checksums/algorithms.js";
import type { WriteParameters } from "../store.js";

/** What S3 computes of an object that comes without a checksum, and the AWS CLI v2 sends by default. */
export const UNASKED_CHECKSUM: ChecksumName = "CRC64NVME";

/** How stores say that they lack something altogether (R2, OVH, older Ceph). */
const NOT_IMPLEMENTED = /^(NotImplemented|XNotImplemented|501)$/;

/** How others refuse a header that they do not know (B2, older MinIO); the same codes stand for much else. */
const REFUSAL = /^(InvalidArgument|InvalidRequest|UnsupportedArgument|MalformedXML)$/;

/** The message is about the header of the checksum, or its algorithm … */
const ABOUT_CHECKSUM = /checksum|\bcrc-?(?:32c?|64)/i;

/** … but not about its value: then the server compares, and what was refused is the data. */
const ABOUT_VALUE = /match|header is invalid/i;

/** Whether a server says that it does not take checksums, as opposed to this one, or to something else. */
function refusesChecksums(error: unknown): boolean {
  if (!(error instanceof ServerError)) return false;
  const { code, message } = error;
  if (NOT_IMPLEMENTED.test(code)) return true;
  return REFUSAL.test(code) && ABOUT_CHECKSUM.test(message) && !ABOUT_VALUE.test(message);
}

/** Which checksum uploads carry; remembers that a server does not take them, or does not look at them. */
export class UploadChecksums {
  readonly #default: ChecksumName | undefined;
  readonly #isTls: boolean;
  #refused = false;
  #ignored = false;
  #named = false;

  /**
   * @param calculation AWS_REQUEST_CHECKSUM_CALCULATION: when_supported or when_required, in either case
   * @param isTls whether the bodies' hashes are left out of the signatures
   */
  constructor(calculation: string | undefined, isTls: boolean) {
    this.#default = calculation?.toLowerCase() === "when_required" ? undefined : UNASKED_CHECKSUM;
    this.#isTls = isTls;
  }

  /** What an upload with these parameters is given; undefined: none. */
  for({ checksumAlgorithm }: WriteParameters): ChecksumName | undefined {
    const asked = CHECKSUM_NAMES.find((name) => name === checksumAlgorithm?.toUpperCase());
    return asked ?? (this.#refused || this.#ignored ? undefined : this.#default);
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

  /** Whether signatures must cover the bodies, because the server does not look at checksums. */
  get signsBodies(): boolean {
    return this.#ignored;
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

  /**
   * Runs an upload with its checksum; where the server takes none, again with the body's hash in the signature instead.
   * What the user asked for is never left out.
   *
   * @param upload gets the checksum's name, or undefined
   * @param name of the upload that this is a part of
   */
  async with<T>(
    parameters: WriteParameters,
    upload: (name: ChecksumName | undefined) => Promise<T>,
    name: ChecksumName | undefined = this.for(parameters),
  ): Promise<T> {
    try {
      return await upload(name);
    } catch (error) {
      const mayLeaveOut = name !== undefined && parameters.checksumAlgorithm === undefined;
      if (!mayLeaveOut || !refusesChecksums(error)) throw error;
      const result = await upload(undefined);
      this.#refused = true;
      return result;
    }
  }
}
