import type { ReadingRules } from "./reading-rules.js";
import type { ResponseHead } from "./response.js";
import { UnreadableResponse } from "./unreadable-response.js";

/** How the end of a body is told (RFC 9112, 6.3). */
export type Framing =
  | { readonly by: "nothing" | "chunks" | "close" }
  /** Bytes. */
  | { readonly by: "length"; readonly length: number };

export interface ParsedHead extends ResponseHead {
  readonly framing: Framing;
  /** `1` of HTTP/1.1 */
  readonly minor: string;
}

const STATUS_LINE = /^HTTP\/1\.(\d) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;
const FOLD = /\r?\n[\t ]+/g;
const LENGTH = /^(\d{1,15})$/;
/** The same length several times. */
const LENGTHS = /^(\d{1,15})(?:, ?\1)*$/;

/**
 * Takes off blanks and tabs before a value, and blanks behind it. Tabs behind it are for the lenient alone: Node's own
 * parser leaves them.
 */
function withoutBlanks(text: string, isLenient: boolean): string {
  let [start, end] = [0, text.length];
  while (text[start] === " " || text[start] === "\t") start++;
  while (text[end - 1] === " " || (isLenient && text[end - 1] === "\t")) end--;
  return text.slice(start, end);
}

function readFields(lines: readonly string[], isLenient: boolean): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, field, padded = ""] = FIELD.exec(line) || [];
    if (field === undefined) throw new UnreadableResponse("malformed", "a malformed header");
    const value = withoutBlanks(padded, isLenient);
    const name = field.toLowerCase();
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

function framing(
  { status, headers, minor }: Omit<ParsedHead, "framing">,
  bodiless: boolean,
  { isLenient }: ReadingRules,
): Framing {
  const { "transfer-encoding": coding, "content-length": length } = headers;
  if (bodiless) return { by: "nothing" };
  if (coding !== undefined) {
    if (length !== undefined) throw new UnreadableResponse("malformed", "both a length and chunks");
    if (minor === "0" || coding.toLowerCase() !== "chunked")
      throw new UnreadableResponse("malformed", "an unknown coding");
  }
  const digits = (isLenient ? LENGTHS : LENGTH).exec(length ?? "0")?.[1];
  if (digits === undefined) throw new UnreadableResponse("malformed", "an unclear length");
  if (status === 204 || status === 304) return { by: "nothing" };
  if (coding !== undefined) return { by: "chunks" };
  if (length === undefined) return { by: "close" };
  return { by: "length", length: Number(digits) };
}

/**
 * Reads the head of a response.
 *
 * @param text from the status line up to the last header, without the line's end; one character a byte
 * @param bodiless whether no body comes, whatever the head says: HEAD was asked, or CONNECT
 * @returns undefined for an interim response (1xx), which the real one follows
 * @throws UnreadableAnswer
 */
export function parseHead(text: string, bodiless: boolean, rules: ReadingRules): ParsedHead | undefined {
  const { isLenient } = rules;
  const [statusLine = "", ...lines] = isLenient ? text.replace(FOLD, " ").split(/\r?\n/) : text.split("\r\n");
  const [, minor = "", digits] = STATUS_LINE.exec(statusLine) || [];
  if (digits === undefined || (minor > "1" && !isLenient))
    throw new UnreadableResponse("malformed", "a malformed status line");
  const status = Number(digits);
  const headers = readFields(lines, isLenient);
  if (status >= 200) {
    const framed = framing({ status, headers, minor }, bodiless, rules);
    // In place of what stands there several times.
    if (framed.by === "length") headers["content-length"] = String(framed.length);
    return { status, headers, minor, framing: framed };
  }
  if (minor === "0") throw new UnreadableResponse("malformed", "an interim response of HTTP/1.0");
  // It is the last response in HTTP.
  if (status === 101) throw new UnreadableResponse("malformed", "a protocol that was not asked for");
  return undefined;
}

/** Whether another response may follow on the connection (RFC 9112, 9.3). */
export function isKept({ headers, minor, framing }: ParsedHead): boolean {
  const { connection = "" } = headers;
  if (framing.by === "close") return false;
  return minor === "0" ? /\bkeep-alive\b/i.test(connection) : !/\bclose\b/i.test(connection);
}
