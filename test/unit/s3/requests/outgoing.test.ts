import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Signable } from "../../../../src/aws/sign.js";
import type { Address } from "../../../../src/s3/endpoint/address.js";
import { bufferBody, md5Header, md5Of } from "../../../../src/s3/requests/bodies.js";
import { encodeQuery, isRepeatable, outgoing, withPayer } from "../../../../src/s3/requests/outgoing.js";
import type { Body, S3Request } from "../../../../src/s3/requests/request.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const PUT: S3Request = { operation: "PutObject", method: "PUT", bucket: "b", key: "a b" };
const GET: S3Request = { operation: "GetObject", method: "GET", bucket: "b", key: "k" };
const SUM = { "x-amz-checksum-crc32": "AAAAAA==" };
const hello = bufferBody(Buffer.from("hello"));

function go(request: S3Request, origin = "https://h") {
  const signed: Signable[] = [];
  const sent: number[] = [];
  const unreadable: Error[] = [];
  const watch = {
    onSent: (bytes: number) => void sent.push(bytes),
    onUnreadable: (error: Error) => void unreadable.push(error),
  };
  const address = { origin, host: "h", path: "/b/" } as unknown as Address;
  const wire = outgoing(request, address, watch, (signable) => {
    signed.push({ ...signable, headers: { ...signable.headers } });
    signable.headers.authorization = "signed";
  });
  return { wire, signed, sent, unreadable };
}

describe("a request as it goes out", () => {
  it("has its key and query encoded, its headers signed, and nothing signed twice", () => {
    const { wire, signed } = go({ ...PUT, query: { "b=": "2&", a: "" }, headers: { "x-a": "1" } });
    expect(wire).toMatchObject({
      origin: "https://h",
      method: "PUT",
      path: "/b/a%20b?a=&b%3D=2%26",
      isAlone: false,
    });
    expect(wire.body).toBeUndefined();
    expect(wire.headers).toEqual({
      host: "h",
      "x-a": "1",
      "x-amz-content-sha256": sha256(""),
      "content-length": "0",
      authorization: "signed",
    });
    expect(signed).toEqual([
      {
        method: "PUT",
        path: "/b/a%20b",
        query: "a=&b%3D=2%26",
        headers: { host: "h", "x-a": "1", "x-amz-content-sha256": sha256(""), "content-length": "0" },
      },
    ]);
  });

  it.each([
    ["PUT", "0"],
    ["POST", "0"],
    ["GET", undefined],
    ["HEAD", undefined],
    ["DELETE", undefined],
  ] as const)("as %s without a body has the length %s", (method, length) => {
    expect(go({ ...GET, method }).wire.headers["content-length"]).toBe(length);
  });

  it.each<[string, string, Partial<S3Request>, string]>([
    ["left out over TLS, where there is a checksum", "https://h", { headers: SUM }, "UNSIGNED-PAYLOAD"],
    ["signed over TLS without a checksum", "https://h", {}, sha256("hello")],
    ["signed over TLS, where it is wanted", "https://h", { headers: SUM, signsBody: true }, sha256("hello")],
    ["signed over plain HTTP", "http://h", { headers: SUM }, sha256("hello")],
    [
      "signed where the checksum is left out",
      "https://h",
      { headers: SUM, leavesOut: () => true },
      sha256("hello"),
    ],
  ])("has the hash of its body %s", (_how, origin, more, hash) => {
    const { wire } = go({ ...PUT, ...more, body: hello }, origin);
    expect(wire.headers["x-amz-content-sha256"]).toBe(hash);
    expect(wire.headers["content-length"]).toBe("5");
  });

  it("has no body where that is empty", () => {
    const { wire, sent } = go({ ...PUT, headers: SUM, body: bufferBody(Buffer.alloc(0)) });
    expect([wire.body, wire.headers["content-length"], sent]).toEqual([undefined, "0", []]);
    expect(wire.headers["x-amz-content-sha256"]).toBe(sha256(""));
  });

  it("leaves out what its server refuses", () => {
    const { wire } = go({ ...PUT, headers: { "x-a": "1", "x-b": "2" }, leavesOut: (name) => name === "x-a" });
    expect([wire.headers["x-a"], wire.headers["x-b"]]).toEqual([undefined, "2"]);
  });

  it.each([true, false, undefined])(
    "that is alone (%s) closes its connection, which is not signed",
    (isAlone) => {
      const { wire, signed } = go(isAlone === undefined ? GET : { ...GET, isAlone });
      expect(wire.isAlone).toBe(isAlone === true);
      expect(wire.headers.connection).toBe(isAlone ? "close" : undefined);
      expect(signed[0]?.headers.connection).toBeUndefined();
    },
  );

  it.each([
    [64 * 1024 - 1, true],
    [64 * 1024, true],
    [64 * 1024 + 1, false],
  ])("of %i bytes is told as sent when it is", (size, isWhole) => {
    const { wire, sent } = go({ ...PUT, body: bufferBody(Buffer.alloc(size)) });
    expect(wire.body instanceof Buffer).toBe(isWhole);
    if (wire.body instanceof Buffer) expect(sent).toEqual([size]);
    else {
      const chunks = (wire.body as Iterable<Uint8Array>)[Symbol.iterator]();
      chunks.next();
      expect(sent).toEqual([]);
      chunks.next();
      expect(sent).toEqual([size]);
    }
  });

  it("tells of a body that cannot be read", () => {
    const broken = new Error("EIO");
    const body: Body = {
      size: 9,
      hash: () => "",
      *chunks() {
        yield Buffer.from("x");
        throw broken;
      },
    };
    const { wire, sent, unreadable } = go({ ...PUT, body });
    expect(() => [...(wire.body as Iterable<Uint8Array>)]).toThrow(broken);
    expect([sent, unreadable]).toEqual([[1], [broken]]);
  });

  it("may be about a bucket alone, and has no question mark without a query", () => {
    expect(go(GET).wire.path).toBe("/b/k");
    expect(go({ ...GET, key: undefined }).wire.path).toBe("/b/");
  });

  it("is not sent again at once where S3 works long for it", () => {
    expect(go(PUT).wire.isRepeatable).toBe(true);
    expect(go({ ...PUT, isSlowOperation: true }).wire.isRepeatable).toBe(false);
  });
});

