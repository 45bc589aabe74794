import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { succeed } from "./command.js";

/** Buckets of the owner: the role may do everything in the first, nothing in the second. */
export const BUCKET = "my-bucket";
export const DENIED_BUCKET = "someone-elses-bucket";

export interface StorageAccess {
  readonly s3: string;
  readonly ownerKeys: { readonly accessKey: string; readonly secretKey: string };
}

/** Bytes without a pattern, the same in every run: SHA-256 in counter mode. */
function noise(length: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
    createHash("sha256").update(`${seed} ${block}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

/** What stands in the role's bucket for the Dockerfiles to fetch, by key. */
export const OBJECTS: Readonly<Record<string, Buffer>> = {
  "app/settings.json": Buffer.from('{"greeting":"Grüße"}\n'),
  "app/assets/index.html": Buffer.from("<!doctype html>\r\n<title>assets</title>\n"),
  "app/assets/css/site.css": Buffer.from("body { color: teal }\n"),
  "app/assets/img/logo.bin": noise(300_001, "logo"),
  "app/assets/empty": Buffer.alloc(0),
  "models/tiny/config.json": Buffer.from('{"layers":2}\n'),
  "models/tiny/weights.bin": noise(20_000_003, "weights"),
  "models/tiny/README.md": Buffer.from("# left out by the recipe\n"),
};

/** The objects below a prefix, by the rest of their key. */
export function objectsBelow(prefix: string): Record<string, Buffer> {
  const below = Object.entries(OBJECTS).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(below.map(([key, body]) => [key.slice(prefix.length), body]));
}

/** A client of the buckets' owner, apart from everything that is tested. */
export function ownerClient(access: StorageAccess): S3Client {
  return new S3Client({
    endpoint: access.s3,
    region: "us-east-1",
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    credentials: {
      accessKeyId: access.ownerKeys.accessKey,
      secretAccessKey: access.ownerKeys.secretKey,
    },
  });
}

/** An npm package as `npm pack` makes it. */
async function npmPackage(folder: string): Promise<Buffer> {
  mkdirSync(join(folder, "package"), { recursive: true });
  const manifest = { name: "@my-company/greeting", version: "1.0.0", main: "index.js" };
  writeFileSync(join(folder, "package/package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "package/index.js"), 'module.exports = "hello from a private package";\n');
  await succeed("tar", ["-C", folder, "-czf", join(folder, "package.tgz"), "package"]);
  return readFileSync(join(folder, "package.tgz"));
}

/** Makes both buckets and fills them; `folder` is scratch space. */
export async function fillBuckets(access: StorageAccess, folder: string): Promise<void> {
  const client = ownerClient(access);
  const put = (Bucket: string, Key: string, Body: Buffer) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm: "CRC32" }));
  try {
    for (const Bucket of [BUCKET, DENIED_BUCKET]) await client.send(new CreateBucketCommand({ Bucket }));
    for (const [key, body] of Object.entries(OBJECTS)) await put(BUCKET, key, body);
    await put(BUCKET, "npm/my-company-greeting-1.0.0.tgz", await npmPackage(folder));
    await put(DENIED_BUCKET, "report.txt", Buffer.from("not for this role\n"));
  } finally {
    client.destroy();
  }
}
