/** One character that is written as several: percent-encoded, once or more often; after backslashes; as XML has it. */
const WRITTEN =
  /%(?:25)*([0-9a-f]{2})|\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([^%&]))?|&(?:#x([0-9a-f]{1,5})|#([0-9]{1,6})|(amp|lt|gt|quot|apos));/gi;

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** A text without its encodings, and from where on each of its characters is written in the source. */
export interface Decoded {
  readonly text: string;
  /** Of the character at an index; of the index behind the last one, the source's length. */
  startOf(index: number): number;
}

/** As bytes, one a character. */
function utf8(code: number): string {
  return Buffer.from(String.fromCodePoint(code)).toString("latin1");
}

/** What a match of WRITTEN stands for. A backslash is dropped: each layer of quoting doubles them. */
function characterOf([, percent, unicode, byte, escaped, hex, decimal, name]: RegExpMatchArray): string {
  if (escaped !== undefined) return escaped;
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? "";
  const text = percent ?? byte;
  if (text !== undefined) return String.fromCharCode(Number.parseInt(text, 16)).replace("\\", "");
  const code = decimal === undefined ? Number.parseInt(unicode ?? hex ?? "5c", 16) : Number(decimal);
  return utf8(code).replace("\\", "");
}

/**
 * A text with its encodings undone, wholly or in part, however often they were applied, so that two spellings of one text
 * become the same: URL-encoding (RFC 3986, and `+` for a blank), the escapes of JSON and of string literals, those of XML.
 *
 * @param source  bytes, one a character
 */
export function decoded(source: string): Decoded {
  // The usual case: nothing is encoded.
  if (!/[%\\&]/.test(source)) return { text: source.replaceAll(" ", "+"), startOf: (index) => index };
  const texts: string[] = [];
  const starts: number[] = [];
  let read = 0;
  const copyTo = (end: number) => {
    texts.push(source.slice(read, end));
    for (; read < end; read++) starts.push(read);
  };
  for (const match of source.matchAll(WRITTEN)) {
    copyTo(match.index);
    const character = characterOf(match);
    texts.push(character);
    for (let at = 0; at < character.length; at++) starts.push(read);
    read = match.index + match[0].length;
  }
  copyTo(source.length);
  const text = texts.join("").replaceAll(" ", "+");
  return { text, startOf: (index) => starts[index] ?? source.length };
}
