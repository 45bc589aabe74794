const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** An ampersand by itself is none of XML's. */
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,10})|#x([0-9a-fA-F]{1,8}));|&/g;

/**
 * The text that stands for raw text of an element: references read, line ends made one (XML 1.0, 2.11).
 *
 * @returns undefined for an entity that nobody declared, and for a reference to no character
 */
export function unescapeXml(raw: string): string | undefined {
  // Nearly no text has either, and a listing is made of them.
  const text = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
  if (!text.includes("&")) return text;
  let isValid = true;
  const value = text.replace(REFERENCE, (_, name, decimal, hex) => {
    if (name !== undefined) return ENTITIES[name] as string;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    // S3 writes control characters of keys so, though XML 1.0 has them not.
    if (code >= 1 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff))
      return String.fromCodePoint(code);
    isValid = false;
    return "";
  });
  return isValid ? value : undefined;
}
