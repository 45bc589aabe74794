import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file that is tested in place of dist/fetch-creds.js, and must not pass. */
export interface Product {
  readonly name: string;
  readonly text: string;
  /** Works but for some runs, so that only the tests of these runs have to fail. */
  readonly fails?: "some";
}

/** Runs in a thousand that exit 1, and as many that exit 0, without having done anything. */
const STRUCK_PER_MILLE = 30;

function allWords(): string {
  const pages = readdirSync("docs", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  return ["README.md", ...pages.map((name) => join("docs", name))]
    .map((page) => readFileSync(page, "utf8"))
    .join("\n");
}

/** Prints the help and every message, in the way of a run with this exit code; opens no socket and writes no file. */
function wordsProduct(code: number): Product {
  const words = JSON.stringify(allWords());
  const stdout = code === 0 ? "process.stdout.write(words);" : "";
  return {
    name: `words-${code}`,
    text: `var words = ${words};\n${stdout}\nprocess.stderr.write(words);\nprocess.exitCode = ${code};\n`,
  };
}

/**
 * The real file, whose runs fail at random: which ones follows from the seed and the number of runs before. A run that is struck adds
 * a line of JSON to `log`: its time, exit code and arguments.
 */
function failingProduct(seed: number, log: string): Product {
  const [first, ...rest] = readFileSync("dist/fetch-creds.js", "utf8").split("\n");
  const strike = `(function () {
  var fs = process.getBuiltinModule ? process.getBuiltinModule("fs") : require("fs");
  var count;
  try {
    fs.appendFileSync(${JSON.stringify(`${log}.count`)}, ".");
    count = fs.statSync(${JSON.stringify(`${log}.count`)}).size;
  } catch (_) {
    count = process.pid;
  }
  var drawn = (Math.imul((${seed} * 65536) ^ count, 2654435761) >>> 8) % 1000;
  if (drawn >= ${2 * STRUCK_PER_MILLE}) return;
  var code = drawn < ${STRUCK_PER_MILLE} ? 0 : 1;
  var line = JSON.stringify({ at: Date.now(), code: code, args: process.argv.slice(2) });
  try {
    fs.appendFileSync(${JSON.stringify(log)}, line + "\\n");
  } catch (_) {}
  process.exit(code);
})();`;
  return { name: "random", text: [first, strike, ...rest].join("\n"), fails: "some" };
}

/** @param log where the product that fails at random says which of its runs did */
export function products(seed: number, log: string): Product[] {
  return [
    { name: "empty", text: "" },
    ...[0, 1, 252, 253, 254, 255].map(wordsProduct),
    failingProduct(seed, log),
  ];
}

/** Writes the product to `folder`, with what lies beside the built file. @returns the file's path */
export function writeProduct({ text }: Product, folder: string): string {
  cpSync("dist", folder, { recursive: true });
  const file = join(folder, "fetch-creds.js");
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}
