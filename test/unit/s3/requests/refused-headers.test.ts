import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { isNotImplemented, refusalOf } from "../../../../src/s3/requests/refused-headers.js";
import { errorOf, REFUSALS, refuse } from "../../../support/refusing-store.js";
import { storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };
const LARGE = Buffer.from(Uint32Array.from({ length: (2.5 * MIB) / 4 }, (_, index) => index).buffer);

/** A store that refuses some headers, and how often it did. */
async function refusing(names: RegExp, how: (typeof REFUSALS)[number]) {
  const world = await storeWorld({}, { partSize: MIB });
  let refused = 0;
  world.server.instead = (request) => {
    const answer = refuse(request, names, how);
    if (answer !== undefined) refused++;
    return answer;
  };
  return { ...world, refused: () => refused };
}

describe.each(REFUSALS)("a store that refuses a header with %i %s %s", (...how) => {
  it("is read from without x-amz-checksum-mode, and hears of it once", async () => {
    const { server, store, folder, refused } = await refusing(/^x-amz-checksum-mode$/, how);
    server.put("b", "k", "hello");
    server.put("b", "large", LARGE);
    for (const _ of [1, 2]) {
      await store.download(ref, { kind: "file", path: folder.at("f") }, {});
      await store.download({ bucket: "b", key: "large" }, { kind: "file", path: folder.at("g") }, {});
      expect(readFileSync(folder.at("f"), "utf8")).toBe("hello");
      expect(readFileSync(folder.at("g")).equals(LARGE)).toBe(true);
    }
    expect(refused()).toBe(1);
  });

  it("is read from without If-Match, and no two versions are mixed", async () => {
    const { server, store, folder, refused } = await refusing(/^if-match$/, how);
    server.put("b", "k", LARGE);
    const path = folder.at("f");
    await store.download(ref, { kind: "file", path }, {});
    expect(readFileSync(path).equals(LARGE)).toBe(true);
    expect(refused()).toBeGreaterThan(0);
    const before = refused();
    writeFileSync(path, "before");
    let replaced = false;
    server.alter = (answer, { operation }) => {
      if (operation === "GetObject" && !replaced) server.put("b", "k", Buffer.from(LARGE).fill(9, MIB));
      if (operation === "GetObject") replaced = true;
      return answer;
    };
    await expect(store.download(ref, { kind: "file", path }, {})).rejects.toMatchObject({ id: "s3-changed" });
    expect(replaced).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(refused()).toBe(before);
  });

  it("still gives a checksum where only If-Match is refused to HEAD", async () => {
    const { server, store, folder } = await refusing(/^if-match$/, how);
    server.put("b", "k", LARGE);
    const told: string[] = [];
    const onUnverified = (reason: string) => void told.push(reason);
    await store.download(ref, { kind: "file", path: folder.at("f") }, { onUnverified });
    expect(told).toEqual([]);
  });

  it("that refuses HEAD altogether is not asked twice for each object", async () => {
    const { server, store, folder } = await refusing(/^none$/, how);
    server.put("b", "k", LARGE);
    const [status, code, message] = how;
    server.instead = ({ operation }) =>
      operation === "HeadObject" ? { ...errorOf(status, code, message), body: Buffer.alloc(0) } : undefined;
    const heads = () => server.requests.filter(({ operation }) => operation === "HeadObject").length;
    const path = folder.at("f");
    const get = () => store.download(ref, { kind: "file", path }, {}).catch(() => undefined);
    await get();
    const first = heads();
    await get();
    expect(heads() - first).toBeLessThan(first);
  });

  it("is listed without the status of restores, and hears of it once", async () => {
    const { server, store, refused } = await refusing(/^x-amz-optional-object-attributes$/, how);
    for (const key of ["a", "b", "c"]) server.put("b", key, "x");
    const keys: string[] = [];
    for (const _ of [1, 2])
      for await (const page of store.list({ bucket: "b", prefix: "", pageSize: 1 }))
        keys.push(...page.objects.map(({ key }) => key));
    expect(keys).toEqual(["a", "b", "c", "a", "b", "c"]);
    expect(refused()).toBe(1);
  });

  it.each([3, 1.5 * MIB])("replaces nothing though it refuses If-None-Match, %i bytes", async (size) => {
    const { server, store, folder, refused } = await refusing(/^if-none-match$/, how);
    writeFileSync(folder.at("f"), Buffer.alloc(size, "n"));
    const source = { kind: "file", path: folder.at("f") } as const;
    server.put("b", "k", "there");
    for (const _ of [1, 2]) {
      const kept = store.upload(source, ref, { ifAbsent: true });
      await expect(kept).rejects.toMatchObject({ id: "s3-exists" });
    }
    expect(server.object("b", "k")?.body.toString()).toBe("there");
    for (const key of ["m", "n"]) await store.upload(source, { bucket: "b", key }, { ifAbsent: true });
    expect(server.object("b", "n")?.body).toHaveLength(size);
    // Of a single PUT its checksum may have been meant, too.
    const before = refused();
    await store.upload(source, { bucket: "b", key: "o" }, { ifAbsent: true });
    expect(refused()).toBe(before);
  });

  it("writes nothing without the condition where it may not be looked at", async () => {
    const { server, store, folder } = await refusing(/^if-none-match$/, how);
    const { instead } = server;
    server.instead = (request, body) =>
      request.operation === "HeadObject" || request.operation === "GetObject"
        ? errorOf(403, "AccessDenied", "Access Denied")
        : instead?.(request, body);
    writeFileSync(folder.at("f"), "new");
    const source = { kind: "file", path: folder.at("f") } as const;
    await expect(store.upload(source, ref, { ifAbsent: true })).rejects.toThrow("AccessDenied");
    expect(server.bucket("b").keys()).toEqual([]);
  });

  it.each([5, LARGE.length])(
    "is copied in without the source's condition, and no two versions are mixed, %i bytes",
    async (size) => {
      const { server, store, refused } = await refusing(/^x-amz-copy-source-if-/, how);
      const { instead } = server;
      server.put("b", "k", LARGE.subarray(0, size));
      const copy = (key: string) =>
        store.copy(ref, { bucket: "b", key }, { copyProps: "default", contentType: "a/b" }, { size });
      for (const key of ["l", "m"]) await copy(key);
      expect(server.object("b", "m")?.body).toHaveLength(size);
      const before = refused();
      expect(before).toBeGreaterThan(0);
      server.instead = (request, body) => {
        if (/Copy/.test(request.operation)) server.put("b", "k", Buffer.alloc(size, "n"));
        return instead?.(request, body);
      };
      await expect(copy("n")).rejects.toMatchObject({ id: "s3-changed" });
      expect(refused()).toBe(before);
    },
  );

  it("is given a checksum of the parts' checksums where it has none of the whole", async () => {
    const { server, store, folder, refused } = await refusing(/^x-amz-checksum-type$/, how);
    writeFileSync(folder.at("f"), LARGE);
    for (const key of ["k", "l"])
      await store.upload(
        { kind: "file", path: folder.at("f") },
        { bucket: "b", key },
        { checksumAlgorithm: "CRC32" },
      );
    expect(server.object("b", "l")?.checksum).toMatchObject({ algorithm: "CRC32", type: "COMPOSITE" });
    expect(refused()).toBe(1);
  });
});

