import { compileFunction } from "node:vm";
import { brotliDecompressSync } from "node:zlib";

/**
 * Compiles a part of the bundle that travels as text, so that a verb that does not need it never pays for it: V8 skips
 * over a comment, but pre-parses a function. build/embed.mjs turns each `import()` in src into a call of this.
 *
 * @param name   shown in stack traces
 * @param carrier  a function with nothing in it but a comment of one line: the CommonJS source as JSON or, when `packed`,
 *   its brotli form in base64
 * @param host   modules of the surrounding bundle that the part shares with it, by the name it requires them under
 * @returns the part's exports
 */
export function compilePart<T>(
  name: string,
  carrier: () => void,
  packed: boolean,
  host: (module: string) => unknown,
): T {
  const [, text = ""] = /\/\/(.*)/.exec(String(carrier)) ?? [];
  const source: string = packed
    ? brotliDecompressSync(Buffer.from(text, "base64")).toString()
    : JSON.parse(text);
  const module: { exports: unknown } = { exports: {} };
  compileFunction(source, ["require", "module", "exports"], { filename: `fetch-creds:${name}` })(
    host,
    module,
    module.exports,
  );
  return module.exports as T;
}
