import { unsendableHeader } from "./failures.js";

/** Most values are this: each character is its own byte. */
const PLAIN = /^[\t -~]*$/;

/** What would end a header or be obeyed by who reads it (RFC 9110, 5.5), and halves of a pair but for KEPT. */
const UNSENDABLE =
  /[\0-\x08\x0a-\x1f\x7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udc7f\udd00-\udfff]/;

/** A byte above 0x7f that was part of no UTF-8 where it came from, as Python keeps it in a text (PEP 383). */
const KEPT = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

/**
 * The one way from text to the bytes of a header: UTF-8. The signature covers what this returns, and every connection
 * writes it as it is.
 *
 * @returns one character a byte
 * @throws Failure `unsendable-header` for control characters but a tab, and for lone surrogates
 */
export function headerBytes(name: string, text: string): string {
  if (PLAIN.test(text)) return text;
  if (UNSENDABLE.test(text)) throw unsendableHeader(name);
  if (!KEPT.test(text)) return Buffer.from(text).toString("latin1");
  return text
    .split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
    .map((part, index) =>
      index % 2 === 0
        ? Buffer.from(part).toString("latin1")
        : String.fromCharCode(part.charCodeAt(0) - 0xdc00),
    )
    .join("");
}

/** The way back, for a header that is to be sent again: `headerBytes` of the text are these very bytes. */
export function headerText(bytes: string): string {
  if (PLAIN.test(bytes)) return bytes;
  const text = Buffer.from(bytes, "latin1").toString();
  if (Buffer.from(text).toString("latin1") === bytes) return text;
  // Not UTF-8, or not all of it: each byte is kept by itself.
  return bytes.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}
