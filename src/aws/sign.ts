import { createHmac, hash } from "node:crypto";
import type { Credentials } from "../credentials/credentials.js";
import { headerBytes } from "../http/header-bytes.js";

/** The parts of a request that its signature covers. */
export interface Signable {
  readonly method: string;
  /** As the service canonicalizes it: for S3 the path that is sent, encoded once. */
  readonly path: string;
  /** Canonical: encoded, sorted, without the question mark. */
  readonly query: string;
  /**
   * Names in lower case, `host` and `x-amz-content-sha256` among them; values of one character a byte. The signature's own
   * are added.
   */
  readonly headers: Record<string, string>;
}

/** Where a signature holds. */
export interface Scope {
  readonly region: string;
  /** As it is signed: `s3`, `s3-outposts`, `sts`. */
  readonly service: string;
}

/** Proxies may rewrite it, and S3 stores what arrives: the AWS SDKs leave it unsigned as well. */
const UNSIGNED = "cache-control";

interface SigningKey {
  readonly credentials: Credentials;
  /** `20261231/eu-west-1/s3/aws4_request` */
  readonly scope: string;
  /** The first block of each of HMAC's two hashes (RFC 2104): the key, with one bit pattern or the other. */
  readonly inner: Buffer;
  readonly outer: Buffer;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function signingKey(credentials: Credentials, scope: string): SigningKey {
  const secret: string | Buffer = `AWS4${credentials.secretAccessKey}`;
  const key = scope.split("/").reduce<string | Buffer>(hmac, secret) as Buffer;
  return { credentials, scope, inner: block(key, 0x36), outer: block(key, 0x5c) };
}

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

function block(key: Buffer, pattern: number): Buffer {
  return Buffer.alloc(BLOCK, key)
    .fill(0, key.length)
    .map((byte) => byte ^ pattern) as Buffer;
}

/** HMAC-SHA256 in hex, by two hashes at once: an Hmac object of node:crypto costs four times as much to make. */
function sealed({ inner, outer }: SigningKey, text: string): string {
  const digest = hash("sha256", Buffer.concat([inner, Buffer.from(text)]), "buffer");
  return hash("sha256", Buffer.concat([outer, digest]), "hex");
}

/** Outer blanks gone, inner ones single. Of bytes: what JavaScript trims besides blanks may be a part of a character. */
function canonicalValue(value: string): string {
  return /^ | $|\t| {2}/.test(value) ? value.replace(/[ \t]+/g, " ").replace(/^ | $/g, "") : value;
}

/**
 * Signs requests with Signature Version 4 (AWS's "Create a signed AWS API request"). Ours, and synchronous, because of
 * the many small objects: in a real run the library's five promises, copies and digests a request cost more than the
 * request. The tests compare every signature with that of the library.
 */
export class Signer {
  #key: SigningKey | undefined;
  /** Seconds since the epoch, and their text. */
  #second = Number.NaN;
  #longDate = "";

  /**
   * Adds `x-amz-date`, `x-amz-security-token` and `authorization` to the request's headers.
   *
   * @param now what the server's clock shows, ms since the epoch
   */
  sign(
    { method, path, query, headers }: Signable,
    scope: Scope,
    credentials: Credentials,
    now: number,
  ): void {
    const date = this.#dateOf(now);
    headers["x-amz-date"] = date;
    if (credentials.sessionToken !== undefined)
      headers["x-amz-security-token"] = headerBytes("x-amz-security-token", credentials.sessionToken);
    const names = Object.keys(headers)
      .filter((name) => name !== UNSIGNED)
      .sort();
    let canonical = `${method}\n${path}\n${query}\n`;
    for (const name of names) canonical += `${name}:${canonicalValue(headers[name] ?? "")}\n`;
    const signed = names.join(";");
    canonical += `\n${signed}\n${headers["x-amz-content-sha256"]}`;
    const key = this.#keyFor(credentials, date.slice(0, 8), scope);
    const credentialScope = key.scope;
    const digest = hash("sha256", Buffer.from(canonical, "latin1"), "hex");
    const text = `AWS4-HMAC-SHA256\n${date}\n${credentialScope}\n${digest}`;
    const signature = sealed(key, text);
    const id = headerBytes("authorization", credentials.accessKeyId);
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${id}/${credentialScope}, SignedHeaders=${signed}, Signature=${signature}`;
  }

  /** `20261231T235959Z` */
  #dateOf(now: number): string {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#longDate = new Date(second * 1000).toISOString().replace(/[-:]|\.000/g, "");
      this.#second = second;
    }
    return this.#longDate;
  }

  /** Derived once a day, for each set of keys. */
  #keyFor(credentials: Credentials, day: string, { region, service }: Scope): SigningKey {
    const scope = `${day}/${region}/${service}/aws4_request`;
    if (this.#key?.credentials !== credentials || this.#key.scope !== scope)
      this.#key = signingKey(credentials, scope);
    return this.#key;
  }
}
