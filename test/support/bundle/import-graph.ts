import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Who imports whom among the TypeScript files of a folder, types left out: they are gone when the code runs. */
export interface ImportGraph {
  readonly files: readonly string[];
  /** The file itself and all that it imports, directly or not; `import()` is not followed. */
  reachedFrom(file: string): string[];
  /** Our own files that it imports. */
  importsOf(file: string): readonly string[];
  /** Our own files that it imports with `import()`. */
  lazyOf(file: string): readonly string[];
  /** What it imports by a bare name: packages, and `node:` modules. */
  packagesOf(file: string): readonly string[];
}

interface Imports {
  readonly own: string[];
  readonly lazy: string[];
  readonly packages: string[];
}

const STATEMENT = /^\s*(?:import|export)\s+(?!type\b)(?:([^"';]*?)\s+from\s+)?"([^"]+)"/gm;
const LAZY = /(?<!typeof )\bimport\(\s*"([^"]+)"\s*\)/g;

/** `{ type A, type B }` imports nothing at run time. */
function onlyTypes(names: string | undefined): boolean {
  const listed = names?.match(/^\{([\s\S]*)\}$/)?.[1];
  return listed?.split(",").every((name) => /^\s*(type\s|$)/.test(name)) ?? false;
}

function importsIn(file: string): Imports {
  const source = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const target = (path: string) => normalize(join(dirname(file), path)).replace(/\.js$/, ".ts");
  const statics = [...source.matchAll(STATEMENT)]
    .filter((match) => !onlyTypes(match[1]))
    .map((match) => match[2] ?? "");
  return {
    own: statics.filter((path) => path.startsWith(".")).map(target),
    lazy: [...source.matchAll(LAZY)]
      .map((match) => match[1] ?? "")
      .filter((path) => path.startsWith("."))
      .map(target),
    packages: statics.filter((path) => !path.startsWith(".")),
  };
}

/** Reads every `.ts` file below a folder, named from the root of the project. */
export function importGraph(folder: string): ImportGraph {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => normalize(join(folder, name)))
    .sort();
  const imports = new Map(files.map((file) => [file, importsIn(file)]));
  return {
    files,
    importsOf: (file) => imports.get(file)?.own ?? [],
    lazyOf: (file) => imports.get(file)?.lazy ?? [],
    packagesOf: (file) => imports.get(file)?.packages ?? [],
    reachedFrom(file) {
      const reached = new Set([file]);
      for (const next of reached) for (const target of imports.get(next)?.own ?? []) reached.add(target);
      return [...reached].sort();
    },
  };
}
