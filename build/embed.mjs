import { basename, dirname, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { leaveOut } from "./leave-out.mjs";

/** The large parts travel compressed: a few ms of inflating is less than what their bytes cost to fetch. */
const isPacked = (path) => path.includes("/libraries/") || path.endsWith("/s3-side.ts");

const moduleName = (root, path) => path.slice(root.length + 1);

function pack(text) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(Buffer.from(text), { params }).toString("base64");
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
 * An esbuild plugin: each `import("./x.js")` in our source becomes a text inside the bundle, compiled when it is first
 * imported (src/embedded.ts). A module that the surrounding code has already is taken from there, not carried twice, so
 * that a class is the same class on both sides.
 */
export function embedParts({ shared, root, host, note }) {
  return {
    name: "embed-parts",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, importer }) =>
        kind === "dynamic-import" && !importer.includes("node_modules")
          ? { path: resolve(resolveDir, path.replace(/\.js$/, ".ts")), namespace: "part" }
          : undefined,
      );
      esbuild.onLoad({ filter: /.*/, namespace: "part" }, async ({ path }) => ({
        contents: await partModule(path, { shared, root, host, note }),
        resolveDir: dirname(path),
        loader: "js",
      }));
    },
  };
}

async function partModule(path, { shared, root, host, note }) {
  const borrowed = new Set();
  const name = basename(path, ".ts");
  const own = await ownModules(path, shared, host);
  const result = await build({
    ...shared,
    entryPoints: [path],
    format: "cjs",
    target: "node20.19",
    ...(isPacked(path) && { charset: "utf8" }),
    plugins: [
      borrow(root, host, borrowed),
      leaveOut,
      embedParts({ shared, root, host: new Set([...host, ...own]), note }),
    ],
  });
  note(name, result.metafile);
  const text = result.outputFiles[0].text;
  const lent = [...borrowed].sort();
  return [
    `import { compilePart } from ${JSON.stringify(resolve(root, "src/embedded.ts"))};`,
    ...lent.map((module, index) => `import * as lent${index} from ${JSON.stringify(module)};`),
    `const lent = { ${lent.map((module, index) => `${JSON.stringify(moduleName(root, module))}: lent${index}`).join(", ")} };`,
    `const part = compilePart(${JSON.stringify(name)}, ${JSON.stringify(isPacked(path) ? pack(text) : text)}, ${isPacked(path)}, (name) => lent[name] || require(name));`,
    ...(await exportsOf(path, shared)).map((exported) => `export const ${exported} = part.${exported};`),
  ].join("\n");
}

/** The modules of a part itself, which parts inside it may borrow. */
async function ownModules(path, shared, host) {
  const result = await build({
    ...shared,
    entryPoints: [path],
    format: "esm",
    packages: "external",
    plugins: [
      {
        name: "without-parts",
        setup(esbuild) {
          esbuild.onResolve({ filter: /^\./ }, ({ kind, path: target, resolveDir }) =>
            kind === "dynamic-import" || host.has(resolve(resolveDir, target.replace(/\.js$/, ".ts")))
              ? { path: target, external: true }
              : undefined,
          );
        },
      },
    ],
  });
  return Object.keys(result.metafile.inputs).map((input) => resolve(shared.absWorkingDir, input));
}

/** Makes an import of a module that the host has a `require` of it. */
function borrow(root, host, borrowed) {
  return {
    name: "borrow-from-host",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const target = resolve(resolveDir, path.replace(/\.js$/, ".ts"));
        if (kind === "dynamic-import" || kind === "entry-point" || !host.has(target)) return undefined;
        borrowed.add(target);
        return { path: moduleName(root, target), external: true };
      });
    },
  };
}
