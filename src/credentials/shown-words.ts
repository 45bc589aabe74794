import { concealed } from "../output/concealed.js";
import { printable, shortened } from "../output/printable.js";

/** A server's words as the end of our line: printable, without secrets that it may have echoed, cut to a length. */
export function shownWords(...words: readonly (string | undefined)[]): string {
  const whole = words.filter((word) => word !== undefined).join(": ");
  return shortened(printable(concealed(whole)));
}
