import type { Environment, Output } from "../context.js";

/**
 * Whether to colour what goes to a stream: only on a terminal, unless FORCE_COLOR says otherwise; NO_COLOR
 * (https://no-color.org) and TERM=dumb turn it off. FORCE_COLOR wins, as in Node itself.
 */
export function wantsColor(stream: Output, env: Environment): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.NO_COLOR || env.TERM === "dumb") return false;
  return stream.isTTY === true;
}

const SGR = { red: 31, dim: 2, bold: 1, green: 32, yellow: 33 } as const;

/** A function that colours a text for this stream, or leaves it as it is. */
export function painter(stream: Output, env: Environment): (style: keyof typeof SGR, text: string) => string {
  return wantsColor(stream, env)
    ? (style, text) => `\u001b[${SGR[style]}m${text}\u001b[0m`
    : (_, text) => text;
}
