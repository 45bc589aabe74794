import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHead } from "../../../src/http/answer-head.js";
import { ChunkedBody } from "../../../src/http/chunked-body.js";
import { head, rawServer } from "../../support/raw-server.js";
import { storeWorld } from "../../support/store-world.js";

const when = { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" };
const ref = { bucket: "b", key: "k" };

describe("parseHead", () => {
  it("reads a plain answer", () => {
    expect(parseHead('HTTP/1.1 206 Partial\r\nContent-Length: 5\r\nETag:\t"e" \r\nX: a\r\nX: b')).toEqual({
      status: 206,
      headers: { "content-length": "5", etag: '"e"', x: "a,b" },
      length: 5,
      keepAlive: true,
    });
    expect(parseHead("HTTP/1.1 403 \r\ntransfer-encoding: Chunked\r\nconnection: close")).toMatchObject({
      length: undefined,
      keepAlive: false,
    });
  });

  it.each([
    "",
    "HTTP/1.0 200 OK\r\ncontent-length: 5",
    "HTTP/1.1 100 Continue\r\ncontent-length: 5",
    "HTTP/1.1 204 None\r\ncontent-length: 5",
    "HTTP/1.1 204 None\r\ntransfer-encoding: chunked",
    "HTTP/1.1 304 Not Modified\r\ncontent-length: 0",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n: x",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n__proto__: x",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nnothing\r\nx: y",
    "HTTP/1.1 200OK\r\ncontent-length: 5",
    "HTTP/1.1 200 OK",
    "HTTP/1.1 200 OK\r\ncontent-length: -5",
    "HTTP/1.1 200 OK\r\ncontent-length: 0x5",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 5",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked",
    "HTTP/1.1 200 OK\r\ncontent-length : 5",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n folded: x",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx: a\nb",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx: a\0b",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nnothing",
  ])("leaves %j to another reader", (text) => expect(parseHead(text)).toBeUndefined());

  it("takes the silence of 204 for an empty body", () => {
    expect(parseHead("HTTP/1.1 204 No Content\r\nserver: x")).toMatchObject({ status: 204, length: 0 });
    expect(parseHead("HTTP/1.1 204 No Content\r\ncontent-length: 0")).toMatchObject({ length: 0 });
  });

  it("reads any header as RFC 9112 has it, line by line", () => {
    const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
    const name = fc.oneof(
      fc.constantFrom("x", "X", "ETag", "", "a b", "x-y", "é"),
      fc.string({ maxLength: 4 }),
    );
    const value = fc.oneof(
      fc.constantFrom("", " ", "v", "\t v \t", "a\rb", "a\nb", ":", "\u00a0v\u00a0", "\u0100"),
      fc.string(),
    );
    const field = fc.tuple(name, fc.constantFrom(":", " :", ""), value).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 4 }), (lines) => {
        const all = ["content-length: 5", ...lines];
        const expected: Record<string, string> = {};
        // What is a line is for the bytes to say.
        for (const line of all.join("\r\n").split("\r\n")) {
          const [, key, text = ""] = FIELD.exec(line) ?? [];
          if (key === undefined) {
            expect(parseHead(`HTTP/1.1 200 OK\r\n${all.join("\r\n")}`)).toBeUndefined();
            return;
          }
          const lower = key.toLowerCase();
          expected[lower] = Object.hasOwn(expected, lower) ? `${expected[lower]},${text}` : text;
        }
        expect(parseHead(`HTTP/1.1 200 OK\r\n${all.join("\r\n")}`)?.headers).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("ChunkedBody", () => {
  const decodeChunked = (bytes: Buffer) => new ChunkedBody().take(bytes);
  const encode = (chunks: readonly Uint8Array[]) =>
    Buffer.concat([
      ...chunks
        .filter(({ length }) => length > 0)
        .flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]),
      Buffer.from("0\r\n\r\n"),
    ]);

  it("gives back what was encoded, and asks for more before it is whole", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.nat(), (chunks, cut) => {
        const raw = encode(chunks);
        expect(decodeChunked(raw)).toEqual(Buffer.concat(chunks));
        expect(decodeChunked(raw.subarray(0, cut % raw.length))).toBe("more");
      }),
    );
  });

  it.each([
    "x\r\n",
    "5;ext\r\nhello\r\n0\r\n\r\n",
    "5\r\nhelloXX0\r\n\r\n",
    "-1\r\n",
    "0\r\ntrailer: x\r\n\r\n",
    "f".repeat(300),
  ])("refuses %j", (text) => expect(decodeChunked(Buffer.from(text))).toBeUndefined());

  it("tells what stands behind the end", () => {
    const body = new ChunkedBody();
    expect(body.take(Buffer.from("2\r\nhi\r\n0\r\n\r\nmore"))).toEqual(Buffer.from("hi"));
    expect(body.beyond.toString()).toBe("more");
  });

  it("does not mind how a body is cut", () => {
    const cuts = fc.array(fc.nat({ max: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), cuts, (chunks, at) => {
        const raw = encode(chunks);
        const bounds = [0, ...at.map((cut) => cut % raw.length).sort((a, b) => a - b), raw.length];
        const body = new ChunkedBody();
        const parts = bounds.slice(1).map((end, index) => raw.subarray(bounds[index], end));
        expect(parts.map((part) => body.take(part)).at(-1)).toEqual(Buffer.concat(chunks));
      }),
    );
  });
});

