/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so, as PowerShell 5 writes what it redirects. A UTF-8
 * mark stays.
 */
export function fileText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le", 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(evenly(bytes.subarray(2)))
      .swap16()
      .toString("utf16le");
  return bytes.toString("utf8");
}

/** Without half a character at the end. */
function evenly(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length - (bytes.length % 2));
}