it.each<[S3Request["method"], Record<string, string> | undefined, boolean]>([
  ["GET", { "if-match": "e" }, true],
  ["HEAD", { "if-none-match": "e" }, true],
  ["PUT", undefined, true],
  ["PUT", {}, true],
  ["DELETE", {}, true],
  ["PUT", { "if-match": "e" }, false],
  ["PUT", { "if-none-match": "*" }, false],
  ["DELETE", { "if-match": "e" }, false],
  ["POST", {}, false],
])("%s with %j may be done twice: %s", (method, headers, expected) => {
  expect(isRepeatable({ ...PUT, method, headers })).toBe(expected);
});

it("a query is in the order of its encoded names", () => {
  expect(encodeQuery({ b: "1", "a-": "2", "a=": "3", a: "4" })).toBe("a=4&a%3D=3&a-=2&b=1");
});

it("the payer is named for a bucket, and to no service", () => {
  const headers = { "x-a": "1" };
  expect(withPayer({ ...GET, headers }, "requester").headers).toEqual({
    "x-a": "1",
    "x-amz-request-payer": "requester",
  });
  expect(withPayer({ ...GET, headers }, undefined).headers).toBe(headers);
  expect(withPayer({ ...GET, headers, bucket: undefined }, "requester").headers).toBe(headers);
});

describe("the MD5 of a body", () => {
  it("is written in hex for an ETag, and in base64 for Content-MD5", () => {
    expect(md5Of(hello)).toBe("5d41402abc4b2a76b9719d911017c592");
    expect(md5Header(hello)).toEqual({ "content-md5": "XUFAKrxLKna5cZ2REBfFkg==" });
  });

  it("is left out where FIPS 140 rules", () => {
    const body = {
      ...hello,
      hash: () => {
        throw new Error("unsupported");
      },
    };
    expect(md5Of(body)).toBeUndefined();
    expect(md5Header(body)).toEqual({});
  });
});

it("a body in memory is handed over in chunks of 256 KiB", () => {
  const sizes = (size: number) => [...bufferBody(Buffer.alloc(size)).chunks()].map(({ length }) => length);
  const CHUNK = 256 * 1024;
  expect([CHUNK - 1, CHUNK, CHUNK + 1].map(sizes)).toEqual([[CHUNK - 1], [CHUNK], [CHUNK, 1]]);
  const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => index % 251));
  expect(Buffer.concat([...bufferBody(bytes).chunks()]).equals(bytes)).toBe(true);
});
