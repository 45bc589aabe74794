import { describe, expect, it } from "vitest";
import { storeWorld } from "../../../support/store-world.js";

const from = { bucket: "b", key: "from ü" };
const to = { bucket: "b", key: "to" };

describe("a copy", () => {
  it.each([
    ["default", {}, { metadata: { m: "1" }, tags: { t: "2" } }],
    ["metadata-directive", {}, { metadata: { m: "1" }, tags: {} }],
    ["none", {}, { metadata: {}, tags: {} }],
    ["default", { metadata: { n: "3" } }, { metadata: { n: "3" } }],
    ["none", { metadataDirective: "COPY" }, { metadata: { m: "1" } }],
  ])("with --copy-props %s and %j", async (copyProps, more, expected) => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "hello", { metadata: { m: "1" }, tags: { t: "2" } });
    let counted = 0;
    await store.copy(from, to, { copyProps, ...more }, { onBytes: (bytes) => (counted += bytes) });
    expect(server.object("b", "to")).toMatchObject(expected);
    expect(counted).toBe(5);
  });

  it.each([
    [{ copyProps: "default" }, "EXCLUDE"],
    [{ copyProps: "none" }, "EXCLUDE"],
    [{ copyProps: "metadata-directive" }, "EXCLUDE"],
    [{ copyProps: "default", metadataDirective: "COPY" }, undefined],
  ])("asks for annotations as the AWS CLI does: %j", async (parameters, directive) => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "hello");
    await store.copy(from, to, parameters);
    expect(server.requests.at(-1)?.headers["x-amz-object-annotation-directive"]).toBe(directive);
  });

  it("leaves out what a store does not know of annotations, and remembers it", async () => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "hello");
    server.instead = ({ headers }) =>
      headers["x-amz-object-annotation-directive"] === undefined
        ? undefined
        : {
            status: 501,
            headers: {},
            body: Buffer.from("<Error><Code>NotImplemented</Code><Message>no</Message></Error>"),
          };
    for (const key of ["one", "two"])
      await store.copy(from, { bucket: "b", key }, { copyProps: "default" }, { size: 5 });
    expect(server.requests.map(({ status }) => status)).toEqual([501, 200, 200]);
  });

  it("needs no HEAD when a listing told the size", async () => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "hello");
    await store.copy(from, to, { copyProps: "default" }, { size: 5 });
    expect(server.requests.map(({ operation }) => operation)).toEqual(["CopyObject"]);
  });

  it("tells a 200 that hides an error", async () => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "hello");
    server.instead = ({ operation }) =>
      operation === "CopyObject"
        ? {
            status: 200,
            headers: {},
            body: Buffer.from("<Error><Code>Odd</Code><Message>m</Message></Error>"),
          }
        : undefined;
    await expect(store.copy(from, to, { copyProps: "default" })).rejects.toThrow("An error occurred (Odd)");
  });

  it("with some properties changed is pinned to what had the others", async () => {
    const { server, store } = await storeWorld();
    const { etag } = server.put("b", from.key, "hello", { metadata: { m: "1" } });
    await store.copy(from, to, { copyProps: "default", contentType: "a/b" });
    expect(server.requests.at(-1)?.headers["x-amz-copy-source-if-match"]).toBe(`"${etag}"`);
    server.instead = ({ operation }) => {
      if (operation === "CopyObject") server.put("b", from.key, "other", { metadata: { m: "2" } });
      return undefined;
    };
    server.put("b", "to", "before");
    for (const ifAbsent of [false, true]) {
      server.put("b", from.key, "hello", { metadata: { m: "1" } });
      const target = ifAbsent ? { bucket: "b", key: "absent" } : to;
      await expect(
        store.copy(from, target, { copyProps: "default", contentType: "a/b", ifAbsent }),
      ).rejects.toMatchObject({ id: "s3-changed", exitCode: 1 });
    }
    expect(server.object("b", "to")?.body.toString()).toBe("before");
    expect(server.object("b", "absent")).toBeUndefined();
  });

  it.each([true, false])(
    "does not replace what is there, when told so (condition named: %s)",
    async (named) => {
      const { server, store } = await storeWorld();
      server.put("b", from.key, "hello");
      server.put("b", "to", "before");
      server.alter = (answer) =>
        named || answer.status !== 412
          ? answer
          : {
              ...answer,
              body: Buffer.from(answer.body.toString().replace(/<Condition>.*<\/Condition>/, "")),
            };
      for (const more of [{}, { contentType: "a/b" }])
        await expect(
          store.copy(from, to, { copyProps: "default", ifAbsent: true, ...more }, { size: 5 }),
        ).rejects.toMatchObject({ id: "s3-exists" });
      expect(server.object("b", "to")?.body.toString()).toBe("before");
    },
  );

  it("takes over an Expires that is no date as it is", async () => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "hello", { headers: { expires: "86400" } });
    await store.copy(from, to, { copyProps: "default", contentType: "a/b" });
    expect(server.object("b", "to")?.headers).toMatchObject({ expires: "86400", "content-type": "a/b" });
  });

  it("of a missing object says so", async () => {
    const { store } = await storeWorld();
    await expect(store.copy(from, to, { copyProps: "default" })).rejects.toMatchObject({
      id: "s3-no-such-key",
    });
    await expect(store.copy(from, to, { copyProps: "default" }, { size: 5 })).rejects.toMatchObject({
      id: "s3-no-such-key",
    });
  });
});

