import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { build } from "esbuild";
import { withoutComments } from "./comments.mjs";
import { asCommonJs } from "./common-js.mjs";

/** Behind the header's check, every Node is at least this one. */
export const TARGET = "node20.19";

/**
 * Our own code as esbuild splits it: src/main.ts, what each `import()` stands for, and, once, what these have in common.
 *
 * @returns {Promise<{file: string, name: string, text: string, sizes: Record<string, number>, isLate: boolean}[]>} the
 *   chunks as ES modules; late is what src/main.ts does not import from the start
 */
export async function splitSource(options) {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: ["src/main.ts"],
    outdir: "chunks",
    splitting: true,
    format: "esm",
    target: TARGET,
    plugins: [nameModules(options.absWorkingDir), librariesApart],
  });
  const eager = importedBy("chunks/main.js", metafile.outputs);
  const names = shortNames(outputFiles.map(({ path }) => basename(path)).sort());
  return outputFiles.map(({ path, text }) => {
    const output = `chunks/${basename(path)}`;
    const { inputs, exports } = metafile.outputs[output];
    const name = names.get(basename(path));
    const isLate = !eager.has(output);
    return { file: `${name}.js`, name, text: renamed(text, names), exports, sizes: bytesOf(inputs), isLate };
  });
}

/**
 * `s3-side-3VOGGHL4.js` → `s3-side`, and `chunk-2` for what several parts share: esbuild's hashes tell the reader nothing, and
 * do not compress.
 */
function shortNames(files) {
  const names = new Map();
  const counts = new Map();
  for (const file of files) {
    const name = file.replace(/(?:-[A-Z0-9]{8})?\.js$/, "");
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    names.set(file, count === 1 ? name : `${name}-${count}`);
  }
  return names;
}

/** A chunk whose imports have the short names. */
const renamed = (text, names) =>
  [...names].reduce((all, [file, name]) => all.replaceAll(`"./${file}"`, `"./${name}.js"`), text);

export const bytesOf = (inputs) =>
  Object.fromEntries(Object.entries(inputs).map(([path, { bytesInOutput }]) => [path, bytesInOutput]));

function importedBy(path, outputs, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { kind, external, path: imported } of outputs[path].imports)
    if (kind === "import-statement" && !external) importedBy(imported, outputs, found);
  return found;
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
    onResolve({ filter: /\/libraries\// }, ({ path }) => ({ path: `./${basename(path)}`, external: true }));
  },
};

/** The late chunks as CommonJS modules, which the loader compiles. */
export function lateParts(chunks) {
  const late = chunks.filter(({ isLate }) => isLate);
  return late.map(({ text, ...chunk }) => ({ ...chunk, code: withoutComments(asCommonJs(text)) }));
}

/**
 * The eager chunks as one script. It offers what they export to the late ones, so that a class is the same class on both
 * sides.
 */
export async function mainSide(chunks, options) {
  const eager = chunks.filter(({ isLate }) => !isLate);
  const texts = new Map([...eager.map(({ file, text }) => [`./${file}`, text]), ["offers", offers(eager)]]);
  const { outputFiles } = await build({
    ...options,
    stdin: { contents: 'import "offers"; import "./main.js";' },
    format: "esm",
    // An older Node must be able to parse this, to be told by the header that it is too old.
    target: "node12",
    // Gone when this is CommonJS.
    supported: { "dynamic-import": true, "node-colon-prefix-import": true },
    plugins: [fromTexts(texts)],
  });
  return `(function (require) {\n${withoutComments(asCommonJs(outputFiles[0].text))}})(requirePart);\n`;
}

/** A module that hands the loader what the chunks export: in a function, which a run without any part never calls. */
function offers(chunks) {
  const each = chunks.map(({ file, exports }, index) => ({
    path: JSON.stringify(`./${file}`),
    names: exports.map((name) => ({ name, local: `chunk${index}_${name}` })),
  }));
  const imported = each.map(({ path, names }) => {
    return `import { ${names.map(({ name, local }) => `${name} as ${local}`).join(", ")} } from ${path};`;
  });
  const offered = each.map(({ path, names }) => {
    return `  ${path}: { exports: { ${names.map(({ name, local }) => `${name}: ${local}`).join(", ")} } },`;
  });
  return [...imported, "offer(() => ({", ...offered, "}));"].join("\n");
}

/** An esbuild plugin: modules by their texts; every other is looked up when it runs. */
const fromTexts = (texts) => ({
  name: "from-texts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) => {
      if (kind === "entry-point") return undefined;
      return texts.has(path) ? { path, namespace: "text" } : { path, external: true };
    });
    onLoad({ filter: /./, namespace: "text" }, ({ path }) => ({ contents: texts.get(path) }));
  },
});
