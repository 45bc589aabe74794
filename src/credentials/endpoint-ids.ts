/** `3f2504e0-4f89-11d3-9a0c-0305e82c3301` */
export const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const STARTS_WITH_UUID = new RegExp(`^${UUID}`, "i");

/** Hexadecimal digits, a decimal one among them, as words have none. */
const HEX = /^(?=.*[0-9])[0-9a-f]{8,}$/i;

/** What base64 is made of, plain, for URLs, or percent-encoded. */
const BASE64 = /^[A-Za-z0-9+_=%~.-]{16,}$/;

/** Names are words and numbers: `deploy-staging`, `teamApi_2024`, `2016-11-01`. */
const WORD = "(?:[A-Za-z][a-z]*(?:[A-Z][a-z]{2,})*[0-9]{0,4}|[A-Z]+[0-9]{0,4}|[0-9]{1,4})";
const WORDS = new RegExp(`^${WORD}(?:[-_.]${WORD})*$`);

/**
 * What paths of endpoints are made of besides their ids: CodeBuild's and ECS's `/v2/credentials/ID`, EKS's `/v1/credentials`,
 * Greengrass's `/2016-11-01/credentialprovider/`, CloudShell's, and those of amazon-ecs-local-container-endpoints.
 */
const KNOWN =
  /^(?:v\d\d?|\d{4}-\d\d-\d\d|latest|meta-?data|container|security-credentials|credentials?|credentialprovider|creds|roles?|role-arn)$/i;

/** Shorter ones blank out ordinary words, and are no secrets. */
const SHORTEST = 8;

/** Whether a part of a path or a query looks like an id or a secret, rather than the name of something. */
function looksLikeId(part: string): boolean {
  return STARTS_WITH_UUID.test(part) || HEX.test(part) || (BASE64.test(part) && !WORDS.test(part));
}

/** A part of the path or the query of an endpoint's URI. */
interface Part {
  /** The delimiter. */
  readonly before: string;
  readonly text: string;
  /** Whether whoever has it, has the role. */
  readonly isSecret: boolean;
  /** Whether it may be shown whole: a word that everybody knows, the name of a role, a variable that nobody replaced. */
  readonly isOpen: boolean;
}

/** Whether a part is the id by its place, whatever it looks like: what follows `credentials/`, a parameter, or the end. */
function isNamed(before: string, previous: string, isLast: boolean): boolean {
  if (before === "=") return SECRET_NAME.test(previous);
  return before === "/" && (isLast || /^credentials$/i.test(previous));
}

/** The parts between `/`, `?`, `&` and `=`. */
export function partsOf(target: string): readonly Part[] {
  let previous = "";
  // A slash at the end is no part of its own.
  const lastSlash = target
    .replace(/[?#].*/s, "")
    .replace(/(?<!\/)\/+$/, "")
    .lastIndexOf("/");
  return [...target.matchAll(/[/?&=#]?[^/?&=#]+|[/?&=#]/g)].map(({ 0: piece, index }) => {
    const before = /[/?&=#]/.test(piece) ? piece.charAt(0) : "";
    const text = piece.slice(before.length);
    const isVariable = /^["']?[$%]/.test(text) && !/^%[0-9a-f]{2}/i.test(text);
    const isRole = /^roles?$/i.test(previous) && before === "/" && WORDS.test(text);
    const isOpen = isVariable || isRole || KNOWN.test(text);
    const isSecret =
      !isVariable && (looksLikeId(text) || (!isOpen && isNamed(before, previous, index === lastSlash)));
    if (text !== "") previous = text;
    return { before, text, isSecret, isOpen: isOpen && !isSecret };
  });
}

const SECRET_NAME = /token|secret|key|id$|sig|auth|pass/i;

/** The ids and secrets in an endpoint's URI, so that no line of ours repeats one that was echoed. */
export function idsIn(uri: string): string[] {
  return partsOf(uri.replace(/^https?:\/\/[^/?#]*/i, ""))
    .filter(({ isSecret, text }) => isSecret && text.length >= SHORTEST)
    .map(({ text }) => text);
}