describe("a copy in parts", () => {
  const big = 5 * 1024 ** 3 + 1;

  /** A server that speaks of an object of more than 5 GiB. */
  async function bigWorld(tags: string) {
    const world = await storeWorld({}, { partSize: 128 * 1024 ** 2 });
    const xml = (name: string, body: string) => ({
      status: 200,
      headers: { "content-type": "application/xml" },
      body: Buffer.from(
        `<?xml version="1.0"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${body}</${name}>`,
      ),
    });
    world.server.instead = ({ operation }) => {
      switch (operation) {
        case "HeadObject":
          return {
            status: 200,
            headers: {
              "content-length": String(big),
              etag: '"e"',
              "content-type": "a/b",
              "x-amz-meta-m": "1",
            },
            body: Buffer.alloc(0),
          };
        case "GetObjectTagging":
          return xml("Tagging", `<TagSet>${tags}</TagSet>`);
        case "CreateMultipartUpload":
          return xml("InitiateMultipartUploadResult", "<UploadId>u</UploadId>");
        case "UploadPartCopy":
          return xml("CopyPartResult", "<ETag>&quot;p&quot;</ETag>");
        case "CompleteMultipartUpload":
          return xml("CompleteMultipartUploadResult", "<ETag>&quot;x-41&quot;</ETag>");
        default:
          return { status: 200, headers: {}, body: Buffer.alloc(0) };
      }
    };
    return world;
  }

  it("covers all bytes, pinned, and carries properties and tags", async () => {
    const { server, store } = await bigWorld("<Tag><Key>t</Key><Value>2 3</Value></Tag>");
    await store.copy(from, to, { copyProps: "default", contentType: "c/d" }, { size: big });
    const create = server.requests.find(({ operation }) => operation === "CreateMultipartUpload");
    expect(create?.headers).toMatchObject({
      "content-type": "c/d",
      "x-amz-meta-m": "1",
      "x-amz-tagging": "t=2%203",
    });
    const parts = server.requests.filter(({ operation }) => operation === "UploadPartCopy");
    expect(parts).toHaveLength(41);
    for (const { headers } of parts) expect(headers["x-amz-copy-source-if-match"]).toBe('"e"');
    const ranges = parts.map(({ headers }) => String(headers["x-amz-copy-source-range"]));
    expect(ranges).toContain("bytes=0-134217727");
    expect(ranges).toContain(`bytes=${big - 1}-${big - 1}`);
    expect(parts[0]?.headers["x-amz-copy-source"]).toBe("b/from%20%C3%BC");
  });

  it.each([
    ["crc32", "FULL_OBJECT", undefined],
    ["SHA256", "COMPOSITE", "sum="],
    ["SHA512", "COMPOSITE", "sum="],
  ])("asks for the checksum %s", async (checksumAlgorithm, type, sum) => {
    const { server, store } = await bigWorld("");
    const { instead } = server;
    let list = "";
    server.instead = (request, body) => {
      if (request.operation === "CompleteMultipartUpload") list = body.toString();
      if (request.operation !== "UploadPartCopy" || sum === undefined) return instead?.(request, body);
      const result = `<ETag>"p"</ETag><Checksum${checksumAlgorithm}>${sum}</Checksum${checksumAlgorithm}>`;
      return {
        status: 200,
        headers: {},
        body: Buffer.from(`<CopyPartResult>${result}</CopyPartResult>`),
      };
    };
    await store.copy(from, to, { copyProps: "none", checksumAlgorithm }, { size: big });
    const create = server.requests.find(({ operation }) => operation === "CreateMultipartUpload");
    expect(create?.headers).toMatchObject({
      "x-amz-checksum-algorithm": checksumAlgorithm.toUpperCase(),
      "x-amz-checksum-type": type,
    });
    expect(list.match(/<ChecksumSHA(?:256|512)>sum=</g) ?? []).toHaveLength(sum === undefined ? 0 : 41);
  });

  it("without the tags that it should have goes again", async () => {
    const { server, store } = await bigWorld(`<Tag><Key>t</Key><Value>${"x".repeat(3000)}</Value></Tag>`);
    const { instead } = server;
    server.instead = (request, body) => {
      if (request.operation === "CompleteMultipartUpload")
        return {
          status: 200,
          headers: { "x-amz-version-id": "v1" },
          body: Buffer.from("<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"),
        };
      return request.operation === "PutObjectTagging"
        ? {
            status: 403,
            headers: {},
            body: Buffer.from("<Error><Code>AccessDenied</Code><Message>m</Message></Error>"),
          }
        : instead?.(request, body);
    };
    await expect(store.copy(from, to, { copyProps: "default" }, { size: big })).rejects.toMatchObject({
      id: "s3-access-denied",
    });
    const last = server.requests.at(-1);
    expect(last).toMatchObject({ operation: "DeleteObject", key: "to", parameters: [["versionId", "v1"]] });
  });

  it("writes tags that do not fit in a header afterwards", async () => {
    const { server, store } = await bigWorld(`<Tag><Key>t</Key><Value>${"x".repeat(3000)}</Value></Tag>`);
    await store.copy(from, to, { copyProps: "default" }, { size: big });
    expect(server.requests.at(-1)?.operation).toBe("PutObjectTagging");
  });
});

describe("a response to a copy that names an ETag of no form of S3's", () => {
  const odd = "<CopyObjectResult><ETag>&quot;zzz&quot;</ETag></CopyObjectResult>";

  it.each([true, false])("is compared with what is at the target (done: %s)", async (isDone) => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "hello");
    const answer = { status: 200, headers: {}, body: Buffer.from(odd) };
    server.instead = ({ operation }) => (operation === "CopyObject" && !isDone ? answer : undefined);
    server.alter = (real, { operation }) => (operation === "CopyObject" ? answer : real);
    const copied = store.copy(from, to, { copyProps: "default" });
    if (isDone) await copied;
    else await expect(copied).rejects.toMatchObject({ id: "s3-not-stored", exitCode: 1 });
    expect(server.object("b", "to")?.body.toString()).toBe(isDone ? "hello" : undefined);
  });
});
