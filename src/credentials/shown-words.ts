import { concealed } from "../output/concealed.js";
import { printable } from "../output/printable.js";

/** Longer than any message of a real endpoint. */
const LIMIT = 200;

/** A server's words as the end of our line: printable, without secrets that it may have echoed, cut to a length. */
export function shownWords(...words: readonly (string | undefined)[]): string {
  const whole = words.filter((word) => word !== undefined).join(": ");
  const shown = printable(concealed(whole));
  return shown.length > LIMIT ? `${shown.slice(0, LIMIT)}…` : shown;
}
