import { basename, dirname, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { COLD_PART, coldEntry, coldModules } from "./cold.mjs";
import { leaveOut } from "./leave-out.mjs";

/** The large parts travel compressed: a few ms of inflating is less than what their bytes cost to fetch. */
const isPacked = (path) => path.includes("/libraries/") || path.endsWith("/s3-side.ts");

const EMBEDDED = resolve(import.meta.dirname, "../src/embedded.ts");

const moduleName = (root, path) => path.slice(root.length + 1);
const sourceOf = (folder, path) => resolve(folder, path.replace(/\.js$/, ".ts"));

function pack(text) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(Buffer.from(text), { params }).toString("base64");
}

const placeholder = (name) => `the part ${name}`;

/**
 * Adds the texts of parts to the end of the code that left their placeholders: each in a comment, the body of a
 * function that is never called (src/embedded.ts). Nothing in a file is passed over as quickly as a comment of one
 * line. The shortest come first, so that gzip finds in them what they have in common with the code.
 */
export function placeTexts(code, parts) {
  const shortestFirst = [...parts.values()].sort((a, b) => a.carried.length - b.carried.length);
  return shortestFirst.reduce(
    (rest, { name, carried }, index) =>
      `${rest.replace(JSON.stringify(placeholder(name)), `carried${index}`)}function carried${index}(){//${carried}\n}\n`,
    code,
  );
}

/** Which names an ES module exports: esbuild tells for ESM output only. */
async function exportsOf(path, shared) {
  const result = await build({
    ...shared,
    entryPoints: [path],
    format: "esm",
    packages: "external",
    plugins: [
      {
        name: "entry-only",
        setup(esbuild) {
          esbuild.onResolve({ filter: /.*/ }, ({ kind, path: target }) =>
            kind === "entry-point" ? undefined : { path: target, external: true },
          );
        },
      },
    ],
  });
  return Object.values(result.metafile.outputs)[0].exports;
}

/**
 * The modules that a build from `entry` is made of, without those that its host has, and the parts that they import.
 *
 * @returns {Promise<{modules: Set<string>, parts: Set<string>}>} absolute paths
 */
export async function findModules(entry, { shared, root, host = new Set(), plugins = [] }) {
  const parts = new Set();
  const separate = {
    name: "without-parts",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const source = sourceOf(resolveDir, path);
        if (kind === "dynamic-import") parts.add(source);
        return kind === "dynamic-import" || host.has(source) ? { path, external: true } : undefined;
      });
    },
  };
  const options = { ...shared, ...entry, format: "esm", packages: "external" };
  const { metafile } = await build({ ...options, plugins: [separate, ...plugins] });
  return { parts, modules: new Set(Object.keys(metafile.inputs).map((path) => resolve(root, path))) };
}

/**
 * Builds what an `import("./x.js")` in our source stands for: a text that is compiled when it is first wanted. A module
 * that the host has already is taken from there, not carried twice, so that a class is the same class on both sides.
 *
 * @param {object} entry  esbuild's entryPoints or stdin
 * @param {{shared: object, root: string, host: Set<string>, note: Function}} bed
 */
async function buildPart(name, path, entry, bed) {
  const { shared, root, host, note } = bed;
  const { modules, parts } = await findModules(entry, bed);
  const inner = await buildParts(parts, { ...bed, host: new Set([...host, ...modules]) });
  const borrowed = new Set();
  const packed = isPacked(path);
  const result = await build({
    ...shared,
    ...entry,
    format: "cjs",
    target: "node20.19",
    ...(packed && { charset: "utf8" }),
    plugins: [borrow(root, host, borrowed), leaveOut, importParts(inner, lentByImport(root))],
  });
  note(name, result.metafile);
  const text = placeTexts(result.outputFiles[0].text, inner);
  const carried = packed ? pack(text) : JSON.stringify(text);
  return { name, path, packed, carried, borrowed: [...borrowed].sort() };
}

