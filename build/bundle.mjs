import { resolve } from "node:path";
import { HEADER } from "./header.mjs";
import { bundleLibraries } from "./libraries.mjs";
import { loader } from "./loader.mjs";
import { lateModules, mainSide, sidesOf } from "./source.mjs";

export const ROOT = resolve(import.meta.dirname, "..");

/** What all builds have in common. Names stay, so that the file can be read and a stack trace says where. */
const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  charset: "ascii",
  legalComments: "inline",
  logLevel: "warning",
  mainFields: ["module", "main"],
  conditions: ["module", "import"],
};

/**
 * Bundles everything into one file: the header, what every run needs, and the parts that some runs need.
 *
 * @returns {Promise<{code: string, inputs: Map<string, string[]>, sizes: Map<string, Record<string, number>>}>} the code,
 *   the source files that went into each part, and the bytes each of them costs there
 */
export async function bundle() {
  const { eager, late } = await sidesOf(OPTIONS);
  const modules = await lateModules(late, OPTIONS);
  const libraries = await bundleLibraries(OPTIONS);
  const imports = modules.flatMap((module) => module.imports);
  const main = await mainSide(eager, imports, OPTIONS);
  const { before, after } = loader(modules, libraries);
  const code = [HEADER, before, main.code, after].join("\n");
  const sizes = new Map([
    ["main", main.sizes],
    ["modules", Object.fromEntries(modules.map(({ path, size }) => [path, size]))],
    ...libraries.map((library) => [library.name, library.sizes]),
  ]);
  const inputs = new Map([...sizes].map(([name, files]) => [name, Object.keys(files).sort()]));
  return { code, inputs, sizes };
}
