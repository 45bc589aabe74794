/** `3f2504e0-4f89-11d3-9a0c-0305e82c3301` */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Hexadecimal digits, a decimal one among them, as words have none. */
const HEX = /^(?=.*[0-9])[0-9a-f]{8,}$/i;

/** What base64 is made of, plain, for URLs, or percent-encoded. */
const BASE64 = /^[A-Za-z0-9+_=%~.-]{16,}$/;

/** Names are words and numbers: `deploy-staging`, `teamApi_2024`, `2016-11-01`. */
const WORD = "(?:[A-Za-z][a-z]*(?:[A-Z][a-z]{2,})*[0-9]{0,4}|[A-Z]+[0-9]{0,4}|[0-9]{1,4})";
const WORDS = new RegExp(`^${WORD}(?:[-_.]${WORD})*$`);

/** Shorter ones blank out ordinary words, and are no secrets. */
const SHORTEST = 8;

/** Whether a part of a path or a query looks like an id or a secret, rather than the name of something. */
function looksLikeId(part: string): boolean {
  return UUID.test(part) || HEX.test(part) || (BASE64.test(part) && !WORDS.test(part));
}

/** A part of the path or the query of an endpoint's URI, and whether whoever has it, has the role. */
interface Part {
  readonly text: string;
  readonly isSecret: boolean;
}

/** The parts between `/`, `?`, `&` and `=`, each with the delimiter before it. */
export function partsOf(target: string): readonly (Part & { readonly before: string })[] {
  let previous = "";
  return (target.match(/[/?&=#]?[^/?&=#]+|[/?&=#]/g) ?? []).map((piece) => {
    const before = /^[/?&=#]/.test(piece) ? piece.charAt(0) : "";
    const text = piece.slice(before.length);
    // What follows `credentials/` is the id, whatever it looks like; so is the value of a parameter of such a name.
    const isNamed =
      before === "/" ? previous === "credentials" : before === "=" && SECRET_NAME.test(previous);
    if (text !== "") previous = text;
    const isVariable = /^["']?[$%]/.test(text) && !/^%[0-9a-f]{2}/i.test(text);
    return { before, text, isSecret: !isVariable && (isNamed || looksLikeId(text)) };
  });
}

const SECRET_NAME = /token|secret|key|id$|sig|auth|pass/i;

/** The ids and secrets in an endpoint's URI, so that no line of ours repeats one that was echoed. */
export function idsIn(uri: string): string[] {
  return partsOf(uri.replace(/^https?:\/\/[^/?#]*/i, ""))
    .filter(({ isSecret, text }) => isSecret && text.length >= SHORTEST)
    .map(({ text }) => text);
}
