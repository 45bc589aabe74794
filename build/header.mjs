/**
 * What stands above the bundle, in ECMAScript 5. An old Node is told which version it needs before it meets anything it
 * does not know. `require` is missing when the nearest package.json says `"type": "module"`; the file must run under all
 * three kinds. An `eval "$(… export)"` must fail there as everywhere else.
 */
export const HEADER = `#!/usr/bin/env node
var fetchCredsNode = process.versions.node.split(".");
if (+fetchCredsNode[0] < 20 || (+fetchCredsNode[0] === 20 && +fetchCredsNode[1] < 19)) {
  if (/^export( |$)/.test(process.argv.slice(2).join(" ")) && !/ --format[ =](process|ini|windows-cmd|env-no-export|powershell)/.test(process.argv.join(" "))) console.log("false");
  console.error("fetch-creds: needs Node.js 20.19 or newer, this is " + process.version);
  process.exit(255);
}
var require = typeof require === "function" ? require : process.getBuiltinModule("module").createRequire("file:///");`;
