import { resolve } from "node:path";
import { shrink } from "./shrink.mjs";

/**
 * Modules that we never use, by how they are imported. Each is replaced by one with the same names that does nothing; a
 * use of one would fail loudly in any S3 test. We bring the credentials ourselves, select from no object, speak HTTP/1.1, send
 * bytes, and refuse SOCKS proxies.
 */
const LEFT_OUT = {
  "@aws-sdk/credential-provider-node": "export const defaultProvider = undefined;",
  "@smithy/core/event-streams":
    "export const eventStreamSerdeProvider = () => undefined; export const resolveEventStreamSerdeConfig = (config) => config; export const EventStreamSerde = undefined;",
  "./client-h2.js": "module.exports = undefined;",
  "./socks5-proxy-agent": "module.exports = undefined;",
  "../web/fetch/body.js": "module.exports = {};",
};

/** Modules that another of the same package stands in for: undici's parser is there twice, once for SIMD machines. */
const STOOD_IN = { "../llhttp/llhttp_simd-wasm.js": "../llhttp/llhttp-wasm.js" };

const anyOf = (names) => new RegExp(`^(${Object.keys(names).join("|").replaceAll(".", "\\.")})$`);

export const leaveOut = {
  name: "leave-out",
  setup(esbuild) {
    esbuild.onResolve({ filter: anyOf(LEFT_OUT) }, ({ path, resolveDir }) =>
      resolveDir.includes("node_modules") || !path.startsWith(".")
        ? { path, namespace: "left-out", pluginData: { resolveDir } }
        : undefined,
    );
    esbuild.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path, pluginData }) => ({
      contents: LEFT_OUT[path],
      resolveDir: pluginData.resolveDir,
      loader: "js",
    }));
    esbuild.onResolve({ filter: anyOf(STOOD_IN) }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, STOOD_IN[path]),
    }));
    shrink(esbuild);
  },
};