/** The parts at these paths, by path. */
export async function buildParts(paths, bed) {
  const built = new Map();
  for (const path of [...paths].sort()) {
    const part = await buildPart(basename(path, ".ts"), path, { entryPoints: [path] }, bed);
    built.set(path, { ...part, exported: await exportsOf(path, bed.shared) });
  }
  return built;
}

/** The part of the cold modules (build/cold.mjs), under the name that they import. */
export async function buildColdPart({ host, ...bed }) {
  const cold = coldModules(bed.root);
  const entry = { stdin: { contents: coldEntry(bed.root), resolveDir: bed.root } };
  const others = new Set([...host].filter((path) => !cold.includes(path)));
  const part = await buildPart(COLD_PART, COLD_PART, entry, { ...bed, host: others });
  return { ...part, exported: cold.map((_, index) => `module${index}`) };
}

/** How a part inside a part gets at what it borrows: the part around it imports it. */
function lentByImport(root) {
  return ({ borrowed }) => [
    ...borrowed.map((module, index) => `import * as lent${index} from ${JSON.stringify(module)};`),
    `const lent = { ${borrowed.map((module, index) => `${JSON.stringify(moduleName(root, module))}: lent${index}`).join(", ")} };`,
  ];
}

/** And on the main side: by the list that lendModules makes. */
export function lentByList(root) {
  return () => [
    `import { lentModules } from ${JSON.stringify(resolve(root, "src/lent.ts"))};`,
    "const lent = lentModules();",
  ];
}

/**
 * The text of a module that lends modules of the main side. They are named one by one inside a function, so that a run
 * without any part does nothing for them, and esbuild can join all modules into one scope.
 */
export async function lendModules(parts, { shared, root }) {
  const borrowed = [...new Set([...parts.values()].flatMap((part) => part.borrowed))].sort();
  const exported = await Promise.all(borrowed.map((path) => exportsOf(path, shared)));
  const alias = (module, name) => `lent${module}_${name}`;
  const list = (index, separator) =>
    exported[index].map((name) =>
      separator === " as " ? `${name} as ${alias(index, name)}` : `${name}: ${alias(index, name)}`,
    );
  return [
    `import { lend } from ${JSON.stringify(resolve(root, "src/lent.ts"))};`,
    ...borrowed.map(
      (path, index) => `import { ${list(index, " as ").join(", ")} } from ${JSON.stringify(path)};`,
    ),
    `lend(() => ({ ${borrowed.map((path, index) => `${JSON.stringify(moduleName(root, path))}: { ${list(index, ": ").join(", ")} }`).join(", ")} }));`,
  ].join("\n");
}

/** An esbuild plugin: an `import()` of a part, and the cold modules' `require`, become the part's compiled exports. */
export function importParts(parts, lentBy) {
  return {
    name: "import-parts",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, importer }) =>
        kind === "dynamic-import" && !importer.includes("node_modules")
          ? { path: sourceOf(resolveDir, path), namespace: "part" }
          : undefined,
      );
      esbuild.onResolve({ filter: new RegExp(`^${COLD_PART}$`) }, ({ path }) => ({
        path,
        namespace: "part",
      }));
      esbuild.onLoad({ filter: /.*/, namespace: "part" }, ({ path }) => ({
        contents: partModule(parts.get(path), lentBy),
        resolveDir: dirname(path),
        loader: "js",
      }));
    },
  };
}

function partModule(part, lentBy) {
  return [
    `import { compilePart } from ${JSON.stringify(EMBEDDED)};`,
    ...lentBy(part),
    `const part = compilePart(${JSON.stringify(part.name)}, ${JSON.stringify(placeholder(part.name))}, ${part.packed}, (name) => lent[name] || require(name));`,
    ...part.exported.map((name) => `export const ${name} = part.${name};`),
  ].join("\n");
}

/** Makes an import of a module that the host has a `require` of it. */
function borrow(root, host, borrowed) {
  return {
    name: "borrow-from-host",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const target = sourceOf(resolveDir, path);
        if (kind === "dynamic-import" || kind === "entry-point" || !host.has(target)) return undefined;
        borrowed.add(target);
        return { path: moduleName(root, target), external: true };
      });
    },
  };
}
