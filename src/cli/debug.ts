import type { Context } from "../context.js";
import { concealed } from "../output/concealed.js";
import { printable } from "../output/printable.js";

/** The same context with `--debug`: each step on stderr with the milliseconds since the start. */
export function withDebug(context: Context): Context {
  const start = context.now();
  const debug = (step: string) =>
    void context.stderr.write(
      `fetch-creds: debug: +${String(Math.round(context.now() - start)).padStart(4)} ms  ${printable(concealed(step))}\n`,
    );
  // Not a copy: reading the streams would open them.
  return Object.create(context, {
    debug: { value: debug, enumerable: true },
    debugging: { value: true, enumerable: true },
  });
}
