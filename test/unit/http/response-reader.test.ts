import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEYS, OBJECTS, type ReadingRules } from "../../../src/http/reading-rules.js";
import type { Sink } from "../../../src/http/response.js";
import { ResponseReader } from "../../../src/http/response-reader.js";

const SHORT = { ...KEYS, longestBody: 1000 };

/** Reads a whole connection; undefined when the response is not complete at its end. */
function read(text: string, rules: ReadingRules = SHORT) {
  const reader = new ResponseReader(rules);
  reader.push(Buffer.from(text, "latin1"));
  return reader.end() ? reader.response : undefined;
}

const bodyOf = (text: string, rules?: ReadingRules) => read(text, rules)?.body.toString("latin1");
const malformed = expect.objectContaining({ reason: "malformed" });
const tooLarge = expect.objectContaining({ reason: "too-large" });

describe("a response that holds keys", () => {
  it.each([
    ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more", "hi"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""],
    ["HTTP/1.0 200 OK\r\n\r\nhi", "hi"],
    ["HTTP/1.1 200 OK\r\n\r\nhi", "hi"],
    ["HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "x"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1;a\r\n!\r\n0\r\nA: b\r\n\r\n", "hi!"],
    ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x"],
    ["HTTP/1.1 204 No Content\r\n\r\n", ""],
    ["HTTP/1.1 200 OK\r\nContent-Length: 000000000000001\r\n\r\nx", "x"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00000001\r\nx\r\n0\r\n\r\n", "x"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Content-Length: 5\r\n\r\n", ""],
  ])("%j is read", (text, body) => {
    expect(bodyOf(text)).toBe(body);
  });

  it.each([
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
  ])("%j has no body, and is complete before its connection closes", (text) => {
    const reader = new ResponseReader(SHORT);
    reader.push(Buffer.from(text.slice(0, -1)));
    expect(reader.done).toBe(false);
    reader.push(Buffer.from("\n"));
    expect(reader.done).toBe(true);
    expect(reader.response?.body).toHaveLength(0);
  });

  it.each([
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 20",
    "",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
  ])("%j is not complete", (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    "SSH-2.0\r\n",
    "HTTP/2 200 OK\r\n\r\n",
    "HTTP/1.2 200 OK\r\n\r\n",
    "HTTP/1.1 99 X\r\n\r\n",
    "HTTP/1.1 2000 X\r\n\r\n",
    "HTTP/1.1  200 OK\r\n\r\n",
    "HTTP/1.x HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0000000000000001\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx1\r\nx\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a b\r\nx\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n000000001\r\nx\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na b: c\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: b\0\r\n\r\n",
    "HTTP/1.1 101 Switching\r\n\r\n",
    "HTTP/1.1 200 OK\n\nhi",
    "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
    "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\nx\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\n",
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\n${"x".repeat(2000)}`,
    "HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
  ])("%j is malformed", (text) => {
    expect(() => read(text)).toThrow(malformed);
  });

  it.each([
    `HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n`,
    `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(1001)}`,
    `HTTP/1.1 200 OK\r\nA: ${"x".repeat(40_000)}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${"f".repeat(2000)}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${"A: b\r\n".repeat(10_000)}`,
  ])("one beyond the limits is refused (%#)", (text) => {
    expect(() => read(text)).toThrow(tooLarge);
  });

  it("joins repeated headers and lower-cases their names", () => {
    const headers = read("HTTP/1.1 200 OK\r\nX-A:  b \r\nx-a: c\r\nContent-Length: 0\r\n\r\n")?.headers;
    expect(headers).toEqual({ "x-a": "b, c", "content-length": "0" });
  });
});

describe("a response that holds an object", () => {
  const ok = (fields: string, body: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n\r\n${body}`;
  const chunked = (body: string) => ok("Transfer-Encoding: chunked", body);

  it.each([
    ["lines that end without CR", "HTTP/1.1 200 OK\nContent-Length: 2\nA: b\n\nhi"],
    ["empty lines before it", `\r\n\n${ok("Content-Length: 2", "hi")}`],
    ["such lines and others", "HTTP/1.1 200 OK\nContent-Length: 2\r\n\nhi"],
    ["a folded header", ok("A: b\r\n c\r\nContent-Length: 2", "hi")],
    ["the same length twice", ok("Content-Length: 2\r\nContent-Length: 2", "hi")],
    ["the same length in a list", ok("Content-Length: 2,2", "hi")],
    ["a tab behind the length", ok("Content-Length: 2\t", "hi")],
    ["a later version", "HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nhi"],
    ["a quoted extension of a chunk", chunked('2;a="b c"\r\nhi\r\n0\r\n\r\n')],
    ["blanks behind the size of a chunk", chunked("2  \r\nhi\r\n0\r\n\r\n")],
  ])("may have %s, which one that holds keys may not", (_what, text) => {
    expect(bodyOf(text, OBJECTS)).toBe("hi");
    expect(() => read(text)).toThrow(malformed);
  });

  it.each([
    ["HTTP/1.0, until the connection closes", "HTTP/1.0 200 OK\r\n\r\nhi"],
    ["HTTP/1.1, until the connection closes", "HTTP/1.1 200 OK\r\n\r\nhi"],
    ["a length of fifteen digits", ok("content-length: 000000000000002", "hi")],
    ["a chunk with a size of twelve digits", chunked("000000000002\r\nhi\r\n0\r\n\r\n")],
    ["chunks with trailers", chunked("2\r\nhi\r\n0\r\nx-amz-checksum-crc32: AAAA\r\n\r\n")],
  ])("may be in %s", (_what, text) => expect(bodyOf(text, OBJECTS)).toBe("hi"));

  it.each([
    "HTTP/2 200 OK\r\n\r\n",
    "HTTP/1.1 200OK\r\ncontent-length: 2\r\n\r\nhi",
    "HTTP/1.1 101 Switching\r\n\r\n",
    ok("content-length: -2", "hi"),
    ok("content-length: 0x2", "hi"),
    ok("content-length:", "hi"),
    ok("content-length: 2\r\ncontent-length: 3", "hi"),
    ok("content-length: 2, 3", "hi"),
    ok("content-length: 2\r\ntransfer-encoding: chunked", "0\r\n\r\n"),
    ok("transfer-encoding: gzip, chunked", "0\r\n\r\n"),
    "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ok("content-length : 2", "hi"),
    ok("content-length: 2\r\n: x", "hi"),
    ok("content-length: 2\r\nnothing", "hi"),
    ok("content-length: 2\r\nx: a\0b", "hi"),
    ok("content-length: 2\r\nx: a\rb", "hi"),
    "HTTP/1.x HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
    ok("content-length: 0000000000000002", "hi"),
    chunked("x\r\n"),
    chunked("-1\r\n"),
    chunked("2\x7f\r\nhi\r\n0\r\n\r\n"),
    chunked("0000000000002\r\nhi\r\n0\r\n\r\n"),
    chunked("2\r\nhiXX0\r\n\r\n"),
    chunked("2\nhi\r\n0\r\n\r\n"),
    chunked("2\r\nhi\r\n0\r\nbad trailer\r\n\r\n"),
    chunked("2\r\nhi\r\n0\r\nA: b\n\r\n"),
    chunked("2\r\nhi\r\n00\n\r\n"),
  ])("is malformed as %j", (text) => expect(() => read(text, OBJECTS)).toThrow(malformed));

  it.each([
    ["HEAD", 200, "content-length: 77"],
    ["HEAD", 200, "transfer-encoding: chunked"],
    ["GET", 204, "server: x"],
    ["GET", 304, "content-length: 5"],
  ])("has no body behind the head that answers %s with %i and %s", (method, status, field) => {
    const reader = new ResponseReader(OBJECTS, { bodiless: method === "HEAD" });
    reader.push(Buffer.from(`HTTP/1.1 ${status} X\r\n${field}\r\n\r\n`));
    expect({ done: reader.done, size: reader.response?.body.length }).toEqual({ done: true, size: 0 });
  });

  it.each([
    ["HTTP/1.1", "", true],
    ["HTTP/1.1", "connection: close\r\n", false],
    ["HTTP/1.1", "Connection: x, Close\r\n", false],
    ["HTTP/1.0", "", false],
    ["HTTP/1.0", "connection: Keep-Alive\r\n", true],
  ])("of %s with %j may be followed by another: %s", (version, field, keepAlive) => {
    const reader = new ResponseReader(OBJECTS);
    reader.push(Buffer.from(`${version} 200 OK\r\n${field}content-length: 0\r\n\r\n`));
    expect(reader.keepAlive).toBe(keepAlive);
  });

  it("is never followed by another where only the end of the connection ends it", () => {
    const reader = new ResponseReader(OBJECTS);
    reader.push(Buffer.from("HTTP/1.1 200 OK\r\n\r\nhi"));
    expect({ done: reader.done, keepAlive: reader.keepAlive }).toEqual({ done: false, keepAlive: false });
  });

  it("ends where its length or its last chunk says, and tells what stands behind", () => {
    for (const text of [ok("content-length: 2", "hi"), chunked("2\r\nhi\r\n0\r\n\r\n")]) {
      const reader = new ResponseReader(OBJECTS);
      reader.push(Buffer.from(`${text}more`));
      expect({ body: String(reader.response?.body), beyond: String(reader.beyond) }).toEqual({
        body: "hi",
        beyond: "more",
      });
    }
  });

  it("tells a length once that stands there twice", () => {
    const { headers } = read(ok("Content-Length: 02\r\nContent-Length: 02", "hi"), OBJECTS) ?? {};
    expect(headers).toEqual({ "content-length": "2" });
  });

  it("has headers of any name: none is taken for what JavaScript has", () => {
    const { headers } = read(ok("__proto__: x\r\nconstructor: y", ""), OBJECTS) ?? {};
    expect(Object.entries(headers ?? {})).toEqual([["constructor", "y"]]);
  });

  it("reads any header as RFC 9112 has it, line by line", () => {
    const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
    const name = fc.oneof(
      fc.constantFrom("x", "X", "ETag", "", "a b", "x-y", "\xe9"),
      fc.string({ maxLength: 4 }),
    );
    const value = fc.oneof(
      fc.constantFrom("", " ", "v", "\t v \t", "a\rb", ":", "\u00a0v\u00a0"),
      fc.string({ unit: "binary-ascii" }).map((text) => text.replaceAll("\n", "")),
    );
    const field = fc.tuple(name, fc.constantFrom(":", " :", ""), value).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 4 }), (lines) => {
        const all = ["content-length: 0", ...lines.filter((line) => /^[^ \t]/.test(line))];
        const text = `HTTP/1.1 200 OK\r\n${all.join("\r\n")}\r\n\r\n`;
        const expected: Record<string, string> = {};
        for (const line of all) {
          const [, key, found = ""] = FIELD.exec(line) ?? [];
          if (key === undefined) {
            expect(() => read(text, OBJECTS)).toThrow(malformed);
            return;
          }
          const lower = key.toLowerCase();
          expected[lower] = Object.hasOwn(expected, lower) ? `${expected[lower]}, ${found}` : found;
        }
        expect(read(text, OBJECTS)?.headers).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Responses that their own bytes end. */
const WHOLE: readonly (readonly [text: string, body: string, rules: ReadingRules])[] = [
  ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", SHORT],
  ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA:   \r\n\r\n", "", SHORT],
  ["HTTP/1.1 204 No Content\r\n\r\n", "", SHORT],
  ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x", SHORT],
  [
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n${"x".repeat(26)}\r\n1\r\ny\r\n0\r\nA: b\r\n\r\n`,
    `${"x".repeat(26)}y`,
    SHORT,
  ],
  ["HTTP/1.1 200 OK\nContent-Length: 0\n\n", "", OBJECTS],
  ["\r\n\nHTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nhi", "hi", OBJECTS],
];

describe("a response that comes byte by byte", () => {
  it.each(WHOLE)("is complete at its last byte, and not before: %j", (text, body, rules) => {
    const reader = new ResponseReader(rules);
    expect({ keepAlive: reader.keepAlive, response: reader.response }).toEqual({
      keepAlive: false,
      response: undefined,
    });
    for (const byte of text.slice(0, -1)) {
      reader.push(Buffer.from(byte));
      expect(reader.done).toBe(false);
      expect(reader.beyond).toHaveLength(0);
    }
    reader.push(Buffer.from(text.slice(-1)));
    expect({ done: reader.done, body: String(reader.response?.body) }).toEqual({ done: true, body });
  });
});

describe("a sink", () => {
  const taking = () => {
    const taken: string[] = [];
    const sink: Sink = {
      onResponse: ({ status }) => void taken.push(String(status)),
      onChunk: (chunk) => void taken.push(chunk.toString()),
    };
    return { taken, sink };
  };
  const FORMS = {
    "a length": "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
    chunks: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    "the end of the connection": "HTTP/1.1 200 OK\r\n\r\nhello",
  };

  it.each(Object.entries(FORMS))("takes a body by %s, however it is cut", (_form, text) => {
    const cuts = fc.array(fc.nat({ max: text.length }), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, (at) => {
        const { taken, sink } = taking();
        const reader = new ResponseReader(OBJECTS, { sink });
        const bounds = [0, ...at.sort((a, b) => a - b), text.length];
        // One buffer for all, as a connection has: what is kept of it must be a copy.
        const buffer = Buffer.alloc(text.length);
        for (const [index, end] of bounds.slice(1).entries()) {
          buffer.fill(0x21);
          reader.push(buffer.subarray(0, buffer.write(text.slice(bounds[index], end), "latin1")));
          reader.deliver();
        }
        expect(reader.end()).toBe(true);
        expect(taken[0]).toBe("200");
        expect(taken.slice(1).join("")).toBe("hello");
        expect(taken, "no chunk is empty").not.toContain("");
        expect(reader.response?.body).toHaveLength(0);
      }),
    );
  });

  it.each(Object.entries(FORMS))("has taken nothing before it is given what came: %s", (_form, text) => {
    const { taken, sink } = taking();
    const reader = new ResponseReader(OBJECTS, { sink });
    reader.push(Buffer.from(text));
    expect({ taken, begun: reader.begun }).toEqual({ taken: [], begun: false });
    reader.deliver();
    expect(reader.begun).toBe(true);
  });

  it("has been told of a response that it refuses", () => {
    const sink: Sink = {
      onResponse: () => {
        throw new Error("another object");
      },
      onChunk: () => undefined,
    };
    const reader = new ResponseReader(OBJECTS, { sink });
    reader.push(Buffer.from(FORMS["a length"]));
    expect(() => reader.deliver()).toThrow("another object");
    expect(reader.begun).toBe(true);
  });

  it("takes no error: its body is kept", () => {
    const { taken, sink } = taking();
    const reader = new ResponseReader(OBJECTS, { sink });
    reader.push(Buffer.from(FORMS["a length"].replace("200", "404")));
    reader.deliver();
    expect({ taken, body: String(reader.response?.body), begun: reader.begun }).toEqual({
      taken: [],
      body: "hello",
      begun: false,
    });
  });

  it("takes no redirection, nor what it says is not for it", () => {
    for (const [status, takes] of [
      [300, true],
      [200, false],
    ] as const) {
      const { taken, sink } = taking();
      const reader = new ResponseReader(OBJECTS, { sink: { ...sink, takes: () => takes } });
      reader.push(Buffer.from(FORMS["a length"].replace("200", String(status))));
      reader.deliver();
      expect({ taken, body: String(reader.response?.body) }).toEqual({ taken: [], body: "hello" });
    }
  });

  it("may be busy with any of the chunks that came together", async () => {
    const busy = Promise.resolve();
    for (const which of ["he", "llo"]) {
      const sink: Sink = {
        onResponse: () => undefined,
        onChunk: (chunk) => (chunk.toString() === which ? busy : undefined),
      };
      const reader = new ResponseReader(OBJECTS, { sink });
      reader.push(Buffer.from(FORMS.chunks));
      expect(reader.deliver()).toBe(busy);
      expect(reader.deliver(), "each chunk is given once").toBeUndefined();
    }
  });

  it("takes more than may be kept", () => {
    const { taken, sink } = taking();
    const reader = new ResponseReader({ ...OBJECTS, longestBody: 4 }, { sink });
    reader.push(Buffer.from(FORMS["a length"]));
    reader.deliver();
    expect(taken).toEqual(["200", "hello"]);
  });
});
