import { resolve } from "node:path";
import { build } from "esbuild";
import { requireBuiltins } from "./builtins.mjs";
import { COLD_PART, callColdModules } from "./cold.mjs";
import {
  buildColdPart,
  buildParts,
  findModules,
  importParts,
  lendModules,
  lentByList,
  placeTexts,
} from "./embed.mjs";
import { HEADER } from "./header.mjs";

export const ROOT = resolve(import.meta.dirname, "..");

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  keepNames: false,
  charset: "ascii",
  legalComments: "none",
  platform: "node",
  logLevel: "warning",
  mainFields: ["module", "main"],
  conditions: ["module", "import"],
  // A compiled text has no loader of its own: `import("node:…")` becomes a `require`, which is quicker as well.
  supported: { "dynamic-import": false },
};

/** What runs: first the main side says what it lends, then src/main.ts. */
const ENTRY = { contents: 'import "lent"; import "./src/main.ts";', resolveDir: ROOT, sourcefile: "entry" };

const lentModule = (contents) => ({
  name: "lent-module",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^lent$/ }, ({ path }) => ({ path, namespace: "lent" }));
    esbuild.onLoad({ filter: /.*/, namespace: "lent" }, () => ({ contents, resolveDir: ROOT }));
  },
});

/**
 * Bundles everything into one file.
 *
 * @returns {Promise<{code: string, inputs: Map<string, string[]>, sizes: Map<string, Record<string, number>>}>} the code,
 *   the source files that went into each part, and the bytes each of them costs there
 */
export async function bundle() {
  const inputs = new Map();
  const sizes = new Map();
  const note = (part, metafile) => {
    const [output] = Object.values(metafile.outputs);
    inputs.set(part, Object.keys(metafile.inputs).sort());
    sizes.set(
      part,
      Object.fromEntries(
        Object.entries(output.inputs).map(([path, { bytesInOutput }]) => [path, bytesInOutput]),
      ),
    );
  };
  const bed = { shared: SHARED, root: ROOT, note };
  const cold = callColdModules(ROOT);
  const main = await findModules({ entryPoints: ["src/main.ts"] }, { ...bed, plugins: [cold] });
  const lender = { ...bed, host: main.modules };
  const parts = await buildParts(main.parts, lender);
  parts.set(COLD_PART, await buildColdPart(lender));
  const result = await build({
    ...SHARED,
    stdin: ENTRY,
    format: "iife",
    // An older Node must be able to parse the main side, to be told by the header that it is too old.
    target: "node12",
    banner: { js: HEADER },
    plugins: [
      lentModule(await lendModules(parts, bed)),
      cold,
      requireBuiltins,
      importParts(parts, lentByList(ROOT)),
    ],
  });
  note("main", result.metafile);
  return { code: placeTexts(result.outputFiles[0].text, parts), inputs, sizes };
}
