/** An element of an S3 answer: those have no attributes that matter, and text only in leaves. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Deeper than any answer of S3; what goes beyond is refused instead of growing without end. */
const MAX_DEPTH = 32;

/** Text of an element with its five entities and character references read. */
export function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  // The ETags of a listing: an ampersand that is none of an entity does not occur, so that the order is free.
  const unquoted = text.replaceAll("&quot;", '"');
  if (!unquoted.includes("&")) return unquoted;
  return unquoted.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(\w{2,4}));/gi,
    (whole, hex, decimal, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/**
 * Reads the XML that S3 answers: elements and text. Declarations, comments and doctypes are passed over (and with them
 * every entity of their own); attributes are ignored.
 *
 * @returns the root element; undefined when the text is not well-formed XML of that kind
 */
export function parseXml(text: string): XmlElement | undefined {
  const root = { name: "", text: "", children: [] as XmlElement[] };
  const open: { name: string; text: string; children: XmlElement[] }[] = [root];
  const token =
    /<(?:\?[\s\S]*?\?>|!--[\s\S]*?-->|!\[CDATA\[([\s\S]*?)\]\]>|![^>]*>|(\/?)([^\s/<>]+)[^<>]*?(\/?)>)|([^<]+)/y;
  let position = 0;
  while (position < text.length) {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match === null) return undefined;
    position = token.lastIndex;
    const [, cdata, close, name, empty, plain] = match;
    const current = open.at(-1);
    if (current === undefined) return undefined;
    if (plain !== undefined) current.text += unescapeXml(plain);
    else if (cdata !== undefined) current.text += cdata;
    else if (name === undefined) continue;
    else if (close) {
      if (open.length < 2 || current.name !== name) return undefined;
      open.pop();
    } else {
      const element = { name, text: "", children: [] };
      current.children.push(element);
      if (!empty) open.push(element);
      if (open.length > MAX_DEPTH) return undefined;
    }
  }
  return open.length === 1 && root.children.length === 1 ? root.children[0] : undefined;
}

/** The text of the first child of that name. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text;
}
