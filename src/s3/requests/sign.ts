import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import type { Credentials } from "../../credentials/credentials.js";
import type { Address } from "../endpoint/address.js";

/** node:crypto in the shape that the signer asks for. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac("sha256", typeof secret === "string" ? secret : Buffer.from(secret as Uint8Array));
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error("a digest is made once");
  }
}

/** The parts of a request that its signature covers. */
export interface Signable {
  readonly method: string;
  /** Encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Record<string, string>;
}

/** Signs requests with SigV4; the signing key is cached by the library. */
export class Signer {
  #library: Promise<typeof import("../libraries/signature.js")> | undefined;

  /**
   * @param date what the server's clock shows
   * @returns the headers with those of the signature
   */
  async sign(
    request: Signable,
    address: Address,
    credentials: Credentials,
    date: Date,
  ): Promise<Record<string, string>> {
    this.#library ??= import("../libraries/signature.js");
    const { SignatureV4 } = await this.#library;
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const signer = new SignatureV4({
      credentials: {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      },
      region: address.region,
      service: address.service,
      sha256: Sha256,
      uriEscapePath: false,
    });
    const signed = await signer.sign(
      {
        ...request,
        query: { ...request.query },
        protocol: "https:",
        hostname: address.host,
      },
      { signingDate: date },
    );
    return signed.headers;
  }
}
