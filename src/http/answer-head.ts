import type { AnswerHead } from "./answer.js";

export interface ParsedHead extends AnswerHead {
  /** The body's length in bytes; undefined: it is chunked (RFC 9112, 6.3). */
  readonly length: number | undefined;
  /** Another request may follow on the connection. */
  readonly keepAlive: boolean;
}

const STATUS_LINE = /^HTTP\/1\.1 ([2-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** A token (RFC 9110, 5.6.2), but nothing that an object of JavaScript has already. */
const NAME = /^(?!__proto__$)[!#$%&'*+.^_`|~0-9a-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** text[from, to) without blanks around it: of bytes, so that only those of HTTP are taken off. */
function withoutBlanks(text: string, from: number, to: number): string {
  let [start, end] = [from, to];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** undefined when a line is none of name, colon and value. */
function fields(text: string, from: number): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (let at = from; ; ) {
    const next = text.indexOf("\r\n", at);
    const end = next < 0 ? text.length : next;
    const colon = text.indexOf(":", at);
    if (colon < 0 || colon > end) return undefined;
    const name = text.slice(at, colon).toLowerCase();
    const value = withoutBlanks(text, colon + 1, end);
    if (!NAME.test(name) || !VALUE.test(value)) return undefined;
    // Repeated lengths would end up as "5,5", which is none.
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
    if (next < 0) return headers;
    at = end + 2;
  }
}

/**
 * Reads an answer's head, strictly.
 *
 * @param text from the status line up to, but without, the empty line; one character a byte
 * @returns undefined for anything but a plain HTTP/1.1 answer with one certain length: another reader must judge it
 */
export function parseHead(text: string): ParsedHead | undefined {
  const lineEnd = text.indexOf("\r\n");
  const statusLine = lineEnd < 0 ? text : text.slice(0, lineEnd);
  const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
  if (Number.isNaN(status) || status === 304) return undefined;
  const headers = fields(text, statusLine.length + 2);
  if (headers === undefined) return undefined;
  const { "transfer-encoding": encoding, connection = "" } = headers;
  // "No Content" means it (RFC 9112, 6.3).
  const length = headers["content-length"] ?? (status === 204 ? "0" : undefined);
  const isFramed =
    encoding === undefined
      ? /^\d{1,15}$/.test(length ?? "")
      : length === undefined && /^chunked$/i.test(encoding);
  if (!isFramed || (status === 204 && length !== "0")) return undefined;
  return {
    status,
    headers,
    length: length === undefined ? undefined : Number(length),
    keepAlive: connection === "keep-alive" || !/\bclose\b/i.test(connection),
  };
}
