import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crc32c, crc64nvme } from "../../support/s3-server/crc.js";
import { type S3Server, startS3Server } from "../../support/s3-server/s3-server.js";

let server: S3Server;
let client: S3Client;

function clientOf(more: S3ClientConfig = {}): S3Client {
  const keys = server.keys.issue(Date.now() + 3_600_000);
  return new S3Client({
    endpoint: server.url,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      sessionToken: keys.sessionToken!,
    },
    ...more,
  });
}

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"], limits: { minimumPart: 10 } });
  client = clientOf();
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

describe("checksums", () => {
  it("have the published check values", () => {
    const data = Buffer.from("123456789");
    expect(crc64nvme(data).toString("hex")).toBe("ae8b14860a799888");
    expect(crc32c(data).toString("hex")).toBe("e3069283");
  });
});

describe("objects", () => {
  it.each(["plain.txt", "sp ace+plus%25/ü~!*'()", "a//b/"])("come back as they went: %s", async (key) => {
    await client.send(
      new PutObjectCommand({ Bucket: "b", Key: key, Body: "hello", Metadata: { a: "1" }, Tagging: "x=y" }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket: "b", Key: key, ChecksumMode: "ENABLED" }));
    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got.Metadata).toEqual({ a: "1" });
    expect(got.ETag).toBe(`"${createHash("md5").update("hello").digest("hex")}"`);
    expect(got.ChecksumCRC32).toBe("NhCmhg==");
    const tags = await client.send(new GetObjectTaggingCommand({ Bucket: "b", Key: key }));
    expect(tags.TagSet).toEqual([{ Key: "x", Value: "y" }]);
  });

  it("take new tags", async () => {
    server.put("b", "tagged", "x");
    const Tagging = { TagSet: [{ Key: "k<", Value: "v&" }] };
    await client.send(new PutObjectTaggingCommand({ Bucket: "b", Key: "tagged", Tagging }));
    expect(server.object("b", "tagged")?.tags).toEqual({ "k<": "v&" });
  });

  it("are read by ranges and conditions", async () => {
    server.put("b", "ranged", "0123456789");
    const got = await client.send(new GetObjectCommand({ Bucket: "b", Key: "ranged", Range: "bytes=2-4" }));
    expect(await got.Body?.transformToString()).toBe("234");
    expect(got.ContentRange).toBe("bytes 2-4/10");
    const changed = new GetObjectCommand({ Bucket: "b", Key: "ranged", IfMatch: '"other"' });
    await expect(client.send(changed)).rejects.toThrow("pre-conditions");
    const beyond = new GetObjectCommand({ Bucket: "b", Key: "ranged", Range: "bytes=10-" });
    await expect(client.send(beyond)).rejects.toMatchObject({ name: "InvalidRange" });
  });

  it("are refused a second time under If-None-Match", async () => {
    server.put("b", "there", "x");
    const put = new PutObjectCommand({ Bucket: "b", Key: "there", Body: "y", IfNoneMatch: "*" });
    await expect(client.send(put)).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect(server.object("b", "there")?.body.toString()).toBe("x");
  });

  it("under a customer's key need that key", async () => {
    const key = randomBytes(32);
    const customer = { SSECustomerAlgorithm: "AES256", SSECustomerKey: key.toString("base64") };
    await client.send(new PutObjectCommand({ Bucket: "b", Key: "sse", Body: "x", ...customer }));
    await expect(client.send(new GetObjectCommand({ Bucket: "b", Key: "sse" }))).rejects.toThrow(
      "stored using",
    );
    const got = await client.send(new GetObjectCommand({ Bucket: "b", Key: "sse", ...customer }));
    expect(await got.Body?.transformToString()).toBe("x");
  });

  it("in Glacier are looked at but not read", async () => {
    server.put("b", "cold", "x", { storageClass: "GLACIER" });
    const head = await client.send(new HeadObjectCommand({ Bucket: "b", Key: "cold" }));
    expect(head.StorageClass).toBe("GLACIER");
    await expect(client.send(new GetObjectCommand({ Bucket: "b", Key: "cold" }))).rejects.toMatchObject({
      name: "InvalidObjectState",
    });
  });

  it("are copied with their metadata, or with new", async () => {
    server.put("b", "from é", "data", { metadata: { a: "1" } });
    const CopySource = `b/${encodeURIComponent("from é")}`;
    await client.send(new CopyObjectCommand({ Bucket: "b", Key: "to", CopySource }));
    expect(server.object("b", "to")).toMatchObject({ metadata: { a: "1" } });
    const replace = { MetadataDirective: "REPLACE" as const, Metadata: { z: "2" } };
    await client.send(new CopyObjectCommand({ Bucket: "b", Key: "to", CopySource, ...replace }));
    expect(server.object("b", "to")?.metadata).toEqual({ z: "2" });
  });
});

