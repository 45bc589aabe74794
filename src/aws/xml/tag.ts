import { unescapeXml } from "./unescape.js";

/** ASCII as XML has it; all above is taken, since no name of S3's has any. */
const NAME = /[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff-]*(?::[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff-]*)?/y;
const BLANKS = /[ \t\r\n]*/y;
const VALUE = /"([^<"]*)"|'([^<']*)'/y;

/** A start tag. */
export interface Tag {
  /** With its prefix. */
  readonly name: string;
  readonly isEmpty: boolean;
  /** Where the text goes on. */
  readonly end: number;
}

/** A name that stands at `at`, with its prefix. */
export function readName(text: string, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0];
}

function afterBlanks(text: string, at: number): number {
  BLANKS.lastIndex = at;
  BLANKS.exec(text);
  return BLANKS.lastIndex;
}

/** Passes over `="value"`; undefined when it is none. */
function afterValue(text: string, at: number): number | undefined {
  const equals = afterBlanks(text, at);
  if (text[equals] !== "=") return undefined;
  VALUE.lastIndex = afterBlanks(text, equals + 1);
  const [, double, single] = VALUE.exec(text) ?? [];
  const value = double ?? single;
  return value === undefined || unescapeXml(value) === undefined ? undefined : VALUE.lastIndex;
}

/**
 * Reads the start tag whose name stands at `start`. Its attributes must be well-formed; what they say does not matter.
 *
 * @returns undefined when it is malformed
 */
export function readTag(text: string, start: number): Tag | undefined {
  const name = readName(text, start);
  if (name === undefined) return undefined;
  let at = start + name.length;
  // As nearly all of them.
  if (text[at] === ">") return { name, isEmpty: false, end: at + 1 };
  const seen = new Set<string>();
  for (;;) {
    const next = afterBlanks(text, at);
    if (text[next] === ">") return { name, isEmpty: false, end: next + 1 };
    if (text[next] === "/")
      return text[next + 1] === ">" ? { name, isEmpty: true, end: next + 2 } : undefined;
    const attribute = next === at ? undefined : readName(text, next);
    if (attribute === undefined || seen.has(attribute)) return undefined;
    seen.add(attribute);
    const end = afterValue(text, next + attribute.length);
    if (end === undefined) return undefined;
    at = end;
  }
}
