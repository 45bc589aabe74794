import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { packageFolder } from "./licenses.mjs";
import { bytesOf, TARGET } from "./source.mjs";

const FOLDER = "src/s3/libraries";

/**
 * What our code takes from packages, bundled and minified: a part for each module of src/s3/libraries.
 *
 * @returns {Promise<{file: string, name: string, code: string, sizes: Record<string, number>}[]>} CommonJS modules
 */
export function bundleLibraries(options) {
  const sources = readdirSync(join(options.absWorkingDir, FOLDER)).filter((file) => /^[^.]+\.ts$/.test(file));
  return Promise.all(
    sources.sort().map(async (source) => {
      const { outputFiles, metafile } = await build({
        ...options,
        entryPoints: [`${FOLDER}/${source}`],
        minify: true,
        format: "cjs",
        target: TARGET,
        plugins: [leaveOut, namePackages],
      });
      const name = basename(source, ".ts");
      const [{ inputs }] = Object.values(metafile.outputs);
      // Minified, esbuild has the lines that name the packages go on from the code before them.
      const code = outputFiles[0].text.replaceAll(/\n?(?=\/\/! )/g, "\n");
      return { file: `${name}.js`, name, code, sizes: bytesOf(inputs) };
    }),
  );
}

/**
 * Modules of undici that we never use: we speak HTTP/1.1, and send bytes. Its parser is there
 * twice, once for machines with SIMD, and the other stands in.
 */
const LEFT_OUT = /^(\.\/client-h2\.js|\.\.\/web\/fetch\/body\.js)$/;
const SIMD = /\/llhttp_simd-wasm\.js$/;

const leaveOut = {
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: LEFT_OUT }, ({ path }) => ({ path, namespace: "left-out" }));
    // What the SDK imports late are credential providers and event streams.
    onResolve({ filter: /^[^n]/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path, namespace: "left-out" } : undefined,
    );
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "module.exports = {};" }));
    onResolve({ filter: SIMD }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(SIMD, "/llhttp-wasm.js")),
    }));
  },
};

/** An esbuild plugin: above each module stands which package and version it is of. */
const namePackages = {
  name: "name-packages",
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.m?js$/ }, ({ path }) => {
      const folder = packageFolder(path);
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const line = `${name} ${version} ${relative(folder, path)}${encodedIn(path)}`;
      return { contents: `//! ${line}\n${readFileSync(path, "utf8")}` };
    });
  },
};

/** What is said of the one module whose code cannot be read. */
function encodedIn(path) {
  if (!path.endsWith("/llhttp-wasm.js")) return "";
  const bytes = createRequire(import.meta.url)(path);
  const hash = createHash("sha256").update(bytes).digest("hex");
  return `: the HTTP parser llhttp, WebAssembly in base64; SHA-256 of its ${bytes.length} bytes: ${hash}`;
}
