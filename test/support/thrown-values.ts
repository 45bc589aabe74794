import { constants } from "node:os";
import fc from "fast-check";

const ERRNO = Object.keys(constants.errno);

/** Codes of Node, OpenSSL and DNS, and words that are more than that to JavaScript. */
const CODES = [
  ...ERRNO,
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ERR_ACCESS_DENIED",
  "ERR_INVALID_ARG_TYPE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_MEMORY_ALLOCATION_FAILED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_SOCKET_CONNECTION_TIMEOUT",
  "ABORT_ERR",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_HAS_EXPIRED",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "HPE_INVALID_CONSTANT",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_ABORTED",
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "",
  " ",
  "\n    at x (y:1:2)",
  "\u001b[31m",
  "\ud800",
];

const SYSCALLS = ["open", "read", "write", "connect", "getaddrinfo", "uv_cwd", "spawn", "", "constructor"];

class OddError extends Error {
  override readonly name = "constructor";
}

const hostile = (name: string) =>
  Object.defineProperty(new Error("x"), name, {
    get() {
      throw new Error("a getter");
    },
  });

function looping(): Error {
  const first = new Error("first");
  const second = new Error("second", { cause: first });
  first.cause = second;
  return second;
}

/** Each kind once: what fs, dns, tls, http, the SDK and anybody at all may throw. */
export const THROWN: readonly (readonly [what: string, thrown: unknown])[] = [
  ...CODES.map((code) => [`code ${JSON.stringify(code)}`, Object.assign(new Error("m"), { code })] as const),
  ...CODES.map(
    (code) =>
      [
        `code ${JSON.stringify(code)} of a system call`,
        Object.assign(new Error(`${code}: words, open '/p'`), {
          code,
          syscall: "open",
          errno: -1,
          path: "/p",
        }),
      ] as const,
  ),
  ["undefined", undefined],
  ["null", null],
  ["a number", 5],
  ["a text", "words"],
  ["an empty text", ""],
  ["a symbol", Symbol("s")],
  ["a bigint", 5n],
  ["a function", () => undefined],
  ["an array", [1, 2]],
  ["an object", { code: "ENOENT" }],
  ["an object without a prototype", Object.create(null)],
  ["an object that has no text", { toString: 5, valueOf: 5 }],
  ["an error without a message", new Error("")],
  ["an error with lines", new Error("one\n    at two (three:4:5)\r\nfour")],
  ["a message that is a number", Object.assign(new Error("m"), { message: 5 })],
  ["a message that is an object", Object.assign(new Error("m"), { message: {} })],
  ["a code that is a number", Object.assign(new Error("m"), { code: 5 })],
  ["a code that is an object", Object.assign(new Error("m"), { code: {}, syscall: {} })],
  ["a stack that is a number", Object.assign(new Error("m"), { stack: 5 })],
  ["an odd name", new OddError("m")],
  ["a getter of message that throws", hostile("message")],
  ["a getter of code that throws", hostile("code")],
  ["a getter of cause that throws", hostile("cause")],
  ["a getter of stack that throws", hostile("stack")],
  ["a getter of syscall that throws", hostile("syscall")],
  [
    "a proxy that throws",
    new Proxy(
      {},
      {
        get() {
          throw new Error("a trap");
        },
      },
    ),
  ],
  ["a frozen error", Object.freeze(new Error("m"))],
  ["causes in a circle", looping()],
  ["several errors: none", new AggregateError([])],
  ["several errors: nested", new AggregateError([new AggregateError([null, hostile("code")])])],
  ["several errors that are no list", Object.assign(new AggregateError([]), { errors: 5 })],
  ["too little memory", new RangeError("Array buffer allocation failed")],
  ["a stack that overflows", new RangeError("Maximum call stack size exceeded")],
];

const odd = fc.anything({ withBigInt: true, withNullPrototype: true, withObjectString: true });
const code = fc.oneof(fc.constantFrom(...CODES), fc.string({ unit: "binary" }), odd);
const message = fc.oneof(fc.string({ unit: "binary" }), odd);

/** Any of them, put together anew. */
export const thrownValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    odd,
    fc.constantFrom(...THROWN.map(([, thrown]) => thrown)),
    fc
      .record({ code, message, syscall: fc.oneof(fc.constantFrom(...SYSCALLS), odd), cause: tie("value") })
      .map((fields) => Object.assign(new Error(), fields)),
    fc.array(tie("value"), { maxLength: 3 }).map((errors) => new AggregateError(errors, "several")),
  ),
})).value;
