import { describe, expect, it } from "vitest";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import { parameter } from "../../../support/s3-server/s3-request.js";
import type { S3Server } from "../../../support/s3-server/s3-server.js";
import { storeWorld } from "../../../support/store-world.js";

const MIB = 1024 ** 2;
/** The AWS CLI's multipart_threshold and multipart_chunksize. */
const PART = 8 * MIB;

const from = { bucket: "b", key: "from" };
const to = { bucket: "b", key: "to" };

const operations = (server: S3Server) => server.requests.map(({ operation }) => operation);
const headersOf = (server: S3Server, name: string) =>
  server.requests.filter(({ operation }) => operation === name).map(({ headers }) => headers);

const error = (status: number, code: string) => ({
  status,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(`<Error><Code>${code}</Code><Message>m</Message></Error>`),
});

/** A source of so many bytes, no two parts of which are alike. */
const bytes = (size: number) => Buffer.alloc(size, Buffer.from("0123456"));

describe("a copy of 8 MiB and more", () => {
  it.each([
    { size: PART - 1, ranges: [] },
    { size: PART, ranges: [`bytes=0-${PART - 1}`] },
    {
      size: 20 * MIB,
      ranges: [`bytes=0-${PART - 1}`, `bytes=${PART}-${2 * PART - 1}`, `bytes=${2 * PART}-${20 * MIB - 1}`],
    },
  ])("goes in parts: $size bytes", async ({ size, ranges }) => {
    const { server, store } = await storeWorld();
    const { etag } = server.put("b", "from", bytes(size));
    let counted = 0;
    await store.copy(from, to, { copyProps: "default" }, { size, onBytes: (more) => (counted += more) });
    expect(server.object("b", "to")?.body.equals(bytes(size))).toBe(true);
    const parts = headersOf(server, "UploadPartCopy");
    expect(parts.map((headers) => headers["x-amz-copy-source-range"]).sort()).toEqual([...ranges].sort());
    expect(operations(server)).toEqual(
      ranges.length === 0
        ? ["CopyObject"]
        : [
            ...["HeadObject", "GetObjectTagging", "CreateMultipartUpload"],
            ...ranges.map(() => "UploadPartCopy"),
            ...["HeadObject", "CompleteMultipartUpload", "HeadObject"],
          ],
    );
    for (const headers of parts) {
      expect(headers["x-amz-copy-source"]).toBe("b/from");
      expect(headers["x-amz-copy-source-if-match"]).toBe(`"${etag}"`);
    }
    expect(counted).toBe(size);
  });

  it("has several of them under way at once", async () => {
    const { server, store } = await storeWorld();
    const size = 4 * PART;
    server.put("b", "from", bytes(size));
    let waiting = 0;
    let allAreThere = (): void => undefined;
    const all = new Promise<undefined>((resolve) => {
      allAreThere = () => resolve(undefined);
    });
    server.instead = ({ operation }) => {
      if (operation !== "UploadPartCopy") return undefined;
      if (++waiting === 4) allAreThere();
      return all;
    };
    await store.copy(from, to, { copyProps: "default" }, { size });
    expect(server.object("b", "to")?.body.equals(bytes(size))).toBe(true);
  });

  it("has parts of the size that was asked for", async () => {
    const { server, store } = await storeWorld({}, { partSize: 5 * MIB });
    server.put("b", "from", bytes(11 * MIB));
    await store.copy(from, to, { copyProps: "none" }, { size: 11 * MIB });
    expect(headersOf(server, "UploadPartCopy")).toHaveLength(3);
  });

  it("is not looked at again when HEAD has just told of it", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(PART), { metadata: { m: "1" } });
    const head = await store.head(from);
    server.forget();
    await store.copy(from, to, { copyProps: "default" }, { size: PART, head });
    expect(operations(server)[0]).toBe("GetObjectTagging");
    expect(server.object("b", "to")?.metadata).toEqual({ m: "1" });
  });

  const SOURCE = {
    metadata: { m: "1" },
    tags: { t: "2" },
    headers: { "content-type": "a/b", "cache-control": "no-cache" },
    storageClass: "STANDARD_IA",
  };
  const headers = SOURCE.headers;
  const none = { metadata: {}, tags: {} };

  it.each([
    ["default", {}, { metadata: { m: "1" }, tags: { t: "2" }, headers }],
    ["metadata-directive", {}, { metadata: { m: "1" }, tags: {}, headers }],
    ["none", {}, none],
    ["default", { metadata: { n: "3" } }, { metadata: { n: "3" }, tags: { t: "2" }, headers }],
    [
      "default",
      { contentType: "c/d" },
      { metadata: { m: "1" }, headers: { ...headers, "content-type": "c/d" } },
    ],
    ["default", { metadataDirective: "REPLACE" }, none],
    ["default", { metadataDirective: "COPY" }, { metadata: { m: "1" }, tags: { t: "2" }, headers }],
    ["default", { storageClass: "GLACIER_IR" }, { storageClass: "GLACIER_IR", tags: { t: "2" } }],
  ])("with --copy-props %s and %j carries what the AWS CLI does", async (copyProps, more, expected) => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(PART), SOURCE);
    await store.copy(from, to, { copyProps, ...more }, { size: PART });
    expect(server.object("b", "to")).toMatchObject({ storageClass: "STANDARD", ...expected });
    expect(operations(server)).toContain("UploadPartCopy");
    const asksForTags =
      copyProps === "default" && !("metadataDirective" in more && more.metadataDirective === "REPLACE");
    expect(operations(server).includes("GetObjectTagging")).toBe(asksForTags);
  });

  it("gives the new object what was asked for, and the conditions to its parts", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(PART));
    await store.copy(
      from,
      to,
      { copyProps: "none", acl: "bucket-owner-full-control", serverSideEncryption: "AES256", ifAbsent: true },
      { size: PART },
    );
    expect(headersOf(server, "CreateMultipartUpload")[0]).toMatchObject({
      "x-amz-acl": "bucket-owner-full-control",
      "x-amz-server-side-encryption": "AES256",
    });
    expect(headersOf(server, "CompleteMultipartUpload")[0]).toMatchObject({ "if-none-match": "*" });
    await expect(
      store.copy(from, to, { copyProps: "none", ifAbsent: true }, { size: PART }),
    ).rejects.toMatchObject({ id: "s3-exists" });
    expect(server.bucket("b").uploads.size).toBe(0);
  });

  it("copies the version that was asked for, and its tags", async () => {
    const { server, store } = await storeWorld();
    server.bucket("b").versioning = true;
    const { versionId } = server.put("b", "from", bytes(PART), { tags: { t: "1" } });
    server.put("b", "from", "newer");
    await store.copy({ ...from, versionId }, to, { copyProps: "default" }, { size: PART });
    const asked = server.requests.filter(({ operation }) =>
      /^(HeadObject|GetObjectTagging)$/.test(operation),
    );
    expect(asked.pop()?.key).toBe("to");
    expect(asked.map((request) => parameter(request, "versionId"))).toEqual(Array(3).fill(versionId));
    const source = headersOf(server, "UploadPartCopy")[0]?.["x-amz-copy-source"];
    expect(source).toBe(`b/from?versionId=${versionId}`);
    expect(server.object("b", "to")?.tags).toEqual({ t: "1" });
  });

  it("reads and writes under customer keys", async () => {
    const { server, store } = await storeWorld();
    const [read, written] = [1, 2].map((fill) => ({ algorithm: "AES256", key: Buffer.alloc(32, fill) }));
    server.put("b", "from", bytes(PART));
    await store.copy(
      from,
      { bucket: "b", key: "mine" },
      { copyProps: "none", customerKey: read! },
      { size: PART },
    );
    await store.copy(
      { bucket: "b", key: "mine" },
      to,
      { copyProps: "default", sourceCustomerKey: read!, customerKey: written! },
      { size: PART },
    );
    expect(server.object("b", "to")?.body.equals(bytes(PART))).toBe(true);
    await expect(store.head(to, { customerKey: written! })).resolves.toMatchObject({ size: PART });
  });

  it.each([
    { stored: "right", algorithm: undefined, id: undefined },
    { stored: "wrong", algorithm: undefined, id: "s3-stored-wrong" },
    { stored: "right", algorithm: "CRC64NVME", id: undefined },
    // Of another kind than the source's: nothing to compare.
    { stored: "wrong", algorithm: "SHA256", id: undefined },
  ])("is compared with its source by CRC64NVME: $stored, $algorithm", async ({ stored, algorithm, id }) => {
    const { server, store } = await storeWorld();
    const value = checksumOf("CRC64NVME", bytes(PART));
    server.put("b", "from", bytes(PART), {
      checksum: { algorithm: "CRC64NVME", value, type: "FULL_OBJECT" },
    });
    server.alter = (answer, { operation }) => {
      if (operation !== "CompleteMultipartUpload" || algorithm !== undefined) return answer;
      const told = stored === "right" ? value : checksumOf("CRC64NVME", Buffer.from("other"));
      const sum = `<ChecksumCRC64NVME>${told}</ChecksumCRC64NVME></CompleteMultipartUploadResult>`;
      const body = answer.body.toString().replace("</CompleteMultipartUploadResult>", sum);
      return { ...answer, body: Buffer.from(body) };
    };
    const parameters = { copyProps: "none", ...(algorithm && { checksumAlgorithm: algorithm }) };
    const failure = await store.copy(from, to, parameters, { size: PART }).then(
      () => undefined,
      (error: { id: string }) => error.id,
    );
    expect(failure).toBe(id);
    expect(headersOf(server, "HeadObject")[0]).toMatchObject({ "x-amz-checksum-mode": "ENABLED" });
  });

  it("of a source that was replaced ends, and nothing is left of it", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(2 * PART));
    server.put("b", "to", "before");
    server.instead = ({ operation }) => {
      if (operation === "UploadPartCopy") server.put("b", "from", bytes(2 * PART).fill("x"));
      return undefined;
    };
    await expect(store.copy(from, to, { copyProps: "default" }, { size: 2 * PART })).rejects.toMatchObject({
      id: "s3-changed",
    });
    expect(server.object("b", "to")?.body.toString()).toBe("before");
    expect(server.bucket("b").uploads.size).toBe(0);
  });

  it("has one part sent again, and not all, when its response is lost", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(2 * PART));
    let failed = false;
    server.instead = (request) => {
      const isSecond = parameter(request, "partNumber") === "2";
      if (request.operation !== "UploadPartCopy" || !isSecond || failed) return undefined;
      failed = true;
      return error(500, "InternalError");
    };
    await store.copy(from, to, { copyProps: "default" }, { size: 2 * PART });
    expect(headersOf(server, "UploadPartCopy")).toHaveLength(3);
    expect(headersOf(server, "CreateMultipartUpload")).toHaveLength(1);
  });
});

