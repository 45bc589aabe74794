import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { build, transform } from "esbuild";
import { withoutComments } from "./comments.mjs";
import { asCommonJs, asLateModule, importsIn } from "./common-js.mjs";

/** Behind the header's check, every Node is at least this one. */
export const TARGET = "node20.19";

const MAIN = "src/main.ts";

/**
 * Which of our files src/main.ts imports from the start, and which are reached by an `import()` alone.
 *
 * @returns {Promise<{eager: string[], late: string[]}>} paths from the root of the project, sorted
 */
export async function sidesOf(options) {
  const { metafile } = await build({
    ...options,
    entryPoints: [MAIN],
    format: "esm",
    target: TARGET,
    plugins: [librariesApart],
  });
  const ours = Object.keys(metafile.inputs).filter((path) => path.endsWith(".ts"));
  const eager = importedBy(MAIN, metafile.inputs);
  return { eager: [...eager].sort(), late: ours.filter((path) => !eager.has(path)).sort() };
}

function importedBy(path, inputs, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { kind, external, path: imported } of inputs[path].imports)
    if (kind === "import-statement" && !external) importedBy(imported, inputs, found);
  return found;
}

/** `src/aws/sign.ts` → `aws/sign`: under this name modules require it. */
export const idOf = (path) => path.replace(/^src\/(.*)\.ts$/, "$1");

export const bytesOf = (inputs) =>
  Object.fromEntries(Object.entries(inputs).map(([path, { bytesInOutput }]) => [path, bytesInOutput]));

/**
 * Our files that are compiled late, each as a CommonJS module of its own.
 *
 * @param {string[]} paths
 * @returns {Promise<{path: string, code: string, imports: {from: string, name: string}[], size: number}[]>}
 */
export async function lateModules(paths, options) {
  const { outputFiles } = await build({
    ...options,
    entryPoints: paths,
    outdir: "late",
    outbase: ".",
    format: "esm",
    target: TARGET,
    plugins: [librariesApart, oursApart],
  });
  return Promise.all(
    outputFiles.map(async ({ path: output, text }) => {
      const path = relative(`${options.absWorkingDir}/late`, output).replace(/\.js$/, ".ts");
      const code = await asLateModule(withoutComments(text));
      return { path, code, imports: importsIn(text), size: code.length };
    }),
  );
}

/**
 * The eager files as one script. It offers to the late ones what they import from it, so that a class is the same class on
 * both sides.
 *
 * @param {{from: string, name: string}[]} imports what late modules import
 * @returns {Promise<{code: string, sizes: Record<string, number>}>}
 */
export async function mainSide(eager, imports, options) {
  const { outputFiles, metafile } = await build({
    ...options,
    stdin: { contents: `import "offers"; import "./${MAIN}";`, resolveDir: options.absWorkingDir },
    format: "esm",
    target: TARGET,
    plugins: [nameModules(options.absWorkingDir), offers(eager, imports, options.absWorkingDir), lateApart],
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const sizes = Object.fromEntries(Object.entries(bytesOf(inputs)).filter(([path]) => path.endsWith(".ts")));
  const { code } = await transform(outputFiles[0].text, {
    // An older Node must be able to parse this, to be told by the header that it is too old.
    target: "node12",
    charset: options.charset,
    legalComments: "inline",
    // Gone when this is CommonJS.
    supported: { "dynamic-import": true, "node-colon-prefix-import": true },
  });
  return { code: `(function (require) {\n${withoutComments(asCommonJs(code))}})(requirePart);\n`, sizes };
}

/** An esbuild plugin: a module that hands the loader what late modules import of eager ones, in a function that is called late. */
const offers = (eager, imports, root) => ({
  name: "offers",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^offers$/ }, ({ path }) => ({ path, namespace: "offers" }));
    onLoad({ filter: /./, namespace: "offers" }, () => ({
      contents: offersOf(eager, imports),
      resolveDir: root,
    }));
  },
});

function offersOf(eager, imports) {
  const offered = eager.map((path, index) => {
    const from = idOf(path);
    const names = [...new Set(imports.filter((each) => each.from === from).map(({ name }) => name))].sort();
    return { from, path, names: names.map((name) => ({ name, local: `offer${index}_${name}` })) };
  });
  const used = offered.filter(({ names }) => names.length > 0);
  const imported = used.map(({ path, names }) => {
    return `import { ${names.map(({ name, local }) => `${name} as ${local}`).join(", ")} } from "./${path}";`;
  });
  const lines = used.map(({ from, names }) => {
    return `  "${from}": { ${names.map(({ name, local }) => `${name}: ${local}`).join(", ")} },`;
  });
  return [...imported, "offer(() => ({", ...lines, "}));"].join("\n");
}

/** An esbuild plugin: above each module of ours stands where it comes from. */
const nameModules = (root) => ({
  name: "name-modules",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: `//! ${relative(root, path)}\n${readFileSync(path, "utf8")}`,
      loader: "ts",
    }));
  },
});

/** An esbuild plugin: what src/s3/libraries imports is bundled by itself (libraries.mjs). */
const librariesApart = {
  name: "libraries-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/libraries\// }, ({ path }) => ({ path: basename(path, ".js"), external: true }));
  },
};

/** An esbuild plugin: every file of ours by its path from the root of the project. */
const oursApart = {
  name: "ours-apart",
  setup(plugin) {
    plugin.onResolve(
      { filter: /^\..*\.js$/ },
      byItsPath(plugin, () => true),
    );
  },
};

/** An esbuild plugin: so what is imported by `import()`. */
const lateApart = {
  name: "late-apart",
  setup(plugin) {
    plugin.onResolve(
      { filter: /^\..*\.js$/ },
      byItsPath(plugin, (kind) => kind === "dynamic-import"),
    );
  },
};

const byItsPath =
  ({ resolve, initialOptions }, isMeant) =>
  async ({ path, kind, resolveDir, pluginData }) => {
    if (pluginData === "resolved" || !isMeant(kind)) return undefined;
    const found = await resolve(path, { kind, resolveDir, pluginData: "resolved" });
    return { path: idOf(relative(initialOptions.absWorkingDir, found.path)), external: true };
  };
