import { build } from "esbuild";

/**
 * What modules export, by running them here and now.
 *
 * @param {string} contents imports and exports them
 * @param {string} resolveDir where its paths begin
 */
export async function evaluate(contents, resolveDir) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}
