/**
 * `node --require THIS`: below the folder FOLDED_BELOW the file system takes names that differ in case only, or in how
 * their accents are made up, as one, as those of macOS and Windows do. No such file system can be mounted everywhere.
 */
const fs = require("node:fs");

const { readdirSync, readlinkSync } = fs;
const ROOT = process.env.FOLDED_BELOW;

const folded = (name) => name.normalize("NFC").toLowerCase().normalize("NFC");

/** The name that is there for a name that is asked for; itself when there is none. */
function nameThere(folder, name) {
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return name;
  }
  return names.includes(name) ? name : (names.find((one) => folded(one) === folded(name)) ?? name);
}

/** Through /proc/self/fd/N too, which is how the product goes through opened folders. */
function resolved(path) {
  if (typeof path !== "string") return path;
  let [whole, opened, rest] = path.match(/^(\/proc\/self\/fd\/\d+)(\/.*)?$/s) ?? [path];
  if (opened !== undefined) {
    if (rest === undefined) return path;
    const folder = readlinkSync(opened);
    if (`${folder}/`.startsWith(`${ROOT}/`)) whole = folder + rest;
  }
  if (!whole.startsWith(`${ROOT}/`)) return path;
  let there = ROOT;
  for (const name of whole.slice(ROOT.length + 1).split("/")) {
    there = name === "" || name === "." ? there : `${there}/${nameThere(there, name)}`;
  }
  return there;
}

const ONE_PATH = [
  ...["access", "chmod", "exists", "lchown", "lstat", "lutimes", "mkdir", "open", "opendir", "readdir"],
  ...["readFile", "readlink", "realpath", "rm", "rmdir", "stat", "truncate", "unlink", "utimes", "writeFile"],
];
const TWO_PATHS = ["link", "rename", "copyFile"];

for (const [names, count] of [
  [ONE_PATH, 1],
  [TWO_PATHS, 2],
]) {
  for (const [holder, suffix] of [
    [fs, ""],
    [fs, "Sync"],
    [fs.promises, ""],
  ]) {
    for (const name of names) {
      const real = holder[name + suffix];
      if (real === undefined) continue;
      holder[name + suffix] = (...given) =>
        real.call(holder, ...given.map((value, index) => (index < count ? resolved(value) : value)));
    }
  }
}
