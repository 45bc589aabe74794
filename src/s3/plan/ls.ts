import {
  bucketLine,
  LocalTimes,
  objectLine,
  prefixLine,
  sizeText,
  summaryLines,
} from "../../output/listing-lines.js";
import { printableJson } from "../../output/printable.js";
import { formatS3Uri, type S3Uri } from "../locations/uri.js";
import type { BucketsQuery, ListPage, Store } from "../store.js";
import { nothingListed } from "./failures.js";

export interface LsRequest {
  readonly recursive: boolean;
  readonly humanReadable: boolean;
  readonly summarize: boolean;
  readonly json: boolean;
  readonly pageSize: number | undefined;
}

/** Takes text; the promise is there when the reader is slower than we are. */
export type Write = (text: string) => Promise<void> | undefined;

interface Sum {
  objects: number;
  bytes: number;
}

/** As wide as a time. */
const NO_TIME = " ".repeat(19);

const isoText = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

function pageText(page: ListPage, request: LsRequest, times: LocalTimes, sum: Sum): string {
  let text = "";
  for (const prefix of page.prefixes) text += request.json ? jsonLine({ prefix }) : prefixLine(prefix);
  for (const { key, size, lastModified, etag, storageClass } of page.objects) {
    sum.objects++;
    sum.bytes += size;
    if (request.json) {
      text += jsonLine({ key, size, lastModified: isoText(lastModified), etag, storageClass });
    } else {
      const name = request.recursive ? key : key.slice(key.lastIndexOf("/") + 1);
      const time = lastModified === undefined ? NO_TIME : times.text(lastModified);
      text += objectLine(time, sizeText(size, request.humanReadable), name);
    }
  }
  return text;
}

function jsonLine(fields: object): string {
  return `${printableJson(fields)}\n`;
}

/**
 * Lists objects and prefixes as `aws s3 ls` does.
 *
 * @returns whether anything was listed: false of an empty bucket alone
 * @throws Failure 1 when nothing begins with the key that was given
 */
export async function listObjects(
  store: Store,
  uri: S3Uri,
  request: LsRequest,
  write: Write,
): Promise<boolean> {
  const times = new LocalTimes();
  const sum: Sum = { objects: 0, bytes: 0 };
  let found = false;
  const pages = store.list({
    bucket: uri.bucket,
    prefix: uri.key,
    ...(request.recursive ? {} : { delimiter: "/" }),
    ...(request.pageSize === undefined ? {} : { pageSize: request.pageSize }),
  });
  for await (const page of pages) {
    const text = pageText(page, request, times, sum);
    if (text === "") continue;
    found = true;
    await write(text);
  }
  if (request.summarize) {
    const size = sizeText(sum.bytes, request.humanReadable);
    await write(
      request.json
        ? jsonLine({ totalObjects: sum.objects, totalSize: sum.bytes })
        : summaryLines(sum.objects, size),
    );
  }
  if (!found && uri.key !== "") throw nothingListed(formatS3Uri(uri.bucket, uri.key));
  return found;
}

/** Lists buckets of the account. Returns whether there were any. */
export async function listBuckets(
  store: Store,
  query: BucketsQuery,
  request: LsRequest,
  write: Write,
): Promise<boolean> {
  const times = new LocalTimes();
  let found = false;
  for await (const buckets of store.listBuckets(query)) {
    const lines = buckets.map(({ name, created }) =>
      request.json
        ? jsonLine({ bucket: name, created: new Date(created).toISOString() })
        : bucketLine(times.text(created), name),
    );
    found ||= lines.length > 0;
    await write(lines.join(""));
  }
  if (request.summarize && !request.json) await write(summaryLines(0, sizeText(0, request.humanReadable)));
  return found;
}
