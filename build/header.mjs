import { resolve } from "node:path";
import { evaluate } from "./evaluate.mjs";

/** What `export` goes by when it fails: what each format prints then, and the names of standard output. */
async function exportTables() {
  const { FORMATS, STANDARD_OUTPUT } = await evaluate(
    `export { FORMATS } from "./formats/formats.ts";
    export { STANDARD_OUTPUT } from "./output/standard-output.ts";`,
    resolve(import.meta.dirname, "../src"),
  );
  const lines = Object.fromEntries(FORMATS.map(({ name, failureLine }) => [name, failureLine ?? ""]));
  return { lines, fallback: FORMATS[0].failureLine, outputs: STANDARD_OUTPUT };
}

/**
 * What stands above the bundle, in ECMAScript 5. An old Node is told which version it needs before it meets anything it
 * does not know. An `eval "$(… export)"` must fail there as everywhere else: also where options stand before the verb, whose
 * values this does not know, so that any word `export` counts then. `require` is missing when the nearest package.json says
 * `"type": "module"`; the file must run under all three kinds.
 */
export const HEADER = `#!/usr/bin/env node
var fetchCredsNode = process.versions.node.split(".");
if (+fetchCredsNode[0] < 20 || (+fetchCredsNode[0] === 20 && +fetchCredsNode[1] < 19)) {
  (function (tables, words) {
    if ((/^[^-]/.test(words[0]) ? words.slice(0, 1) : words).indexOf("export") < 0) return;
    function last(option) {
      return (new RegExp("[^]*\\n--" + option + "[=\\n]([^\\n]*)\\n").exec("\\n" + words.join("\\n") + "\\n") || [])[1];
    }
    var output = last("output"), format = last("format");
    if (output && tables.outputs.indexOf(output) < 0) return;
    var line = tables.lines.hasOwnProperty(format) ? tables.lines[format] : tables.fallback;
    if (line) console.log(line);
  })(${JSON.stringify(await exportTables())}, process.argv.slice(2).join("\\n").split("\\n--\\n")[0].split("\\n"));
  console.error("fetch-creds: needs Node.js 20.19 or newer, this is " + process.version +
    ". Run it in a stage FROM node:22-slim, and COPY --from= the files; on CodeBuild's host, choose Node with runtime-versions");
  process.exit(255);
}
var require = typeof require === "function" ? require : process.getBuiltinModule("module").createRequire("file:///");`;
