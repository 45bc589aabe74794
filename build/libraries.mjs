import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { build } from "esbuild";
import { packageFolder } from "./licenses.mjs";
import { plainTables, TABLES } from "./sdk-tables.mjs";
import { bytesOf, TARGET } from "./source.mjs";

const FOLDER = "src/s3/libraries";

/**
 * What our code takes from packages, bundled and minified: a part for each module of src/s3/libraries.
 *
 * @returns {Promise<{name: string, code: string, sizes: Record<string, number>}[]>} CommonJS modules
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
      return { name, code, sizes: bytesOf(inputs) };
    }),
  );
}

/** What the SDK imports late are credential providers and event streams, which we never use. */
const leaveOut = {
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^n]/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path, namespace: "left-out" } : undefined,
    );
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** An esbuild plugin: above each module stands which package and version it is of. */
const namePackages = {
  name: "name-packages",
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.m?js$/ }, async ({ path }) => {
      const folder = packageFolder(path);
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const line = `${name} ${version} ${relative(folder, path)}`;
      if (TABLES.test(path))
        return { contents: `//! ${line}: what is used of it\n${await plainTables(path)}` };
      return { contents: `//! ${line}\n${readFileSync(path, "utf8")}` };
    });
  },
};
