import { resolve } from "node:path";

/**
 * Packages of the SDK that we never use: we bring the credentials ourselves. Each is replaced by a module with the same
 * names that does nothing; a use of one would fail loudly in any S3 test.
 */
const LEFT_OUT = {
  "@aws-sdk/credential-provider-node": "export const defaultProvider = undefined;",
};

/** Modules that another of the same package stands in for: undici's parser is there twice, once for SIMD machines. */
const STOOD_IN = { "../llhttp/llhttp_simd-wasm.js": "../llhttp/llhttp-wasm.js" };

const anyOf = (names) => new RegExp(`^(${Object.keys(names).join("|").replaceAll(".", "\\.")})$`);

export const leaveOut = {
  name: "leave-out",
  setup(esbuild) {
    esbuild.onResolve({ filter: anyOf(LEFT_OUT) }, ({ path, resolveDir }) => ({
      path,
      namespace: "left-out",
      pluginData: { resolveDir },
    }));
    esbuild.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path, pluginData }) => ({
      contents: LEFT_OUT[path],
      resolveDir: pluginData.resolveDir,
      loader: "js",
    }));
    esbuild.onResolve({ filter: anyOf(STOOD_IN) }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, STOOD_IN[path]),
    }));
  },
};