describe("Content-MD5", () => {
  const LOCKED = [
    "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    "Content-MD5 HTTP header is required for Put Part requests with Object Lock parameters",
    "Missing required header for this request: Content-MD5",
  ];

  it.each(LOCKED.flatMap((message) => [3, 9 * MIB].map((size) => [message, size] as const)))(
    "is sent to a store that demands it: %s, %i bytes",
    async (message, size) => {
      const { server, store, folder } = await storeWorld({ modernChecksums: false });
      server.instead = ({ operation, headers }) =>
        /^(PutObject|UploadPart)$/.test(operation) && headers["content-md5"] === undefined
          ? errorOf(400, "InvalidRequest", message)
          : undefined;
      writeFileSync(folder.at("f"), Buffer.alloc(size, "n"));
      for (const key of ["k", "l"])
        await store.upload({ kind: "file", path: folder.at("f") }, { bucket: "b", key }, {});
      expect(server.object("b", "l")?.body).toHaveLength(size);
      expect(server.requests.filter(({ status }) => status === 400)).toHaveLength(size > MIB ? 2 : 1);
    },
  );

  it("goes along wherever a checksum is refused, and is left out where it is refused itself", async () => {
    const { server, store, folder } = await storeWorld();
    let refuses = /^x-amz-(sdk-)?checksum-/;
    server.instead = (request) => refuse(request, refuses, REFUSALS[0] as (typeof REFUSALS)[number]);
    writeFileSync(folder.at("f"), "hello");
    const upload = () => store.upload({ kind: "file", path: folder.at("f") }, ref, {});
    await upload();
    expect(server.requests.at(-1)?.headers["content-md5"]).toBe("XUFAKrxLKna5cZ2REBfFkg==");
    refuses = /^(content-md5|x-amz-(sdk-)?checksum-.*)$/;
    await upload();
    const { headers } = server.requests.at(-1) ?? {};
    expect(headers?.["content-md5"]).toBeUndefined();
    expect(headers?.["x-amz-content-sha256"]).toMatch(/^[0-9a-f]{64}$/);
    const before = server.requests.length;
    await upload();
    expect(server.requests).toHaveLength(before + 1);
  });
});

