import { createHash, createHmac, type Hash } from "node:crypto";
import type { Credentials } from "../../credentials/credentials.js";
import type { Address } from "../endpoint/address.js";

type Library = typeof import("../libraries/signature.js");

/** HMACs with a text as key are the first steps towards a signing key: the same for every request of a day. */
const remembered = new Map<string, Uint8Array>();
const MOST_REMEMBERED = 64;

/** node:crypto in the shape that the signer asks for. */
class Sha256 {
  readonly #secret: string | Buffer | undefined;
  #hash: Hash | undefined;
  #data: Uint8Array | undefined;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret =
      secret === undefined || typeof secret === "string" ? secret : Buffer.from(secret as Uint8Array);
  }

  update(data: Uint8Array): void {
    if (this.#secret === undefined) this.#hash = (this.#hash ?? createHash("sha256")).update(data);
    else this.#data = this.#data === undefined ? data : Buffer.concat([this.#data, data]);
  }

  async digest(): Promise<Uint8Array> {
    const secret = this.#secret;
    if (secret === undefined) return (this.#hash ?? createHash("sha256")).digest();
    const data = this.#data ?? new Uint8Array();
    if (typeof secret !== "string") return createHmac("sha256", secret).update(data).digest();
    const name = `${secret}\n${Buffer.from(data).toString("latin1")}`;
    const known = remembered.get(name) ?? createHmac("sha256", secret).update(data).digest();
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(name, known);
    return known;
  }

  reset(): void {
    this.#hash = undefined;
    this.#data = undefined;
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

/** Signs requests with SigV4; the library caches the signing key of the day. */
export class Signer {
  #library: Library | undefined;
  #signer: InstanceType<Library["SignatureV4"]> | undefined;
  #madeFor: readonly [Credentials, string, string] | undefined;

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
    this.#library ??= await import("../libraries/signature.js");
    const signed = await this.#signerFor(this.#library, address, credentials).sign(
      { ...request, query: { ...request.query }, protocol: "https:", hostname: address.host },
      { signingDate: date },
    );
    return signed.headers;
  }

  #signerFor(
    { SignatureV4 }: Library,
    { region, service }: Address,
    credentials: Credentials,
  ): InstanceType<Library["SignatureV4"]> {
    const [before, regionBefore, serviceBefore] = this.#madeFor ?? [];
    if (
      this.#signer !== undefined &&
      before === credentials &&
      regionBefore === region &&
      serviceBefore === service
    )
      return this.#signer;
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    this.#signer = new SignatureV4({
      credentials: {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      },
      region,
      service,
      sha256: Sha256,
      uriEscapePath: false,
    });
    this.#madeFor = [credentials, region, service];
    return this.#signer;
  }
}
