import { parse } from "acorn";
import { transform } from "esbuild";

/**
 * A module as esbuild writes one, with its imports first and one list of exports at the end, as CommonJS. esbuild's own
 * way would put the same 30 lines of helpers into each part. What is exported must never change: nothing of ours does.
 *
 * @param {string} code an ES module without default imports
 */
export function asCommonJs(code) {
  return edited(code, { ...LATE_EDITS, ImportDeclaration: importedAtOnce });
}

/**
 * The same, but what is imported is looked up where it is used (`sign_.signature`), so that the module it comes from is
 * loaded when it is first used. Names stay, and a line for each statement, so that a stack trace says where; the other
 * white space goes, which whoever compiles the module would have to scan.
 *
 * @param {string} code an ES module without default imports
 * @returns {Promise<string>}
 */
export async function asLateModule(code) {
  const { code: late } = await transform(edited(code, LATE_EDITS), {
    format: "cjs",
    platform: "node",
    charset: "ascii",
    minifyWhitespace: true,
    // It takes `exports` for a slip, for it has not seen what the edits leave in.
    logLevel: "error",
  });
  const named = late
    .replace(/^"use strict";/, "")
    .replaceAll(
      /(\w?)\(0,\s*(import_\w+\.\w+)\)\(/g,
      (_, before, name) => `${before}${before && " "}${name}(`,
    )
    .replaceAll(/\bimport_(\w+)\b/g, "$1_");
  return inLines(named);
}

/** Each statement begins a line, and so does each member of a class and of a long list. */
function inLines(code) {
  const starts = new Set(lineStartsIn(parse(code, { ecmaVersion: "latest", sourceType: "script" })));
  const sorted = [...starts].sort((a, b) => a - b);
  const lines = sorted.map((start, index) => code.slice(start, sorted[index + 1]));
  return [code.slice(0, sorted[0]), ...lines].filter((line) => line !== "").join("\n");
}

function lineStartsIn(node) {
  const inner = Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === "string");
  const own = beginsLines(node) ? membersOf(node).map(({ start }) => start) : [];
  return [...own, ...inner.flatMap(lineStartsIn)];
}

const LONG_LIST = 200;

const beginsLines = ({ type, start, end }) =>
  ["Program", "BlockStatement", "ClassBody"].includes(type) ||
  (["ArrayExpression", "ObjectExpression"].includes(type) && end - start > LONG_LIST);

const membersOf = ({ body, elements, properties }) => body ?? elements ?? properties;

/**
 * What a module imports by name.
 *
 * @returns {{from: string, name: string}[]}
 */
export function importsIn(code) {
  return parsed(code)
    .body.filter(({ type }) => type === "ImportDeclaration")
    .flatMap(({ source, specifiers }) =>
      specifiers.map(({ imported }) => ({ from: source.value, name: imported.name })),
    );
}

const parsed = (code) => parse(code, { ecmaVersion: "latest", sourceType: "module" });

function edited(code, makers) {
  const program = parsed(code);
  const imported = importedNames(program);
  let [text, end] = ["", 0];
  for (const edit of editsIn(program, makers, imported).sort((a, b) => a.start - b.start)) {
    text += code.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return text + code.slice(end);
}

function importedNames({ body }) {
  const imports = body.filter(({ type }) => type === "ImportDeclaration");
  return new Set(imports.flatMap(({ specifiers }) => specifiers.map(({ local }) => local.name)));
}

/** @returns {{start: number, end: number, text: string}[]} what takes the place of each import and export */
function editsIn(node, makers, imported) {
  const make = makers[node.type];
  if (make !== undefined) return [{ start: node.start, end: node.end, text: make(node, imported) }];
  const inner = Object.values(node).flat();
  return inner
    .filter((child) => typeof child?.type === "string")
    .flatMap((child) => editsIn(child, makers, imported));
}

const importedAtOnce = ({ specifiers, source }) =>
  specifiers.length === 0
    ? `require(${source.raw});`
    : `const { ${listed(specifiers, "imported", "local")} } = require(${source.raw});`;

const LATE_EDITS = {
  ImportExpression: ({ source }) => `Promise.resolve().then(() => require(${source.raw}))`,
  ExportNamedDeclaration: ({ specifiers }, imported) => {
    const own = specifiers.filter(({ local }) => !imported.has(local.name));
    const passedOn = specifiers.filter(({ local }) => imported.has(local.name));
    return [
      ...(own.length > 0 ? [`Object.assign(exports, { ${listed(own, "exported", "local")} });`] : []),
      // Only who reads it loads the module that it comes from.
      ...passedOn.map(
        ({ exported, local }) =>
          `Object.defineProperty(exports, "${exported.name}", { get: () => ${local.name} });`,
      ),
    ].join("\n");
  },
};

/** `a, b: c` */
const listed = (specifiers, outside, inside) =>
  specifiers
    .map((each) => [each[outside].name, each[inside].name])
    .map(([outer, inner]) => (outer === inner ? inner : `${outer}: ${inner}`))
    .join(", ");
