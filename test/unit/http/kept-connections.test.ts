import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { head, rawServer } from "../../support/raw-server.js";
import { storeWorld } from "../../support/store-world.js";

const when = { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" };
const ref = { bucket: "b", key: "k" };

describe("a connection that the store keeps", () => {
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

  it("passes over empty lines behind a response, and is closed then", async () => {
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
    "takes nothing of a response with %j behind it: another connection is asked",
    async (more) => {
      const { get, raw } = await world((_, socket, index) => {
        socket.write(index === 1 ? `${head(200, { "content-length": 5 })}wrong${more}` : hello);
      });
      expect(await get()).toBe("hello");
      expect(await get()).toBe("hello");
      expect(raw.requests).toHaveLength(3);
    },
  );

  it("fails when more than the response comes on every try", async () => {
    const { get, raw } = await world((_, socket) => void socket.write(`${hello}and more`));
    await expect(get()).rejects.toThrow(
      "No response when calling the GetObject operation: the server sent more than the response",
    );
    expect(raw.requests).toHaveLength(5);
  });

  it.each([
    ["HTTP/1.0", `HTTP/1.0 206 X\r\ncontent-length: 5\r\ncontent-range: bytes 0-4/5\r\n\r\nhello`],
    [
      "chunks",
      `${head(206, { "transfer-encoding": "chunked", "content-range": "bytes 0-4/5" })}5;x\r\nhello\r\n0\r\n\r\n`,
    ],
    ["a body that the end of the connection ends", `${head(206, { "content-range": "bytes 0-4/5" })}hello`],
  ])("takes %s in one request", async (_form, answer) => {
    const raw = await rawServer((_, socket) => void socket.end(answer));
    const { store, folder } = await storeWorld({}, { endpointUrl: raw.url }, when);
    await store.download(ref, { kind: "file", path: folder.at("f") }, {});
    expect(readFileSync(folder.at("f"), "utf8")).toBe("hello");
    expect(raw.requests).toHaveLength(1);
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
