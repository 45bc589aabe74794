import { describe, expect, it } from "vitest";
import { MalformedAnswer, OversizedAnswer, ResponseReader } from "../../../src/http/response-reader.js";

/** Reads a whole connection; undefined when the answer is not complete at its end. */
function read(text: string, limit = 1000) {
  const reader = new ResponseReader(limit);
  reader.push(Buffer.from(text, "latin1"));
  return reader.end() ? reader.response : undefined;
}

const bodyOf = (text: string) => read(text)?.body.toString("latin1");

describe("an answer", () => {
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
  ])("%j is read", (text, body) => {
    expect(bodyOf(text)).toBe(body);
  });

  it.each([
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
  ])("%j has no body, and is complete before its connection closes", (text) => {
    const reader = new ResponseReader(1000);
    reader.push(Buffer.from(text.slice(0, -1)));
    expect(reader.done).toBe(false);
    reader.push(Buffer.from("\n"));
    expect(reader.done).toBe(true);
    expect(reader.response.body).toHaveLength(0);
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
  ])("%j is malformed", (text) => {
    expect(() => read(text)).toThrow(MalformedAnswer);
  });

  it.each([
    `HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n`,
    `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(1001)}`,
    `HTTP/1.1 200 OK\r\nA: ${"x".repeat(40_000)}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${"f".repeat(2000)}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${"A: b\r\n".repeat(10_000)}`,
  ])("one beyond the limits is refused (%#)", (text) => {
    expect(() => read(text)).toThrow(OversizedAnswer);
  });

  it("joins repeated headers and lower-cases their names", () => {
    const headers = read("HTTP/1.1 200 OK\r\nX-A:  b \r\nx-a: c\r\nContent-Length: 0\r\n\r\n")?.headers;
    expect([...(headers ?? [])]).toEqual([
      ["x-a", "b, c"],
      ["content-length", "0"],
    ]);
  });
});