describe("multipart uploads", () => {
  const parts = [Buffer.alloc(10, "a"), Buffer.alloc(10, "b"), Buffer.from("c")];

  async function upload(Key: string, more: object): Promise<string> {
    const created = await client.send(new CreateMultipartUploadCommand({ Bucket: "b", Key, ...more }));
    const UploadId = created.UploadId!;
    const Parts = await Promise.all(
      parts.map(async (Body, index) => {
        const part = { Bucket: "b", Key, UploadId, PartNumber: index + 1, Body };
        const algorithm = created.ChecksumAlgorithm;
        const sent = await client.send(
          new UploadPartCommand(algorithm === undefined ? part : { ...part, ChecksumAlgorithm: algorithm }),
        );
        const { ETag, ChecksumCRC32, ChecksumCRC64NVME } = sent;
        return { PartNumber: index + 1, ETag, ChecksumCRC32, ChecksumCRC64NVME };
      }),
    );
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket: "b", Key, UploadId, MultipartUpload: { Parts } }),
    );
    return UploadId;
  }

  it("are put together, with a composite checksum by default", async () => {
    await upload("composite", { ChecksumAlgorithm: "CRC32" });
    const object = server.object("b", "composite");
    expect(object?.body.toString()).toBe("aaaaaaaaaabbbbbbbbbbc");
    expect(object?.etag).toMatch(/-3$/);
    expect(object?.checksum).toMatchObject({ type: "COMPOSITE", value: expect.stringMatching(/-3$/) });
  });

  it("have a checksum of the whole where that is asked for", async () => {
    await upload("whole", { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "FULL_OBJECT" });
    expect(server.object("b", "whole")?.checksum).toEqual({
      algorithm: "CRC64NVME",
      type: "FULL_OBJECT",
      value: crc64nvme(Buffer.concat(parts)).toString("base64"),
    });
  });

  it("take copied parts and can be aborted", async () => {
    server.put("b", "source", "0123456789");
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: "b", Key: "copied" }));
    const where = { Bucket: "b", Key: "copied", UploadId: UploadId! };
    await client.send(
      new UploadPartCopyCommand({
        ...where,
        PartNumber: 1,
        CopySource: "b/source",
        CopySourceRange: "bytes=1-3",
      }),
    );
    expect(server.bucket("b").uploads.get(UploadId!)?.parts.get(1)?.body.toString()).toBe("123");
    await client.send(new AbortMultipartUploadCommand(where));
    expect(server.bucket("b").uploads.size).toBe(0);
  });
});

describe("listings", () => {
  it("come in pages, rolled up by a delimiter, in the order of bytes", async () => {
    server.createBucket("list");
    for (const key of ["a/1", "a/2", "b", "c/1", "é", "z z"]) server.put("list", key, "x");
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page: { ContinuationToken?: string } =
        ContinuationToken === undefined ? {} : { ContinuationToken };
      const answer = await client.send(
        new ListObjectsV2Command({
          Bucket: "list",
          Delimiter: "/",
          MaxKeys: 2,
          EncodingType: "url",
          ...page,
        }),
      );
      seen.push(...(answer.CommonPrefixes ?? []).map((it) => it.Prefix!));
      seen.push(...(answer.Contents ?? []).map((it) => it.Key!));
      ContinuationToken = answer.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen.map(decodeURIComponent)).toEqual(["a/", "b", "c/", "z z", "é"]);
  });

  it("of buckets name them all", async () => {
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map((it) => it.Name)).toContain("b");
  });
});

describe("access", () => {
  const get = new GetObjectCommand({ Bucket: "b", Key: "plain.txt" });

  async function refusal(more: S3ClientConfig): Promise<string> {
    const other = clientOf(more);
    try {
      await other.send(get);
      return "none";
    } catch (error) {
      return (error as Error).name;
    } finally {
      other.destroy();
    }
  }

  it("needs the right secret, token and clock", async () => {
    const keys = server.keys.issue(Date.now() + 60_000);
    const { accessKeyId, secretAccessKey } = keys;
    const sessionToken = keys.sessionToken!;
    const wrong = { accessKeyId, secretAccessKey: "wrong", sessionToken };
    expect(await refusal({ credentials: wrong })).toBe("SignatureDoesNotMatch");
    expect(await refusal({ credentials: { accessKeyId, secretAccessKey } })).toBe("InvalidToken");
    const unknown = { accessKeyId: "AKIAUNKNOWN", secretAccessKey };
    expect(await refusal({ credentials: unknown })).toBe("InvalidAccessKeyId");
    expect(await refusal({ systemClockOffset: 3_600_000 })).toBe("RequestTimeTooSkewed");
    keys.expiresAt = Date.now() - 1;
    expect(await refusal({ credentials: { accessKeyId, secretAccessKey, sessionToken } })).toBe(
      "ExpiredToken",
    );
  });

  it("to a bucket of another region is sent there", async () => {
    server.createBucket("elsewhere", "eu-west-1");
    const put = new PutObjectCommand({ Bucket: "elsewhere", Key: "k", Body: "x" });
    await expect(client.send(put)).rejects.toMatchObject({ name: "PermanentRedirect" });
    const there = clientOf({ region: "eu-west-1" });
    await there.send(put);
    there.destroy();
  });

  it("by virtual host names the bucket in the host", async () => {
    const { bucketOfHost } = await import("../../support/s3-server/addressing.js");
    expect(bucketOfHost("my.bucket.s3.eu-west-1.amazonaws.com")).toBe("my.bucket");
    expect(bucketOfHost("b.localhost:8080")).toBe("b");
    expect(bucketOfHost("127.0.0.1:8080")).toBeUndefined();
    expect(bucketOfHost("s3.eu-west-1.amazonaws.com")).toBeUndefined();
  });
});
