// Preloaded with `node -r`: writes which of Node's modules a run has loaded to the file NOTE_MODULES names.
const { writeFileSync } = require("node:fs");

const before = new Set(process.moduleLoadList);
process.on("exit", () => {
  const loaded = process.moduleLoadList.filter((name) => !before.has(name));
  const own = loaded.filter((name) => /^NativeModule (?!internal\/)/.test(name));
  writeFileSync(process.env.NOTE_MODULES, own.map((name) => name.replace("NativeModule ", "")).join("\n"));
});
