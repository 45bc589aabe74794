/**
 * The code around the main side. Node 12 can parse it as well, to be told by the header that it is too old.
 *
 * @param {{path: string, code: string}[]} modules ours that are compiled late, as CommonJS
 * @param {{name: string, code: string}[]} libraries CommonJS modules
 * @returns {{before: string, after: string}} what stands before the main side, and the parts, which stand behind it
 */
export function loader(modules, libraries) {
  const table = libraries.map(({ name }) => `  ${name}: { carrier: ${name} },`);
  return {
    before: `
// First comes the code that every run needs. Behind it stands what only some runs need, each kind in the comment of a
// function that is never called, because Node skips comments quickly: our other modules, with a line for each statement and
// no other white space, and a library, minified. requirePart compiles a module when it is first used, from the text that Node
// has read at the start; nothing is read from disk again. A line that begins with //! tells where the code below it comes
// from: a file of ours, or a file of a package, with its version. In such a comment, *@/ stands for what would end it.
var libraries = {
${table.join("\n")}
};
var offered, exported, texts;
${LOADING.join("\n")}`,
    after: [carrier("modules", modules.map(({ path, code }) => `//! ${path}\n${code.trimEnd()}`).join("\n"))]
      .concat(libraries.map(({ name, code }) => carrier(name, code)))
      .join("\n"),
  };
}

/** Stands in a part for the end of a comment, which would end the part's. */
const ESCAPED_END = "*@/";

/** The part in a comment: Node skips one of this form three times as fast as lines that each begin with `//`. */
function carrier(name, code) {
  if (code.includes(ESCAPED_END)) throw new Error(`the part ${name} holds ${ESCAPED_END}`);
  return `// The part "${name}".
function ${name}() {/*
${code.trimEnd().replaceAll("*/", ESCAPED_END)}
*/}
`;
}

/* What follows is written into the file, where the variables and `require` are. */
/* global libraries, modules, offered:writable, exported:writable, texts:writable, require */

/** Called by the main side: what it shares with the modules, by the paths under which they require it. */
function offer(shared) {
  offered = shared;
}

function requirePart(name) {
  return name.slice(0, 5) === "node:" ? require(name) : requireLater(name);
}

function requireLater(name) {
  if (exported === undefined) {
    exported = offered();
    texts = textsOfModules();
  }
  if (exported[name] === undefined) exported[name] = later(name);
  return exported[name];
}

/** What a module exports: it is loaded when something of that is first read. */
function later(name) {
  const find = texts[name] === undefined ? findElsewhere : findInModule;
  const exports = Object.create(new Proxy({}, { get: (_, key) => find(name, exports, key) }));
  return exports;
}

/** Compiles a module of ours. From then on `exports` is an object like any other. */
function findInModule(name, exports, key) {
  Object.setPrototypeOf(exports, Object.prototype);
  compile(`src/${name}.ts`, texts[name])(requireLater, {}, exports);
  return exports[key];
}

/** One export of a library or of a module of Node's: reading all of Node's would load much that nobody needs. */
function findElsewhere(name, exports, key) {
  const source = libraries[name] === undefined ? require(name) : library(name);
  Object.defineProperty(exports, key, { value: source[key] });
  return source[key];
}

function library(name) {
  const part = libraries[name];
  if (part.exports === undefined) {
    part.exports = {};
    compile(name, textIn(part.carrier))(require, part, part.exports);
  }
  return part.exports;
}

function textIn(carrier) {
  const text = String(carrier);
  return text.slice(text.indexOf("\n"), text.lastIndexOf("\n"));
}

function textsOfModules() {
  const found = {};
  for (const text of textIn(modules).split("\n//! ").slice(1)) {
    const end = text.indexOf("\n");
    found[text.slice("src/".length, end - ".ts".length)] = text.slice(end);
  }
  return found;
}

function compile(name, text) {
  const { compileFunction } = require("node:vm");
  return compileFunction(text.replaceAll("*@/", "*/"), ["require", "module", "exports"], {
    filename: `fetch-creds:${name}`,
  });
}

const LOADING = [
  offer,
  requirePart,
  requireLater,
  later,
  findInModule,
  findElsewhere,
  library,
  textIn,
  textsOfModules,
  compile,
];
