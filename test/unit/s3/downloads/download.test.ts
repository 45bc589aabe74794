import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { head, rawServer } from "../../../support/raw-server.js";
import { storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };

function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < size; index += 61) bytes[index] = index % 251;
  return bytes;
}

async function onRaw(answer: Parameters<typeof rawServer>[0], options: { partSize?: number } = {}) {
  const raw = await rawServer(answer);
  const world = await storeWorld(
    {},
    { endpointUrl: raw.url, ...options },
    { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" },
  );
  const path = world.folder.at("f");
  writeFileSync(path, "before");
  return {
    ...world,
    raw,
    path,
    get: (size?: number) =>
      world.store.download(ref, { kind: "file", path }, size === undefined ? {} : { size }),
  };
}

describe("a download", () => {
  it("asks for a range first, for nothing else when that was all", async () => {
    const { server, store, folder } = await storeWorld();
    server.put("b", "k", "hello");
    await store.download(ref, { kind: "file", path: folder.at("f") }, {});
    expect(server.requests[0]?.headers).toMatchObject({
      range: "bytes=0-8388607",
      "x-amz-checksum-mode": "ENABLED",
    });
    expect(server.requests.filter(({ method }) => method === "GET")).toHaveLength(1);
  });

  it("pins every later part to the first", async () => {
    const { server, store, folder } = await storeWorld({}, { partSize: MIB });
    const { etag } = server.put("b", "k", pattern(2.5 * MIB));
    await store.download(ref, { kind: "file", path: folder.at("f") }, {});
    const gets = server.requests.filter(({ method }) => method === "GET");
    expect(gets.map(({ headers }) => headers["if-match"])).toEqual([undefined, `"${etag}"`, `"${etag}"`]);
  });

  it("asks for a range also of a large object whose size is known", async () => {
    const { server, store, folder } = await storeWorld({}, { partSize: MIB });
    server.put("b", "k", pattern(2.5 * MIB));
    await store.download(ref, { kind: "file", path: folder.at("f") }, { size: 2.5 * MIB });
    const gets = server.requests.filter(({ method }) => method === "GET");
    expect(gets.map(({ headers }) => headers.range).sort()).toEqual([
      "bytes=0-1048575",
      "bytes=1048576-2097151",
      "bytes=2097152-2621439",
    ]);
  });

  it.each([
    ["ETag", { etag: '"f"' }, 30],
    ["size", { etag: '"e"' }, 31],
  ])(
    "refuses a later range of another %s, also from a server that minds no If-Match",
    async (_what, more, total) => {
      const { get, path } = await onRaw(
        ({ headers }, socket, index) => {
          const start = Number(headers.range?.match(/(\d+)-/)?.[1]);
          const later = index > 0;
          socket.write(
            head(206, {
              "content-length": 10,
              "content-range": `bytes ${start}-${start + 9}/${later ? total : 30}`,
              etag: '"e"',
              ...(later ? more : {}),
            }),
          );
          socket.write("0123456789");
        },
        { partSize: 10 },
      );
      await expect(get()).rejects.toMatchObject({ id: "s3-changed" });
      expect(readFileSync(path, "utf8")).toBe("before");
    },
  );

  it("refuses an object that is replaced in the middle", async () => {
    const { server, store, folder } = await storeWorld({}, { partSize: MIB });
    server.put("b", "k", pattern(4 * MIB));
    server.alter = (answer) => {
      server.put("b", "k", pattern(4 * MIB).fill(9));
      return answer;
    };
    writeFileSync(folder.at("f"), "before");
    await expect(store.download(ref, { kind: "file", path: folder.at("f") }, {})).rejects.toMatchObject({
      id: "s3-changed",
    });
    expect(readdirSync(folder.path)).toEqual(["f"]);
    expect(readFileSync(folder.at("f"), "utf8")).toBe("before");
  });

  it("goes on from where a body was cut", async () => {
    const body = pattern(3 * MIB);
    const { get, raw, path } = await onRaw(({ headers }, socket, index) => {
      const start = Number(headers.range?.match(/(\d+)-/)?.[1]);
      socket.write(
        head(206, {
          "content-length": body.length - start,
          "content-range": `bytes ${start}-${body.length - 1}/${body.length}`,
          etag: '"e"',
        }),
      );
      if (index < 7) socket.end(body.subarray(start, start + 1000));
      else socket.write(body.subarray(start));
    });
    await get();
    expect(readFileSync(path).equals(body)).toBe(true);
    expect(raw.requests.map(({ headers }) => headers.range).slice(0, 3)).toEqual([
      "bytes=0-8388607",
      "bytes=1000-3145727",
      "bytes=2000-3145727",
    ]);
    expect(raw.requests[1]?.headers["if-match"]).toBe('"e"');
  });

  it("gives up after five tries without a new byte", async () => {
    const { get, raw, path, folder } = await onRaw((_, socket) => {
      socket.end(head(206, { "content-length": 9, "content-range": "bytes 0-8/9", etag: '"e"' }));
    });
    await expect(get()).rejects.toMatchObject({ id: "s3-cut-short" });
    expect(raw.requests).toHaveLength(5);
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(folder.path)).toEqual(["f"]);
  });

  it.each([
    ["a 200 to a range", 200, { "content-length": 5 }, "status 200 to a request for a range"],
    ["another range", 206, { "content-length": 5, "content-range": "bytes 1-5/9" }, "Content-Range"],
    // Their length is what a range from the beginning to the end would have.
    ["a later beginning", 206, { "content-length": 6, "content-range": "bytes 1-5/6" }, "Content-Range"],
    ["an earlier end", 206, { "content-length": 9, "content-range": "bytes 0-4/9" }, "Content-Range"],
    ["no range", 206, { "content-length": 5 }, "Content-Range"],
    [
      "an unknown size, again and again",
      206,
      { "content-length": 5, "content-range": "bytes 0-4/*" },
      "status 206",
    ],
    ["a wrong length", 206, { "content-length": 6, "content-range": "bytes 0-4/5" }, "Content-Length 6"],
    ["a redirect to nowhere", 302, { "content-length": 0, location: "http://elsewhere/" }, "(302)"],
  ])("refuses %s", async (_name, status, headers, words) => {
    const body = "x".repeat(headers["content-length"]);
    const { get, path } = await onRaw((_, socket) => void socket.write(`${head(status, headers)}${body}`));
    const message = expect.stringContaining(words);
    await expect(get()).rejects.toMatchObject({ exitCode: 1, message });
    expect(readFileSync(path, "utf8")).toBe("before");
  });

  /** The whole object to every request, some bodies cut short. */
  const wholeOf = (
    body: Buffer,
    marks: Record<string, string>,
    cut: readonly number[],
  ): Parameters<typeof onRaw>[0] => {
    return (_, socket, index) => {
      socket.write(head(200, { "content-length": body.length, ...marks }));
      if (cut.includes(index)) socket.end(body.subarray(0, 500 * (index + 1)));
      else socket.write(body);
    };
  };

  it.each([undefined, 3000, 3 * MIB])(
    "goes on with a server that minds no range by passing over what has come, listed as %s bytes",
    async (size) => {
      const body = pattern(size ?? 3 * MIB);
      const { get, raw, path } = await onRaw(wholeOf(body, { etag: '"e"' }, [size === 3000 ? 0 : 1, 2]), {
        partSize: MIB,
      });
      await get(size);
      expect(readFileSync(path).equals(body)).toBe(true);
      const gets = raw.requests.filter(({ method }) => method === "GET");
      expect(gets.length).toBeGreaterThanOrEqual(4);
      expect(gets.at(-1)?.headers).toMatchObject({ "if-match": '"e"' });
      expect(gets.at(-1)?.headers.range).toBeUndefined();
    },
  );

  it.each([
    ["another ETag", { etag: '"e"' }, { etag: '"f"' }],
    [
      "another time",
      { "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" },
      { "last-modified": "Fri, 02 Jan 2026 03:04:06 GMT" },
    ],
  ])("does not go on so with %s", async (_what, first, second) => {
    const body = pattern(3000);
    const { get, path } = await onRaw((request, socket, index) =>
      wholeOf(body, index < 2 ? first : second, [1, 2])(request, socket, index),
    );
    await expect(get()).rejects.toMatchObject({ id: "s3-changed" });
    expect(readFileSync(path, "utf8")).toBe("before");
  });

  it.each([3, 9])(
    "reads what has changed since it was listed as %i bytes, from a server that tells no lengths",
    async (size) => {
      const { store, folder, raw } = await onRaw(({ method }, socket) => {
        const marks = { etag: '"new"', "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" };
        if (method === "HEAD") socket.write(head(200, { "content-length": 5, ...marks }));
        else
          socket.write(`${head(200, { "transfer-encoding": "chunked", ...marks })}5\r\nhello\r\n0\r\n\r\n`);
      });
      const target = { kind: "file", path: folder.at("f") } as const;
      await store.download(ref, target, { size, listed: { etag: '"old"' } });
      expect(readFileSync(folder.at("f"), "utf8")).toBe("hello");
      expect(raw.requests.map(({ method }) => method)).toEqual(["GET", "HEAD", "GET"]);
    },
  );

  it.each([
    ["another ETag", { etag: '"old"' }, { etag: '"new"' }],
    [
      "another time",
      { "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" },
      { "last-modified": "Fri, 02 Jan 2026 03:05:05 GMT" },
    ],
  ])("takes no size from a HEAD with %s", async (_what, ofHead, ofGet) => {
    const { get, raw, path } = await onRaw(({ method }, socket) => {
      if (method === "HEAD") socket.write(head(200, { "content-length": 5, ...ofHead }));
      else socket.write(`${head(200, { "transfer-encoding": "chunked", ...ofGet })}5\r\nhello\r\n0\r\n\r\n`);
    });
    await expect(get()).rejects.toMatchObject({ id: "s3-changed" });
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(raw.requests.filter(({ method }) => method === "HEAD")).toHaveLength(1);
  });

  it.each([200, 501])("reads an empty object whose range is answered 500, and HEAD %i", async (status) => {
    const { get, raw, path } = await onRaw(({ method, headers }, socket) => {
      if (method === "HEAD") socket.end(head(status, { "content-length": 0, etag: '"e"' }));
      else if (headers.range !== undefined) socket.write(head(500, { "content-length": 0 }));
      else socket.write(head(200, { "content-length": 0, etag: '"e"' }));
    });
    await get();
    expect(readFileSync(path, "utf8")).toBe("");
    expect(raw.requests.filter(({ headers }) => headers.range !== undefined).length).toBeGreaterThanOrEqual(
      5,
    );
  });

  it("refuses a body longer than announced", async () => {
    const { get, path } = await onRaw((_, socket) => {
      socket.write(
        `${head(206, { "transfer-encoding": "chunked", "content-range": "bytes 0-4/5" })}9\r\ntoo long!\r\n0\r\n\r\n`,
      );
    });
    await expect(get()).rejects.toMatchObject({
      id: "s3-odd-answer",
      message: expect.stringContaining("longer than announced"),
    });
    expect(readFileSync(path, "utf8")).toBe("before");
  });

  it("takes an empty object after a 416, and after an empty 200", async () => {
    const { store, server, folder } = await storeWorld();
    server.put("b", "k", "");
    await store.download(ref, { kind: "file", path: folder.at("f") }, {});
    expect(readFileSync(folder.at("f"))).toHaveLength(0);
  });

  it("reads an object that has grown since it was listed in ranges", async () => {
    const { server, store, folder } = await storeWorld({}, { partSize: MIB });
    const body = pattern(2 * MIB + 9);
    server.put("b", "k", body);
    await store.download(ref, { kind: "file", path: folder.at("f") }, { size: 4 });
    expect(readFileSync(folder.at("f")).equals(body)).toBe(true);
  });

  it("drops a body that falls silent", async () => {
    const raw = await rawServer((_, socket, index) => {
      socket.write(head(206, { "content-length": 5, "content-range": "bytes 0-4/5" }));
      if (index > 0) socket.write("hello");
    });
    const { store, folder } = await storeWorld(
      {},
      { endpointUrl: raw.url, readTimeoutMs: 300 },
      { AWS_RESPONSE_CHECKSUM_VALIDATION: "WHEN_REQUIRED" },
    );
    await store.download(ref, { kind: "file", path: folder.at("f") }, {});
    // On a busy machine what is not silent may come too late as well.
    expect(raw.requests.length).toBeGreaterThan(1);
    expect(readFileSync(folder.at("f"), "utf8")).toBe("hello");
  });

  it("stops before a byte is written when the head does not please", async () => {
    const { server, store, folder } = await storeWorld();
    server.put("b", "k", "x");
    const onHead = () => {
      throw new Error("no");
    };
    await expect(store.download(ref, { kind: "file", path: folder.at("f") }, { onHead })).rejects.toThrow(
      "no",
    );
    expect(existsSync(folder.at("f"))).toBe(false);
  });

  it("does not replace a folder", async () => {
    const { server, store, folder } = await storeWorld();
    server.put("b", "small", "x");
    server.put("b", "large", pattern(2 * MIB));
    for (const key of ["small", "large"])
      await expect(
        store.download({ bucket: "b", key }, { kind: "file", path: folder.path }, {}),
      ).rejects.toMatchObject({ id: "local-is-folder" });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("leaves nothing behind when it is stopped", async () => {
    const { get, store, raw, path, folder } = await onRaw((_, socket) => {
      socket.write(
        `${head(206, { "content-length": 3 * MIB, "content-range": `bytes 0-${3 * MIB - 1}/${3 * MIB}`, etag: '"e"' })}`,
      );
      socket.write(Buffer.alloc(MIB));
    });
    const download = get();
    download.catch(() => undefined);
    await expect.poll(() => readdirSync(folder.path).length).toBe(2);
    const reason = new Error("SIGTERM");
    await store.abort(reason);
    await expect(download).rejects.toBe(reason);
    expect(readdirSync(folder.path)).toEqual(["f"]);
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(raw.requests).toHaveLength(1);
  });
});

describe("a download's checksum", () => {
  it.each(["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"] as const)(
    "of kind %s is verified",
    async (algorithm) => {
      const world = await storeWorld();
      const { server, store, folder } = world;
      for (const size of [5, 3 * MIB, 18 * MIB]) {
        const body = pattern(size);
        writeFileSync(folder.at("up"), body);
        const single = world.open({ partSize: 64 * MIB });
        await single.upload({ kind: "file", path: folder.at("up") }, ref, { checksumAlgorithm: algorithm });
        await store.download(ref, { kind: "file", path: folder.at("down") }, {});
        expect(readFileSync(folder.at("down")).equals(body)).toBe(true);
        // The same length, other bytes: the checksum alone can tell.
        server.alter = (answer, { method }) =>
          method === "GET" && answer.status < 300
            ? { ...answer, body: Buffer.from(answer.body).fill(7, 0, 1) }
            : answer;
        writeFileSync(folder.at("down"), "before");
        await expect(
          store.download(ref, { kind: "file", path: folder.at("down") }, {}),
        ).rejects.toMatchObject({
          id: "s3-checksum-mismatch",
        });
        server.alter = undefined;
        expect(readFileSync(folder.at("down"), "utf8")).toBe("before");
        expect(readdirSync(folder.path).sort()).toEqual(["down", "up"]);
      }
    },
  );

  it("is not asked for where the environment says so", async () => {
    const { server, store, folder } = await storeWorld(
      {},
      {},
      { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" },
    );
    server.put("b", "k", pattern(9 * MIB));
    await store.download(ref, { kind: "file", path: folder.at("f") }, {});
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
    expect(server.requests.some(({ headers }) => headers["x-amz-checksum-mode"])).toBe(false);
  });

  it("costs no request of its own for an object whose size a listing told", async () => {
    const { server, store, folder } = await storeWorld({ modernChecksums: false });
    server.put("b", "k", "hello");
    await store.download(ref, { kind: "file", path: folder.at("f") }, { size: 5 });
    expect(server.requests).toHaveLength(1);
  });

  it("that is composite, unknown or absent is no failure", async () => {
    const world = await storeWorld({ modernChecksums: false });
    const body = pattern(9 * MIB);
    world.server.put("b", "k", body);
    world.server.alter = (answer) => ({
      ...answer,
      headers: {
        ...answer.headers,
        "x-amz-checksum-sha256": `${Buffer.alloc(32).toString("base64")}-3`,
        "x-amz-checksum-crc99": "AAAA",
      },
    });
    await world.store.download(ref, { kind: "file", path: world.folder.at("f") }, {});
    expect(readFileSync(world.folder.at("f")).equals(body)).toBe(true);
  });
});
