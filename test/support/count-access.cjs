// Preloaded with `node -r`: writes how often fs.accessSync was called to the file COUNT_ACCESS names.
const fs = require("node:fs");

const { accessSync } = fs;
let calls = 0;
fs.accessSync = (...args) => {
  calls++;
  return accessSync(...args);
};
process.on("exit", () => fs.writeFileSync(process.env.COUNT_ACCESS, String(calls)));
