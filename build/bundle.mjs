import { resolve } from "node:path";
import { build } from "esbuild";
import { embedParts } from "./embed.mjs";
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

/**
 * The main side's modules: those that src/main.ts reaches without any `import()`. A part that needs one of them takes
 * it from the main side instead of carrying it twice.
 *
 * @returns {Promise<Set<string>>} absolute paths
 */
async function mainSideModules() {
  const result = await build({
    ...SHARED,
    entryPoints: ["src/main.ts"],
    format: "iife",
    plugins: [
      {
        name: "leave-parts-out",
        setup(esbuild) {
          esbuild.onResolve({ filter: /^\./ }, ({ kind, path }) =>
            kind === "dynamic-import" ? { path, external: true } : undefined,
          );
        },
      },
    ],
  });
  return new Set(Object.keys(result.metafile.inputs).map((path) => resolve(ROOT, path)));
}

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
  const result = await build({
    ...SHARED,
    entryPoints: ["src/main.ts"],
    format: "iife",
    // An older Node must be able to parse the main side, to be told by the header that it is too old.
    target: "node12",
    banner: { js: HEADER },
    plugins: [embedParts({ shared: SHARED, root: ROOT, host: await mainSideModules(), note })],
  });
  note("main", result.metafile);
  return { code: result.outputFiles[0].text, inputs, sizes };
}
