import { describe, expect, it } from "vitest";
import { KEYS, OBJECTS } from "../../../src/http/reading-rules.js";
import { ResponseReader } from "../../../src/http/response-reader.js";

const SHORT = { ...KEYS, longestBody: 1000 };

function push(text: string, rules = SHORT): ResponseReader {
  const reader = new ResponseReader(rules);
  reader.push(Buffer.from(text, "latin1"));
  return reader;
}

const tooLarge = expect.objectContaining({ reason: "too-large" });
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/** Lines of so many bytes in all, none longer than a line may be. */
function trailers(size: number): string {
  const lines: string[] = [];
  for (let left = size - 2; left > 0; ) {
    const length = left > 1000 ? 500 : left;
    lines.push(`${"a:".padEnd(length - 2, "b")}\r\n`);
    left -= length;
  }
  return `${lines.join("")}\r\n`;
}

/** Each with as much as may be, and one byte, or one response, more. */
const LIMITS: readonly (readonly [what: string, most: number, text: (size: number) => string])[] = [
  [
    "the head",
    32 * 1024,
    (size) => `${"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ".padEnd(size, "b")}\r\n\r\n`,
  ],
  [
    "a body of a length",
    1000,
    (size) => `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`,
  ],
  ["the length alone", 1000, (size) => `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`],
  ["a body that the connection ends", 1000, (size) => `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(size)}`],
  [
    "a body in one chunk",
    1000,
    (size) => `${CHUNKED}${size.toString(16)}\r\n${"x".repeat(size)}\r\n0\r\n\r\n`,
  ],
  ["a body in chunks", 1000, (size) => `${CHUNKED}${"1\r\nx\r\n".repeat(size)}0\r\n\r\n`],
  ["the line of a chunk's size", 1024, (size) => `${CHUNKED}${"0;a=".padEnd(size - 1, "b")}\r\n\r\n`],
  ["such a line before its end", 1024, (size) => `${CHUNKED}${"0;a=".padEnd(size, "b")}`],
  ["all trailers", 32 * 1024, (size) => `${CHUNKED}0\r\n${trailers(size)}`],
];

describe("what is read of a response is limited", () => {
  it.each(LIMITS)("%s: to %i bytes", (_what, most, text) => {
    expect(push(text(most)).started).toBe(true);
    expect(() => push(text(most + 1))).toThrow(tooLarge);
  });

  it("to a hundred interim responses before it", () => {
    const text = (times: number) =>
      `${"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(times)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`;
    expect(push(text(100)).done).toBe(true);
    expect(() => push(text(101))).toThrow("interim responses without end");
  });

  it.each([
    ["keys", KEYS, 1024 ** 2],
    ["S3's documents", OBJECTS, 32 * 1024 ** 2],
  ])("to what %s could need", (_what, rules, most) => {
    const text = (size: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`;
    expect(push(text(most), rules).started).toBe(true);
    expect(() => push(text(most + 1), rules)).toThrow(tooLarge);
  });

  it("but its status is known, and the beginning of its body read, where it is an error", () => {
    const reader = push("HTTP/1.1 404 Not Found\r\nContent-Length: 1001\r\n\r\nno such role");
    expect(reader.response).toMatchObject({ status: 404, body: Buffer.from("no such role") });
    expect(() => reader.push(Buffer.alloc(989, "x"))).toThrow(tooLarge);
  });
});
