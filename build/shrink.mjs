import { readFileSync } from "node:fs";

/**
 * The SDK's table of all S3 operations, so that esbuild can drop those we don't use: it keeps any array with a computed
 * key (`{ [_h]: … }`), because that could call something. Here none does.
 */
function droppableSchemas(source) {
  return source.replace(/^((?:export )?var \w+\$? = )(\[.*\];|\[[\s\S]*?^\];)$/gm, (_, start, list) => {
    return `${start}/* @__PURE__ */ (() => ${list.slice(0, -1)})();`;
  });
}

/** undici's parser as the bytes themselves: base64 hides from brotli what repeats. */
function plainWasm(source) {
  const [, base64] = source.match(/wasmBase64 = '([^']+)'/);
  return `module.exports = Buffer.from(${JSON.stringify(Buffer.from(base64, "base64").toString("latin1"))}, "latin1");`;
}

/** Rewrites modules of libraries to the same meaning in fewer bytes. */
export function shrink(esbuild) {
  const load = (filter, rewrite) =>
    esbuild.onLoad({ filter }, ({ path }) => ({
      contents: rewrite(readFileSync(path, "utf8")),
      loader: "js",
    }));
  load(/client-s3\/dist-es\/schemas\/schemas_0\.js$/, droppableSchemas);
  load(/llhttp-wasm\.js$/, plainWasm);
}
