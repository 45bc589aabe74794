import { resolve } from "node:path";
import { build } from "esbuild";

/** What each format prints on failure, so that evaluating it fails (src/formats). */
async function failureLines() {
  const { outputFiles } = await build({
    entryPoints: [resolve(import.meta.dirname, "../src/formats/formats.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const { FORMATS } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`
  );
  return Object.fromEntries(FORMATS.map(({ name, failureLine }) => [name, failureLine ?? ""]));
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
  (function (lines, words, format) {
    if ((/^[^-]/.test(words[0]) ? words.slice(0, 1) : words).indexOf("export") < 0) return;
    words = "\\n" + words.join("\\n") + "\\n";
    if (/\\n--output[=\\n](?!(-|\\/dev\\/stdout)\\n)/.test(words)) return;
    format = (/[^]*\\n--format[=\\n]([^\\n]*)\\n/.exec(words) || [])[1];
    format = lines.hasOwnProperty(format) ? lines[format] : lines.env;
    if (format) console.log(format);
  })(${JSON.stringify(await failureLines())}, process.argv.slice(2).join("\\n").split("\\n--\\n")[0].split("\\n"));
  console.error("fetch-creds: needs Node.js 20.19 or newer, this is " + process.version);
  process.exit(255);
}
var require = typeof require === "function" ? require : process.getBuiltinModule("module").createRequire("file:///");`;
