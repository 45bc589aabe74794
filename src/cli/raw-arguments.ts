import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { notUtf8 } from "./failures.js";

/** The arguments of this process as bytes; undefined where the system does not tell. */
function rawArguments(count: number): Buffer[] | undefined {
  try {
    const line = readFileSync("/proc/self/cmdline");
    const words: Buffer[] = [];
    for (let at = 0, end = line.indexOf(0); end >= 0; at = end + 1, end = line.indexOf(0, at))
      words.push(line.subarray(at, end));
    return words.length > count ? words.slice(words.length - count) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Node puts U+FFFD for bytes that are no UTF-8, and another file or key would be taken for the one that was named.
 *
 * @param args of the program, without Node's
 * @param own how many of them are ours; the others are a command's, which gets them as Node has them (docs/exec.md)
 * @throws Failure
 */
export function checkUtf8(args: readonly string[], own: number): void {
  const raw = rawArguments(args.length)?.slice(0, own) ?? [];
  const at = raw.findIndex((bytes) => !isUtf8(bytes));
  if (at >= 0) throw notUtf8(args[at] ?? "");
}