describe("a direct connection", () => {
  async function world(...answer: Parameters<typeof rawServer>) {
    const raw = await rawServer(...answer);
    const { store, folder, context } = await storeWorld({}, { endpointUrl: raw.url }, when);
    const get = async () => {
      await store.download(ref, { kind: "file", path: folder.at("f") }, { size: 5 });
      return readFileSync(folder.at("f"), "utf8");
    };
    return { raw, get, slept: context.slept };
  }
  const hello = `${head(200, { "content-length": 5 })}hello`;

  it("is used again, and not after it said that it closes", async () => {
    const ports = new Set<number | undefined>();
    const { get } = await world((_, socket, index) => {
      ports.add(socket.remotePort);
      socket.write(index === 2 ? `${head(200, { "content-length": 5, connection: "close" })}hello` : hello);
    });
    for (let index = 0; index < 4; index++) expect(await get()).toBe("hello");
    expect(ports.size).toBe(2);
  });

  it("that was closed for idleness is replaced without a failed try", async () => {
    const { get, raw, slept } = await world((_, socket, index) => {
      if (index === 1) socket.destroy();
      else socket.write(hello);
    });
    expect(await get()).toBe("hello");
    expect(await get()).toBe("hello");
    expect(raw.requests).toHaveLength(3);
    expect(slept, "a failed try would have been waited for").toEqual([]);
  });

  it("takes heads and bodies that come byte by byte", async () => {
    const { get } = await world((_, socket) => {
      let at = 0;
      const drip = () => {
        if (at < hello.length) socket.write(hello.charAt(at++), () => setImmediate(drip));
      };
      drip();
    });
    expect(await get()).toBe("hello");
  });

  it("passes over empty lines behind an answer, and is closed then", async () => {
    const ports = new Set<number | undefined>();
    const { get } = await world((_, socket) => {
      ports.add(socket.remotePort);
      socket.write(`${hello}\r\n\r\n`);
    });
    expect(await get()).toBe("hello");
    expect(await get()).toBe("hello");
    expect(ports.size).toBe(2);
  });

  it.each(["and more", `${head(200, { "content-length": 5 })}world`])(
    "takes nothing of an answer with %j behind it: another connection is asked",
    async (more) => {
      const { get, raw } = await world((_, socket, index) => {
        socket.write(index === 1 ? `${head(200, { "content-length": 5 })}wrong${more}` : hello);
      });
      expect(await get()).toBe("hello");
      expect(await get()).toBe("hello");
      expect(raw.requests).toHaveLength(3);
    },
  );

  it("fails when more than the answer comes on every try", async () => {
    const { get, raw } = await world((_, socket) => void socket.write(`${hello}and more`));
    await expect(get()).rejects.toThrow(
      "No answer when calling the GetObject operation: the server sent more than the answer",
    );
    expect(raw.requests).toHaveLength(5);
  });

  it("leaves odd answers to undici", async () => {
    const { get, raw } = await world((_, socket) => {
      socket.end(hello.replace("HTTP/1.1", "HTTP/1.0"));
    });
    expect(await get()).toBe("hello");
    expect(raw.requests).toHaveLength(2);
    // Once is enough to know.
    expect(await get()).toBe("hello");
    expect(raw.requests).toHaveLength(3);
  });

  it("never sends twice what must not exist yet", async () => {
    const raw = await rawServer((_, socket) => {
      socket.end(head(200, { "content-length": 0, etag: '"e"' }).replace("HTTP/1.1", "HTTP/1.0"));
    });
    const { store, folder } = await storeWorld({}, { endpointUrl: raw.url }, when);
    writeFileSync(folder.at("empty"), "");
    await store.upload({ kind: "file", path: folder.at("empty") }, ref, { ifAbsent: true });
    expect(raw.requests.map(({ method, headers }) => [method, headers["if-none-match"]])).toEqual([
      ["PUT", "*"],
    ]);
  });

  it("reads S3's errors in chunks with one request", async () => {
    const { get, raw } = await world((_, socket) => {
      const xml = "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>";
      socket.write(head(404, { "transfer-encoding": "chunked", "content-type": "application/xml" }));
      socket.write(`${xml.length.toString(16)}\r\n${xml}\r\n`);
      setImmediate(() => socket.write("0\r\n\r\n"));
    });
    await expect(get()).rejects.toMatchObject({ id: "s3-no-such-key" });
    expect(raw.requests).toHaveLength(1);
  });

  it("reads listings in chunks, and heads without a body", async () => {
    const xml = `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${"<Contents><Key>k</Key><Size>1</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>".repeat(900)}</ListBucketResult>`;
    const raw = await rawServer(({ method }, socket) => {
      if (method === "HEAD") {
        socket.write(head(200, { "content-length": 77, etag: '"e"' }));
        return;
      }
      socket.write(head(200, { "transfer-encoding": "chunked" }));
      for (let from = 0; from < xml.length; from += 7000) {
        const chunk = xml.slice(from, from + 7000);
        socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      }
      socket.write("0\r\n\r\n");
    });
    const { store } = await storeWorld({}, { endpointUrl: raw.url });
    for (let round = 0; round < 2; round++) {
      const pages = [];
      for await (const page of store.list({ bucket: "b", prefix: "" })) pages.push(page.objects.length);
      expect(pages).toEqual([900]);
      expect((await store.head(ref)).size).toBe(77);
    }
    expect(raw.requests).toHaveLength(4);
  });
});
