// Preloaded with `node -r`: writes the name of every part that is compiled to the file NOTE_PARTS names.
const vm = require("node:vm");
const { appendFileSync } = require("node:fs");

const { compileFunction } = vm;
vm.compileFunction = (code, parameters, options) => {
  appendFileSync(process.env.NOTE_PARTS, `${options.filename}\n`);
  return compileFunction(code, parameters, options);
};
