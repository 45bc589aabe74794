/**
 * What stands above the bundle, in ECMAScript 5. An old Node is told which version it needs before it meets anything it
 * does not know. `require` is missing when the nearest package.json says `"type": "module"`; the file must run under all
 * three kinds.
 */
export const HEADER = `#!/usr/bin/env node
var fetchCredsNode = process.versions.node.split(".");
if (+fetchCredsNode[0] < 20 || (+fetchCredsNode[0] === 20 && +fetchCredsNode[1] < 19)) {
  console.error("fetch-creds: needs Node.js 20.19 or newer, this is " + process.version);
  process.exit(255);
}
var require = typeof require === "function" ? require : process.getBuiltinModule("module").createRequire("file:///");`;
