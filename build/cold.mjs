import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Modules of the main side that a run which goes well against an endpoint never calls: the words of failures, what
 * looks for them, and keys from files. Together they are one part, compiled when one of their functions is first
 * called. test/bundle/lazy-boundary.test.ts says when one of them is called on the way of `verify` or `export`.
 */
const COLD = [
  "src/cli/any-failure.ts",
  "src/cli/debug.ts",
  "src/cli/environment-secrets.ts",
  "src/cli/failures.ts",
  "src/cli/nearest.ts",
  "src/cli/say.ts",
  "src/cli/surrounding-failure.ts",
  "src/commands/notices.ts",
  "src/credentials/credentials-file.ts",
  "src/credentials/endpoint-failures.ts",
  "src/credentials/environment-keys.ts",
  "src/credentials/error-answer.ts",
  "src/credentials/expectation-failures.ts",
  "src/credentials/failures.ts",
  "src/credentials/file-failures.ts",
  "src/credentials/file-source.ts",
  "src/credentials/other-builder.ts",
  "src/credentials/profile-region.ts",
  "src/credentials/trouble.ts",
  "src/credentials/what-lies-there.ts",
  "src/formats/failures.ts",
  "src/output/failure-json.ts",
  "src/output/own-path.ts",
];

export const COLD_PART = "cold";

/** @returns {string[]} absolute paths */
export const coldModules = (root) => COLD.map((path) => resolve(root, path));

/** What such a module exports. Only functions can wait to be called. */
function functionsOf(path) {
  const source = readFileSync(path, "utf8");
  const names = [...source.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name);
  const others = source.match(/^export (?!(?:async )?function |interface |type |import type ).*/m);
  if (others !== null) throw new Error(`${path} cannot be cold: ${others[0]}`);
  return names;
}

/** An esbuild plugin: each cold module becomes functions that call the part's. */
export function callColdModules(root) {
  const cold = coldModules(root);
  return {
    name: "call-cold-modules",
    setup(esbuild) {
      esbuild.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!cold.includes(path)) return undefined;
        const called = `cold().module${cold.indexOf(path)}`;
        return {
          contents: [
            `const cold = () => require(${JSON.stringify(COLD_PART)});`,
            ...functionsOf(path).map(
              (name) => `export const ${name} = (...given) => ${called}.${name}(...given);`,
            ),
          ].join("\n"),
          loader: "js",
        };
      });
    },
  };
}

/** The text of the part's own entry. */
export function coldEntry(root) {
  return coldModules(root)
    .map((path, index) => `export * as module${index} from ${JSON.stringify(path)};`)
    .join("\n");
}