describe("refusalOf", () => {
  const of = (status: number, code: string, message: string, more = "") =>
    refusalOf(
      new ServerError(
        {
          ...errorOf(status, code, message),
          headers: {},
          body: Buffer.from(`<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`),
        },
        "GetObject",
      ),
      "x-amz-checksum-mode",
    );

  it.each([
    [400, "InvalidArgument", "Unsupported header 'X-Amz-Checksum-Mode'", "", "named"],
    [501, "NotImplemented", "no", "<Header>x-amz-checksum-mode</Header>", "named"],
    [501, "NotImplemented", "no", "<Header>Transfer-Encoding</Header>", undefined],
    [400, "InvalidArgument", "Invalid version id", "<ArgumentName>versionId</ArgumentName>", undefined],
    [400, "InvalidRequest", "Value for x-amz-checksum-mode header is invalid.", "", undefined],
    [403, "AccessDenied", "x-amz-checksum-mode", "", undefined],
    [404, "NoSuchKey", "x-amz-checksum-mode", "", undefined],
    [400, "ExpiredToken", "x-amz-checksum-mode", "", undefined],
    [503, "SlowDown", "x-amz-checksum-mode", "", undefined],
    [501, "XNotImplemented", "x-amz-checksum-mode", "", "named"],
    [501, "NotNotImplemented", "x-amz-checksum-mode", "", undefined],
    [501, "NotImplementedYet", "x-amz-checksum-mode", "", undefined],
    [400, "NoInvalidArgument", "x-amz-checksum-mode", "", undefined],
    [400, "InvalidArguments", "x-amz-checksum-mode", "", undefined],
  ])("%i %s %s %s: %s", (status, code, message, more, expected) => {
    expect(of(status, code, message, more)).toBe(expected);
  });

  it("is nothing for what no server said", () => {
    for (const code of ["InvalidArgument", "NotImplemented"]) {
      const error = Object.assign(new Error("x-amz-checksum-mode"), { code });
      expect(refusalOf(error, "x-amz-checksum-mode")).toBeUndefined();
      expect(isNotImplemented(error)).toBe(false);
    }
  });
});
