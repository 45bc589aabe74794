/**
 * One character that is written as several: percent-encoded, as an escape of JSON or of a string literal, as XML has it.
 * Where each is undone as soon as it is complete, it is at the end of what has been read.
 */
const WRITTEN =
  /%([0-9a-f]{2})|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|&#x([0-9a-f]+);|&#([0-9]+);|&(amp|lt|gt|quot|apos);|\\(\\)/i;

/** Characters of the longest of these: `&#xfffff;`. Longer ones could stand for no character at all. */
const LONGEST = 9;

/** What each of these ends with. */
const LAST = /[0-9a-f;\\]/i;

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** A text without its encodings, and from where on each of its characters is written in the source. */
export interface Decoded {
  readonly text: string;
  /** Of the character at an index; of the index behind the last one, the source's length. */
  startOf(index: number): number;
}

/** What a match of WRITTEN stands for, as bytes, one a character. */
function charactersOf([, percent, byte, unicode, hex, decimal, name, backslash]: RegExpExecArray): string {
  if (backslash !== undefined) return backslash;
  if (name !== undefined) return NAMED[name.toLowerCase()] as string;
  const text = percent ?? byte;
  if (text !== undefined) return String.fromCharCode(Number.parseInt(text, 16));
  const code = decimal === undefined ? Number.parseInt((unicode ?? hex) as string, 16) : Number(decimal);
  return Buffer.from(String.fromCodePoint(code)).toString("latin1");
}

/**
 * A text with its encodings undone, wholly or in part, however often they were applied, so that two spellings of one text
 * become the same: URL-encoding (RFC 3986, and `+` for a blank), the escapes of JSON and of string literals, those of XML.
 * So do those of a text that looks like an encoding itself: what one stands for may be the beginning, or the end, of another.
 *
 * @param source  bytes, one a character
 */
export function decoded(source: string): Decoded {
  // The usual case: nothing is encoded.
  if (!/[%\\&]/.test(source)) return { text: source.replaceAll(" ", "+"), startOf: (index) => index };
  const characters: string[] = [];
  const starts: number[] = [];
  for (const [at, character] of [...source].entries()) {
    let start = at;
    let text = character;
    for (;;) {
      characters.push(...text);
      while (starts.length < characters.length) starts.push(start);
      const written = LAST.test(text) ? WRITTEN.exec(characters.slice(-LONGEST).join("")) : null;
      if (written === null) break;
      const first = characters.length - written[0].length;
      start = starts[first] as number;
      characters.length = starts.length = first;
      text = charactersOf(written);
    }
  }
  return withoutBackslashes(characters, starts, source.length);
}

/** Each layer of quoting doubles them, and puts them before what it quotes: that begins with them. */
function withoutBackslashes(
  characters: readonly string[],
  starts: readonly number[],
  length: number,
): Decoded {
  const kept = characters.flatMap((character, index) => (character === "\\" ? [] : [index]));
  return {
    text: kept
      .map((index) => characters[index])
      .join("")
      .replaceAll(" ", "+"),
    startOf(at) {
      const index = kept[at];
      if (index === undefined) return length;
      return starts[characters[index - 1] === "\\" ? index - 1 : index] as number;
    },
  };
}
