import { CHECKSUM_NAMES, type ChecksumName } from "../checksums/algorithms.js";
import { ServerError } from "../requests/server-error.js";
import type { WriteParameters } from "../store.js";

/** What the AWS CLI v2 and S3 itself use by default. */
const DEFAULT: ChecksumName = "CRC64NVME";

/** How stores refuse a header that they do not know (R2, B2, OVH, older MinIO and Ceph). */
const REFUSAL =
  /^(NotImplemented|InvalidArgument|InvalidRequest|UnsupportedArgument|MalformedXML|InvalidDigest|XNotImplemented|400|501)$/;

/** Which checksum uploads carry; remembers that a server does not take them. */
export class UploadChecksums {
  readonly #default: ChecksumName | undefined;
  #refused = false;

  /** @param calculation AWS_REQUEST_CHECKSUM_CALCULATION: when_supported or when_required, in either case */
  constructor(calculation: string | undefined) {
    this.#default = calculation?.toLowerCase() === "when_required" ? undefined : DEFAULT;
  }

  /** What an upload with these parameters is given; undefined: none. */
  for({ checksumAlgorithm }: WriteParameters): ChecksumName | undefined {
    const asked = CHECKSUM_NAMES.find((name) => name === checksumAlgorithm?.toUpperCase());
    return asked ?? (this.#refused ? undefined : this.#default);
  }

  /**
   * Runs an upload with its checksum; where the server refuses the default one, again without.
   *
   * @param upload gets the checksum's name, or undefined
   */
  async with<T>(
    parameters: WriteParameters,
    upload: (name: ChecksumName | undefined) => Promise<T>,
  ): Promise<T> {
    const name = this.for(parameters);
    try {
      return await upload(name);
    } catch (error) {
      const refused = error instanceof ServerError && REFUSAL.test(error.code);
      if (name === undefined || parameters.checksumAlgorithm !== undefined || !refused) throw error;
      const result = await upload(undefined);
      this.#refused = true;
      return result;
    }
  }
}