describe("a store that copies no parts", () => {
  it("copies the whole, is asked for parts by the first copy alone, and keeps no upload", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(PART), { metadata: { m: "1" } });
    server.instead = ({ operation }) =>
      operation === "UploadPartCopy" ? error(501, "NotImplemented") : undefined;
    let counted = 0;
    for (const key of ["to", "also"])
      await store.copy(
        from,
        { bucket: "b", key },
        { copyProps: "default" },
        { size: PART, onBytes: (more) => (counted += more) },
      );
    for (const key of ["to", "also"]) expect(server.object("b", key)?.metadata).toEqual({ m: "1" });
    expect(counted).toBe(2 * PART);
    // What is not implemented may be the source's condition: once with it, and once without.
    expect(headersOf(server, "UploadPartCopy")).toHaveLength(2);
    expect(server.bucket("b").uploads.size).toBe(0);
  });

  it("of more than 5 GiB fails: no request copies so much", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", "x");
    const size = 5 * 1024 ** 3 + 1;
    server.alter = (answer, { operation }) =>
      operation === "HeadObject"
        ? { ...answer, headers: { ...answer.headers, "content-length": String(size) } }
        : answer;
    server.instead = ({ operation }) =>
      operation === "UploadPartCopy" ? error(501, "NotImplemented") : undefined;
    await expect(store.copy(from, to, { copyProps: "none" }, { size })).rejects.toThrow("NotImplemented");
    expect(operations(server)).not.toContain("CopyObject");
  });
});

describe("tags that cannot be read", () => {
  it("are none where the store knows no tags", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(PART), { metadata: { m: "1" } });
    server.instead = ({ operation }) =>
      operation === "GetObjectTagging" ? error(501, "NotImplemented") : undefined;
    await store.copy(from, to, { copyProps: "default" }, { size: PART });
    expect(operations(server)).toContain("UploadPartCopy");
    expect(server.object("b", "to")?.metadata).toEqual({ m: "1" });
  });

  it("are left to S3, which copies them with the whole or says that it may not", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(PART), { tags: { t: "1" } });
    let mayCopy = true;
    server.instead = ({ operation }) => {
      const isDenied = operation === "GetObjectTagging" || (operation === "CopyObject" && !mayCopy);
      return isDenied ? error(403, "AccessDenied") : undefined;
    };
    await store.copy(from, to, { copyProps: "default" }, { size: PART });
    expect(server.object("b", "to")?.tags).toEqual({ t: "1" });
    mayCopy = false;
    await expect(store.copy(from, to, { copyProps: "default" }, { size: PART })).rejects.toMatchObject({
      id: "s3-access-denied",
    });
  });
});
