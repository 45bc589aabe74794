// Preloaded with `node -r`: reading a variable inside the function that FAIL_IN names throws, as a bug of ours would.
const { FAIL_IN } = process.env;
process.env = new Proxy(process.env, {
  get(variables, name) {
    if (new Error().stack.includes(` ${FAIL_IN} `)) throw new TypeError("a bug");
    return variables[name];
  },
});
