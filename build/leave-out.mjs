/**
 * Packages of the SDK that we never use: we bring the credentials ourselves, and need no user agent of a browser. Each
 * is replaced by a module with the same names that does nothing; a use of one would fail loudly in any S3 test.
 */
const LEFT_OUT = {
  "@aws-sdk/credential-provider-node": "export const defaultProvider = undefined;",
};

export const leaveOut = {
  name: "leave-out",
  setup(esbuild) {
    const filter = new RegExp(`^(${Object.keys(LEFT_OUT).join("|")})$`);
    esbuild.onResolve({ filter }, ({ path, resolveDir }) => ({
      path,
      namespace: "left-out",
      pluginData: { resolveDir },
    }));
    esbuild.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path, pluginData }) => ({
      contents: LEFT_OUT[path],
      resolveDir: pluginData.resolveDir,
      loader: "js",
    }));
  },
};
