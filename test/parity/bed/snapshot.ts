import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import {
  GetObjectAclCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectTaggingCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { customerKeyFields } from "./set-up.js";

/** A file or an object: its text (or a digest of it), and everything else that must be equal in one line. */
interface Described {
  readonly text: string;
  readonly about: string;
}

export type Snapshot = Readonly<Record<string, Described>>;

const LONGEST_TEXT = 2000;

/** Short contents as they are, longer ones as their size and digest. */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length <= LONGEST_TEXT) return Buffer.from(bytes).toString();
  return `${bytes.length} bytes ${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Modification times in ms since the epoch, by path: what was there before. */
export function fileTimes(folder: string): Map<string, number> {
  return new Map([...walk(folder)].map((path) => [path, lstatSync(join(folder, path)).mtimeMs]));
}

function* walk(folder: string, below = ""): Generator<string> {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    yield path;
    if (entry.isDirectory()) yield* walk(folder, path);
  }
}

/** Whose time a file carries: the one it had, an object's, or that of its writing. */
function timeOf(
  path: string,
  mtimeMs: number,
  before: Map<string, number>,
  objectTimes: Set<number>,
): string {
  if (before.get(path) === mtimeMs) return "untouched";
  return objectTimes.has(Math.floor(mtimeMs / 1000)) ? "object's time" : "time of writing";
}

/** Every file, link and empty folder below a working folder. `objectTimes` in seconds since the epoch. */
export function snapshotFiles(
  folder: string,
  before: Map<string, number>,
  objectTimes: Set<number>,
): Snapshot {
  const found: Record<string, Described> = {};
  for (const path of walk(folder)) {
    const stat = lstatSync(join(folder, path));
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isDirectory()) found[`${path}/`] = { text: "", about: `folder ${mode}` };
    else if (stat.isSymbolicLink()) found[path] = { text: readlinkSync(join(folder, path)), about: "link" };
    else if (stat.isFIFO()) found[path] = { text: "", about: "fifo" };
    else {
      const time = timeOf(path, stat.mtimeMs, before, objectTimes);
      found[path] = { text: textOf(readFileSync(join(folder, path))), about: `file ${mode} ${time}` };
    }
  }
  return found;
}

/** Last-Modified of every object, ms since the epoch, by key. */
export async function objectTimes(client: S3Client, bucket: string): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
    for (const { Key, LastModified } of page.Contents ?? []) times.set(Key!, LastModified!.getTime());
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return times;
}

function headersOf(object: GetObjectCommandOutput): string {
  const fields = {
    type: object.ContentType,
    cache: object.CacheControl,
    disposition: object.ContentDisposition,
    encoding: object.ContentEncoding,
    language: object.ContentLanguage,
    expires: object.ExpiresString,
    class: object.StorageClass,
    sse: object.ServerSideEncryption,
    kms: object.SSEKMSKeyId,
    customer: object.SSECustomerAlgorithm,
    redirect: object.WebsiteRedirectLocation,
    metadata: JSON.stringify(Object.entries(object.Metadata ?? {}).sort()),
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== "[]")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** How many parts an object was uploaded in, where there is more than one. */
function partsOf({ ETag = "" }: GetObjectCommandOutput): string {
  const count = Number(/-(\d+)"?$/.exec(ETag)?.[1] ?? 1);
  return count > 1 ? ` parts=${count}` : "";
}

async function getObject(client: S3Client, Bucket: string, Key: string): Promise<GetObjectCommandOutput> {
  try {
    return await client.send(new GetObjectCommand({ Bucket, Key }));
  } catch {
    return client.send(new GetObjectCommand({ Bucket, Key, ...customerKeyFields() }));
  }
}

async function grantsAndTags(client: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Grants } = await client.send(new GetObjectAclCommand({ Bucket, Key }));
  const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
  const grants = (Grants ?? []).map(
    ({ Grantee, Permission }) => `${Grantee?.URI ?? Grantee?.ID}:${Permission}`,
  );
  const tags = (TagSet ?? []).map(({ Key: name, Value }) => `${name}=${Value}`);
  return ` grants=${grants.sort().join()} tags=${tags.sort().join()}`;
}

/**
 * Every object of a bucket, and every multipart upload that was left open.
 *
 * @param more whether grants and tags, and the number of parts, belong to what is told of an object
 */
export async function snapshotObjects(
  client: S3Client,
  bucket: string,
  before: Map<string, number>,
  more: { readonly deep: boolean; readonly parts: boolean },
): Promise<Snapshot> {
  const found: Record<string, Described> = {};
  for (const [key, time] of await objectTimes(client, bucket)) {
    const object = await getObject(client, bucket, key);
    const text = textOf(await object.Body!.transformToByteArray());
    const written = before.get(key) === time ? "untouched" : "written";
    const count = more.parts ? partsOf(object) : "";
    const also = more.deep ? await grantsAndTags(client, bucket, key) : "";
    found[key] = { text, about: `${written} ${headersOf(object)}${count}${also}` };
  }
  const open = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  for (const { Key } of open.Uploads ?? []) found[`${Key} (open upload)`] = { text: "", about: "" };
  return found;
}
