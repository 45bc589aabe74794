import { writeFileSync } from "node:fs";
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTwoPrograms, type TwoPrograms } from "./bed/two-programs.js";
import { generatedBytes } from "./generated-bytes.js";

const BUCKET = "conditions";
const PROGRAMS = ["aws", "crt", "ours"] as const;

/** By how they are sent: one request, or parts. */
const SIZES = { "in one request": 70_001, "in parts": 17_000_001 };

let both: TwoPrograms;

beforeAll(async () => {
  both = await startTwoPrograms(BUCKET);
});
afterAll(() => both?.close());

function put(Key: string, Body: Buffer, more: object = {}) {
  return both.server.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
}

async function get(Key: string): Promise<Buffer> {
  const { Body } = await both.server.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return Buffer.from(await Body!.transformToByteArray());
}

/** The control: without the option, ours replaces what is there. */
async function expectReplaced(source: string, key: string, bytes: Buffer): Promise<void> {
  const run = await both.cp("ours", source, `s3://${BUCKET}/${key}`);
  expect(run.code, run.stderr).toBe(0);
  expect((await get(key)).equals(bytes)).toBe(true);
}

/** Keys of uploads that were neither completed nor aborted. */
async function openUploads(): Promise<string[]> {
  const { Uploads = [] } = await both.server.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  return Uploads.map(({ Key }) => Key!);
}

const OLD = Buffer.from("what was there");
const NEW = Buffer.from("what is to replace it");
const OTHERS_ETAG = '"00000000000000000000000000000000"';

/** One request for a target that is there, from a source that is there too; the condition does not hold. */
const CONDITIONS: Readonly<Record<string, (target: { Bucket: string; Key: string }) => Promise<unknown>>> = {
  "PutObject, If-None-Match: *": ({ Key }) => put(Key, NEW, { IfNoneMatch: "*" }),
  "PutObject, If-Match of another": ({ Key }) => put(Key, NEW, { IfMatch: OTHERS_ETAG }),
  "CompleteMultipartUpload, If-None-Match: *": async (target) => {
    const { client } = both.server;
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const part = { ...target, UploadId, PartNumber: 1 };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, Body: NEW }));
    const Parts: CompletedPart[] = [{ ETag, PartNumber: 1 }];
    const complete = { ...target, UploadId, MultipartUpload: { Parts }, IfNoneMatch: "*" };
    return client.send(new CompleteMultipartUploadCommand(complete));
  },
  "CopyObject, x-amz-copy-source-if-match of another": (target) =>
    both.server.client.send(
      new CopyObjectCommand({ ...target, CopySource: `${BUCKET}/source`, CopySourceIfMatch: OTHERS_ETAG }),
    ),
};

describe("a condition that does not hold", () => {
  it.each(Object.entries(CONDITIONS))("is refused by Ceph 20: %s", async (_, send) => {
    await put("source", NEW);
    await put("target", OLD);
    const refused = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };
    await expect(send({ Bucket: BUCKET, Key: "target" })).rejects.toMatchObject(refused);
    expect(await get("target")).toEqual(OLD);
  });

  /** Why ours looks at the target before a copy, and at the source after one in parts. */
  it("is not looked at by Ceph 20: of a copy's target, and of the source of a part", async () => {
    const { client } = both.server;
    const target = { Bucket: BUCKET, Key: "target", CopySource: `${BUCKET}/source` };
    await put("source", NEW);
    await put("target", OLD);
    await client.send(new CopyObjectCommand({ ...target, IfNoneMatch: "*" }));
    expect(await get("target")).toEqual(NEW);
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: "parts" }),
    );
    const part = { ...target, Key: "parts", UploadId, PartNumber: 1 };
    const copied = await client.send(new UploadPartCopyCommand({ ...part, CopySourceIfMatch: OTHERS_ETAG }));
    expect(copied.CopyPartResult?.ETag).toBeDefined();
  });
});

describe.each(Object.entries(SIZES))("--no-overwrite %s", (_, size) => {
  const bytes = generatedBytes(size);

  it.each(PROGRAMS)("%s makes what is missing, by upload and by copy", async (who) => {
    writeFileSync(both.folder.at("f"), bytes);
    const [uploaded, copied] = [`up-${who}-${size}`, `copy-${who}-${size}`];
    const up = await both.cp(who, "f", `s3://${BUCKET}/${uploaded}`, "--no-overwrite");
    expect(up.code, up.stderr).toBe(0);
    expect((await get(uploaded)).equals(bytes)).toBe(true);
    const copy = await both.cp(
      who,
      `s3://${BUCKET}/${uploaded}`,
      `s3://${BUCKET}/${copied}`,
      "--no-overwrite",
    );
    expect(copy.code, copy.stderr).toBe(0);
    expect((await get(copied)).equals(bytes)).toBe(true);
  });

  it.each(PROGRAMS)("%s leaves an object alone that is there, and no upload open", async (who) => {
    writeFileSync(both.folder.at("f"), bytes);
    const key = `there-${who}-${size}`;
    await put(key, OLD);
    const before = await openUploads();
    const run = await both.cp(who, "f", `s3://${BUCKET}/${key}`, "--no-overwrite");
    expect(await get(key)).toEqual(OLD);
    expect(await openUploads()).toEqual(before);
    // Ceph's refusal has no message, over which the AWS CLI's own client stumbles.
    const stumbles = { code: 1, stderr: expect.stringMatching(/^upload failed: .*NoneType/) };
    expect(run).toMatchObject(who === "aws" ? stumbles : { code: 0, stderr: "" });
    if (who === "ours") await expectReplaced("f", key, bytes);
  });

  it("ours leaves the target of a copy alone that is there", async () => {
    await put(`source-${size}`, bytes);
    await put(`kept-${size}`, OLD);
    const operands = [`s3://${BUCKET}/source-${size}`, `s3://${BUCKET}/kept-${size}`];
    const run = await both.cp("ours", ...operands, "--no-overwrite");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout.toString()).toBe("");
    expect(await get(`kept-${size}`)).toEqual(OLD);
    await expectReplaced(`s3://${BUCKET}/source-${size}`, `kept-${size}`, bytes);
  });
});

it.each([
  ["ours", "ours"],
  ["ours", "crt"],
] as const)(
  "of two uploads at once with --no-overwrite, %s and %s, one is there, whole",
  async (first, second) => {
    const bodies = Object.values(SIZES).map(generatedBytes);
    for (const [index, body] of bodies.entries()) writeFileSync(both.folder.at(`f${index}`), body);
    const target = `s3://${BUCKET}/race-${second}`;
    const runs = await Promise.all(
      [first, second].map((who, index) => both.cp(who, `f${index}`, target, "--no-overwrite")),
    );
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array(2).fill({ code: 0, stderr: "" }),
    );
    const stored = await get(`race-${second}`);
    expect(bodies.filter((body) => stored.equals(body))).toHaveLength(1);
    await expectReplaced("f0", `race-${second}`, bodies[0]!);
  },
);
