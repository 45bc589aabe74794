import { decoded } from "./decoded.js";
import { signaturesIn } from "./signatures.js";

/** Shorter ones would blank out ordinary words. */
const SHORTEST = 8;

/** Every secret that this process has met. One process serves one user: one list is enough. */
const secrets = new Set<string>();

/** What finds others. */
const finders: (() => readonly string[])[] = [];

/** Their forms, as far as they were needed: what goes well never conceals anything. */
let forms: readonly string[] | undefined;

/** A text as its bytes in UTF-8, one a character. */
const bytesOf = (text: string) => Buffer.from(text).toString("latin1");

/** The characters of the base64 of `secret` that do not depend on what stands before or after it. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const first = shift === 0 ? 0 : shift + 1;
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return text.slice(first, whole);
  });
}

/** As they stand in a decoded text: every URL-encoding and every escape is gone there. */
function formsOf(secret: string): string[] {
  const base64 = base64Forms(secret);
  const hex = Buffer.from(secret).toString("hex");
  const all = [
    decoded(bytesOf(secret)).text,
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    hex,
    hex.toUpperCase(),
  ];
  return all.filter((form) => form.length >= SHORTEST);
}

/** Remembers secrets, so that `concealed` blanks them out from now on, also in their encoded forms. */
export function learnSecrets(...learnt: readonly (string | undefined)[]): void {
  for (const secret of learnt) {
    if (secret === undefined || secret.length < SHORTEST || secrets.has(secret)) continue;
    secrets.add(secret);
    forms = undefined;
  }
}

/** The same for what takes time to find: it is looked for when something is concealed. */
export function learnLater(find: () => readonly string[]): void {
  finders.push(find);
}

/** Where a form stands in a text, first index and the one behind the last. */
function* placesOf(form: string, text: string): Generator<readonly [number, number]> {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
    yield [at, at + form.length];
}

/** What is left of `text` between the places, which may overlap, with `***` for each. */
function without(places: readonly (readonly [number, number])[], text: string): string {
  const kept: string[] = [];
  let read = 0;
  for (const [start, end] of [...places].sort(([a], [b]) => a - b)) {
    if (start >= read) kept.push(text.slice(read, start), "***");
    read = Math.max(read, end);
  }
  return kept.join("") + text.slice(read);
}

/** The text with every secret that was learnt, and what signs a presigned URL, replaced by `***`, however it is encoded. */
export function concealed(text: string): string {
  for (const find of finders.splice(0)) learnSecrets(...find());
  forms ??= [...new Set([...secrets].flatMap(formsOf))];
  const source = bytesOf(text);
  const { text: plain, startOf } = decoded(source);
  const places = [
    ...forms.flatMap((form) => [...placesOf(form, plain)]),
    ...signaturesIn(plain, (index) => source[startOf(index)] === " "),
  ].map(([start, end]) => [startOf(start), startOf(end)] as const);
  const rest = places.length === 0 ? text : Buffer.from(without(places, source), "latin1").toString();
  // As it is: what stands around one may have been decoded together with its ends.
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, secret) => left.replaceAll(secret, () => "***"), rest);
}
