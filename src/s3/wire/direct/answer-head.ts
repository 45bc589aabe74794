import type { AnswerHead } from "../exchange.js";

export interface ParsedHead extends AnswerHead {
  /** The body's length in bytes; undefined: it is chunked (RFC 9112, 6.3). */
  readonly length: number | undefined;
  /** Another request may follow on the connection. */
  readonly keepAlive: boolean;
}

const STATUS_LINE = /^HTTP\/1\.1 ([2-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

/**
 * Reads an answer's head, strictly.
 *
 * @param text from the status line up to, but without, the empty line; one character a byte
 * @returns undefined for anything but a plain HTTP/1.1 answer with one certain length: another reader must judge it
 */
export function parseHead(text: string): ParsedHead | undefined {
  const lines = text.split("\r\n");
  const status = Number(lines[0]?.match(STATUS_LINE)?.[1]);
  if (Number.isNaN(status) || status === 204 || status === 304) return undefined;
  const headers: Record<string, string> = Object.create(null);
  for (let index = 1; index < lines.length; index++) {
    const field = FIELD.exec(lines[index] ?? "");
    if (field === null) return undefined;
    const name = (field[1] ?? "").toLowerCase();
    const value = field[2] ?? "";
    // Repeated lengths would end up as "5,5", which is none.
    headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  const { "content-length": length, "transfer-encoding": encoding, connection = "" } = headers;
  const isFramed =
    encoding === undefined
      ? /^\d{1,15}$/.test(length ?? "")
      : length === undefined && /^chunked$/i.test(encoding);
  if (!isFramed) return undefined;
  return {
    status,
    headers: { ...headers },
    length: length === undefined ? undefined : Number(length),
    keepAlive: !/\bclose\b/i.test(connection),
  };
}

/**
 * Takes the chunks out of a chunked body (RFC 9112, 7.1) that has come as a whole or in part.
 *
 * @returns the body when it is complete and nothing follows it; "more" when it is not; undefined when it is malformed,
 *   or has trailers
 */
export function decodeChunked(raw: Buffer): Buffer | "more" | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = raw.indexOf("\r\n", at);
    if (end < 0) return raw.length - at > 256 ? undefined : "more";
    const line = raw.toString("latin1", at, end);
    if (!/^[0-9a-f]{1,8}$/i.test(line)) return undefined;
    const size = Number.parseInt(line, 16);
    const data = end + 2;
    if (raw.length < data + size + 2) return "more";
    if (raw.toString("latin1", data + size, data + size + 2) !== "\r\n") return undefined;
    if (size === 0) return raw.length === data + 2 ? Buffer.concat(chunks) : undefined;
    chunks.push(raw.subarray(data, data + size));
    at = data + size + 2;
  }
}
