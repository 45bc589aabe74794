const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** What may stand before the root element, each by how it begins and ends. */
const BEFORE_ROOT = [
  ["<?", "?>"],
  ["<!--", "-->"],
  ["<!", ">"],
] as const;

/** Longer names are none of S3's. */
const LONGEST_NAME = 256;

function afterSpace(document: Buffer, from: number): number {
  let at = from;
  for (let byte = document[at]; byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13); ) {
    byte = document[++at];
  }
  return at;
}

/**
 * The name of an XML document's root element, without a prefix. Whatever white space and comments stand before it: S3
 * keeps a connection open with white space while it works. What comes after is not looked at, as listings are megabytes.
 *
 * @returns undefined when no element begins the document
 */
export function rootName(document: Buffer): string | undefined {
  let at = document.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  for (;;) {
    at = afterSpace(document, at);
    const begin = document.toString("latin1", at, at + 4);
    const skipped = BEFORE_ROOT.find(([opening]) => begin.startsWith(opening));
    if (skipped === undefined) break;
    const end = document.indexOf(skipped[1], at);
    if (end < 0) return undefined;
    at = end + skipped[1].length;
  }
  const tag = document.toString("utf8", at, at + LONGEST_NAME);
  return /^<(?:[^\s:/<>]+:)?([^\s:/<>]+)[\s/>]/.exec(tag)?.[1];
}
