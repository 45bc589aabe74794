/**
 * The code around the main side. Node 12 can parse it as well, to be told by the header that it is too old.
 *
 * @param {{file: string, name: string, code: string}[]} parts CommonJS modules
 * @returns {{before: string, after: string}} what stands before the main side, and the parts, which stand behind it
 */
export function loader(parts) {
  const table = parts.map(
    ({ file, name }, index) => `  "./${file}": { name: "${name}", carrier: part${index} },`,
  );
  return {
    before: `
// First comes the code that every run needs. Behind it stand the parts that only some runs need, each in the comment of a
// function that is never called, because Node skips comments quickly. requirePart compiles a part when it is first
// needed, from the text that Node has read at the start; nothing is read from disk again. A line that begins with //!
// tells where the code below it comes from: a file of ours, or a file of a package, with its version. Packages are minified.
// In a part, *@/ stands for what would end the comment.
var parts = {
${table.join("\n")}
};
var offered;
${offer}
${requirePart}`,
    after: parts.map(carrier).join("\n"),
  };
}

/** Stands in a part for the end of a comment, which would end the part's. */
const ESCAPED_END = "*@/";

/** The part in a comment: Node skips one of this form three times as fast as lines that each begin with `//`. */
function carrier({ name, code }, index) {
  if (code.includes(ESCAPED_END)) throw new Error(`the part ${name} holds ${ESCAPED_END}`);
  return `// The part "${name}".
function part${index}() {/*
${code.trimEnd().replaceAll("*/", ESCAPED_END)}
*/}
`;
}

/* What follows is written into the file, where `parts`, `offered` and `require` are. */
/* global parts, offered, require */

/** Called by the main side: what it shares with the parts, by the name under which they require it. */
function offer(modules) {
  offered = modules;
}

function requirePart(name) {
  if (name.slice(0, 2) !== "./") return require(name);
  if (parts[name] === undefined) Object.assign(parts, offered());
  const part = parts[name];
  if (part.exports === undefined) {
    part.exports = {};
    const text = String(part.carrier);
    const code = text.slice(text.indexOf("\n"), text.lastIndexOf("\n")).replaceAll("*@/", "*/");
    const { compileFunction } = require("node:vm");
    const wrapper = compileFunction(code, ["require", "module", "exports"], {
      filename: `fetch-creds:${part.name}`,
    });
    wrapper(requirePart, part, part.exports);
  }
  return part.exports;
}
