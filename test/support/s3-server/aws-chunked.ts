import { S3Error } from "./s3-error.js";
import { hmac, sha256, type VerifiedSignature } from "./signature.js";

/** A body out of its aws-chunked coat. */
export interface DecodedBody {
  readonly data: Buffer;
  /** Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

const malformed = () =>
  new S3Error(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed.");

const mismatch = () =>
  new S3Error(
    403,
    "SignatureDoesNotMatch",
    "The chunk signature we calculated does not match the one you provided.",
  );

const EMPTY = sha256("");

/** Checks the chain of chunk signatures; without keys (unsigned chunks) it has nothing to say. */
class SignatureChain {
  readonly #verified: VerifiedSignature | undefined;
  #previous: string;

  constructor(verified: VerifiedSignature | undefined) {
    this.#verified = verified;
    this.#previous = verified?.signature ?? "";
  }

  #next(kind: string, hashes: readonly string[], signature: string | undefined): void {
    if (this.#verified === undefined) return;
    const { date, scope, signingKey } = this.#verified;
    const text = [kind, date, scope, this.#previous, ...hashes].join("\n");
    if (hmac(signingKey, text).toString("hex") !== signature) throw mismatch();
    this.#previous = signature;
  }

  chunk(data: Buffer, signature: string | undefined): void {
    this.#next("AWS4-HMAC-SHA256-PAYLOAD", [EMPTY, sha256(data)], signature);
  }

  trailer(text: string, signature: string | undefined): void {
    this.#next("AWS4-HMAC-SHA256-TRAILER", [sha256(text)], signature);
  }
}

function readTrailers(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines
      .filter((line) => line !== "")
      .map((line) => {
        const at = line.indexOf(":");
        if (at < 0) throw malformed();
        return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
      }),
  );
}

/**
 * Takes off the coat of `STREAMING-…` payloads: `SIZE[;chunk-signature=…]CRLF DATA CRLF … 0 CRLF trailers`.
 * Source: "Signature calculations: chunked upload", Amazon S3 API Reference.
 *
 * @param verified with the chunks' signatures to check; undefined for STREAMING-UNSIGNED-PAYLOAD-TRAILER
 */
export function decodeAwsChunked(body: Buffer, verified: VerifiedSignature | undefined): DecodedBody {
  const chain = new SignatureChain(verified);
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf("\r\n", at);
    if (end < 0) throw new S3Error(400, "IncompleteBody", "The request body terminated unexpectedly.");
    const [, hex, signature] =
      /^([0-9a-f]+)(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(body.toString("latin1", at, end)) ?? [];
    if (hex === undefined) throw malformed();
    const size = Number.parseInt(hex, 16);
    const data = body.subarray(end + 2, end + 2 + size);
    if (data.length < size) {
      throw new S3Error(400, "IncompleteBody", "The request body terminated unexpectedly.");
    }
    chain.chunk(data, signature);
    at = end + 2 + size;
    if (size === 0) break;
    if (body.toString("latin1", at, at + 2) !== "\r\n") throw malformed();
    chunks.push(data);
    at += 2;
  }
  const trailers = readTrailers(body.toString("latin1", at).split("\r\n"));
  const { "x-amz-trailer-signature": signature, ...named } = trailers;
  if (Object.keys(named).length > 0) {
    chain.trailer(
      Object.entries(named)
        .map(([name, value]) => `${name}:${value}\n`)
        .join(""),
      signature,
    );
  }
  return { data: Buffer.concat(chunks), trailers: named };
}
