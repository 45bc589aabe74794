import { resolve } from "node:path";
import { HEADER } from "./header.mjs";
import { bundleLibraries } from "./libraries.mjs";
import { loader } from "./loader.mjs";
import { lateParts, mainSide, splitSource } from "./source.mjs";

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
  const chunks = await splitSource(OPTIONS);
  const parts = [...lateParts(chunks), ...(await bundleLibraries(OPTIONS))];
  const { before, after } = loader(parts);
  const code = [HEADER, before, await mainSide(chunks, OPTIONS), after].join("\n");
  const main = Object.assign({}, ...chunks.filter(({ isLate }) => !isLate).map(({ sizes }) => sizes));
  const sizes = new Map([["main", main], ...parts.map((part) => [part.name, part.sizes])]);
  const inputs = new Map([...sizes].map(([name, files]) => [name, Object.keys(files).sort()]));
  return { code, inputs, sizes };
}
