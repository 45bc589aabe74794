// Preloaded with `node -r`: reading a variable inside the function that FAIL_IN names throws, as a bug of ours would.
const { FAIL_IN } = process.env;
process.env = new Proxy(process.env, {
  get(variables, name) {
    // What another module calls stands there as `Object.NAME`.
    if (new Error().stack.match(/ at \S+ /g).some((frame) => frame.split(/[ .]/).includes(FAIL_IN)))
      throw new TypeError("a bug");
    return variables[name];
  },
});
