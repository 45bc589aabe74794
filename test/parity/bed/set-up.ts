import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { CUSTOMER_KEY } from "../customer-key.js";
import { generatedBytes } from "../generated-bytes.js";
import type { FileSpec, ObjectSpec } from "../line.js";

const AGES = { old: new Date("2020-02-02T02:02:02Z"), new: new Date("2035-05-05T05:05:05Z") };
const PART_SIZE = 5 * 1024 * 1024;

function makeFile(path: string, spec: FileSpec): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof spec === "string") writeFileSync(path, spec);
  else if ("link" in spec) symlinkSync(spec.link, path);
  else if ("folder" in spec) mkdirSync(path, { recursive: true });
  else if ("fifo" in spec) execFileSync("/usr/bin/mkfifo", [path]);
  else {
    writeFileSync(path, spec.size === undefined ? (spec.text ?? "") : generatedBytes(spec.size));
    if (spec.mode !== undefined) chmodSync(path, spec.mode);
    if (spec.age !== undefined) utimesSync(path, AGES[spec.age], AGES[spec.age]);
  }
}

/** Fills a working folder. */
export function makeFiles(folder: string, files: Readonly<Record<string, FileSpec>> = {}): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, spec] of Object.entries(files)) makeFile(join(folder, name), spec);
}

/** The headers of a customer key, as the SDK wants them. */
export function customerKeyFields() {
  return {
    SSECustomerAlgorithm: "AES256",
    SSECustomerKey: Buffer.from(CUSTOMER_KEY).toString("base64"),
    SSECustomerKeyMD5: createHash("md5").update(CUSTOMER_KEY).digest("base64"),
  };
}

async function putInParts(client: S3Client, input: PutObjectCommandInput, body: Buffer): Promise<void> {
  const { Body: _, ...rest } = input;
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(rest));
  const target = { Bucket: input.Bucket, Key: input.Key, UploadId };
  const Parts: CompletedPart[] = [];
  for (let at = 0; at < body.length; at += PART_SIZE) {
    const PartNumber = Parts.length + 1;
    const Body = body.subarray(at, at + PART_SIZE);
    const { ETag } = await client.send(new UploadPartCommand({ ...target, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  await client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }));
}

async function makeObject(client: S3Client, Bucket: string, Key: string, spec: ObjectSpec): Promise<void> {
  const object = typeof spec === "string" ? { text: spec } : spec;
  const body = object.size === undefined ? Buffer.from(object.text ?? "") : generatedBytes(object.size);
  const input: PutObjectCommandInput = {
    Bucket,
    Key,
    Body: body,
    ContentType: object.contentType,
    CacheControl: object.cacheControl,
    ContentDisposition: object.contentDisposition,
    ContentEncoding: object.contentEncoding,
    ContentLanguage: object.contentLanguage,
    Expires: object.expires === undefined ? undefined : new Date(object.expires),
    Metadata: object.metadata,
    StorageClass: object.storageClass as PutObjectCommandInput["StorageClass"],
    Tagging: object.tags,
    ACL: object.publicRead ? "public-read" : undefined,
    WebsiteRedirectLocation: object.websiteRedirect,
    ...(object.customerKey ? customerKeyFields() : {}),
  };
  if (object.multipart) await putInParts(client, input, body);
  else await client.send(new PutObjectCommand(input));
}

/** Makes a bucket with these objects. */
export async function makeBucket(
  client: S3Client,
  bucket: string,
  objects: Readonly<Record<string, ObjectSpec>> = {},
): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const [key, spec] of Object.entries(objects)) await makeObject(client, bucket, key, spec);
}
