import { parse } from "acorn";

/**
 * A module as esbuild writes one, with its imports first and one list of exports at the end, as CommonJS. esbuild's own
 * way would put the same 30 lines of helpers into each part. What is exported must never change: nothing of ours does.
 *
 * @param {string} code an ES module without default imports
 */
export function asCommonJs(code) {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  let [text, end] = ["", 0];
  for (const edit of editsIn(program).sort((a, b) => a.start - b.start)) {
    text += code.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return text + code.slice(end);
}

/** @returns {{start: number, end: number, text: string}[]} what takes the place of each import and export */
function editsIn(node) {
  const make = EDITS[node.type];
  if (make !== undefined) return [{ start: node.start, end: node.end, text: make(node) }];
  const inner = Object.values(node).flat();
  return inner.filter((child) => typeof child?.type === "string").flatMap(editsIn);
}

const EDITS = {
  ImportDeclaration: ({ specifiers, source }) =>
    specifiers.length === 0
      ? `require(${source.raw});`
      : `const { ${listed(specifiers, "imported", "local")} } = require(${source.raw});`,
  ImportExpression: ({ source }) => `Promise.resolve().then(() => require(${source.raw}))`,
  ExportNamedDeclaration: ({ specifiers }) =>
    `Object.assign(exports, { ${listed(specifiers, "exported", "local")} });`,
};

/** `a, b: c` */
const listed = (specifiers, outside, inside) =>
  specifiers
    .map((each) => [each[outside].name, each[inside].name])
    .map(([outer, inner]) => (outer === inner ? inner : `${outer}: ${inner}`))
    .join(", ");
