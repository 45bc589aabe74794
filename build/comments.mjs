import { parse } from "acorn";

/**
 * The code without comments, but for the lines that tell where it is from (`//!`). esbuild keeps some comments and drops
 * others; whoever wants to read them has the source.
 *
 * @param {string} code as esbuild writes it
 */
export function withoutComments(code) {
  const comments = [];
  parse(code, { ecmaVersion: "latest", sourceType: "module", onComment: comments });
  const dropped = comments.filter(({ value }) => !value.startsWith("!"));
  const kept = dropped.map(({ end }, index) => code.slice(end, dropped[index + 1]?.start));
  const [first] = dropped;
  const rest = [code.slice(0, first?.start), ...kept].join(MARK);
  return rest.replaceAll(ALONE, "").replaceAll(MARK, "");
}

/** Where a comment was. No code of ours holds it: esbuild escapes it. */
const MARK = "\0";
const ALONE = /^[ \t]*\0[ \t]*\n/gm;
