/** One element of a pattern: a character, `?`, `*`, or a set. */
type Element =
  | { readonly kind: "character"; readonly code: number }
  | { readonly kind: "any" }
  | { readonly kind: "star" }
  | {
      readonly kind: "set";
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    };

export interface FileNamePattern {
  matches(text: string): boolean;
  /** Whether some text that begins with `prefix` and goes on after it may match. Never false when one does. */
  mayMatchBelow(prefix: string): boolean;
  /** Whether every text that begins with `prefix` and goes on after it matches. Never true when one does not. */
  matchesAllBelow(prefix: string): boolean;
}

const code = (character: string): number => character.codePointAt(0) ?? 0;

/** Where a set that begins at `start` (after its `[`) ends, as Python's fnmatch finds it; -1 when it never does. */
function endOfSet(characters: readonly string[], start: number): number {
  let index = start;
  if (characters[index] === "!") index++;
  // A `]` that stands first is a member.
  if (characters[index] === "]") index++;
  return characters.indexOf("]", index);
}

function parseSet(members: readonly string[]): Element {
  const negated = members[0] === "!";
  const ranges: [number, number][] = [];
  for (let index = negated ? 1 : 0; index < members.length; index++) {
    const first = code(members[index] ?? "");
    const last = members[index + 2];
    if (members[index + 1] === "-" && last !== undefined) {
      ranges.push([first, code(last)]);
      index += 2;
    } else {
      ranges.push([first, first]);
    }
  }
  return { kind: "set", negated, ranges };
}

function parsePattern(pattern: string): Element[] {
  const characters = [...pattern];
  const elements: Element[] = [];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? "";
    const end = character === "[" ? endOfSet(characters, index + 1) : -1;
    if (end >= 0) {
      elements.push(parseSet(characters.slice(index + 1, end)));
      index = end;
    } else if (character === "*") {
      if (elements.at(-1)?.kind !== "star") elements.push({ kind: "star" });
    } else if (character === "?") {
      elements.push({ kind: "any" });
    } else {
      elements.push({ kind: "character", code: code(character) });
    }
  }
  return elements;
}

function accepts(element: Element, point: number): boolean {
  if (element.kind === "character") return element.code === point;
  if (element.kind !== "set") return element.kind === "any";
  return element.ranges.some(([first, last]) => first <= point && point <= last) !== element.negated;
}

/** Goes back to the last star only: length times length at worst, never more. */
function matches(elements: readonly Element[], points: readonly number[]): boolean {
  let element = 0;
  let point = 0;
  let star = -1;
  let starPoint = 0;
  while (point < points.length) {
    const current = elements[element];
    if (current?.kind === "star") {
      star = element++;
      starPoint = point;
    } else if (current !== undefined && accepts(current, points[point] ?? 0)) {
      element++;
      point++;
    } else if (star >= 0) {
      element = star + 1;
      point = ++starPoint;
    } else {
      return false;
    }
  }
  while (elements[element]?.kind === "star") element++;
  return element === elements.length;
}

/** Every element that may stand next after `points` have been matched. */
function reached(elements: readonly Element[], points: readonly number[]): Set<number> {
  let states = withoutStars(elements, [0]);
  for (const point of points) {
    const next: number[] = [];
    for (const state of states) {
      const element = elements[state];
      if (element?.kind === "star") next.push(state);
      else if (element !== undefined && accepts(element, point)) next.push(state + 1);
    }
    states = withoutStars(elements, next);
  }
  return states;
}

/** The states, and what follows them when their stars take nothing. */
function withoutStars(elements: readonly Element[], states: readonly number[]): Set<number> {
  const all = new Set<number>();
  for (let state of states) {
    while (!all.has(state)) {
      all.add(state);
      if (elements[state]?.kind === "star") state++;
    }
  }
  return all;
}

/** Whether what is left of a pattern takes any text but, perhaps, the empty one. */
function takesAnything(elements: readonly Element[], state: number): boolean {
  const kinds = elements.slice(state).map(({ kind }) => kind);
  return /^(star|any star|star any)$/.test(kinds.join(" "));
}

/**
 * Compiles a pattern as Python's `fnmatch.fnmatchcase` reads it, which is what the AWS CLI's filters use: `*` and `?`
 * take any character, `/` and newline too; `[abc]`, `[a-z]`, `[!x]`; a `[` without its `]` is itself; there is no
 * escaping.
 */
export function fileNamePattern(pattern: string): FileNamePattern {
  const elements = parsePattern(pattern);
  const plain = !/[*?[]/.test(pattern);
  const statesAfter = (prefix: string) => [...reached(elements, Array.from(prefix, code))];
  return {
    matches: (text) =>
      plain ? text === pattern : pattern === "*" || matches(elements, Array.from(text, code)),
    mayMatchBelow: (prefix) => statesAfter(prefix).some((state) => state < elements.length),
    matchesAllBelow: (prefix) => statesAfter(prefix).some((state) => takesAnything(elements, state)),
  };
}

/** Compiles a wildcard of a source URI: only `*` and `?` are special there, as for s5cmd. */
export function wildcardPattern(pattern: string): (text: string) => boolean {
  return fileNamePattern(pattern.replaceAll("[", "[[]")).matches;
}
