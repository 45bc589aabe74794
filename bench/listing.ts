import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LAST_MODIFIED } from "./data.js";

const PAGE = 1000;

/** As nginx makes it of a file's time and size: where a listing and a GET disagree, we look a second time. */
export function etagOf(size: number): string {
  return `"${(LAST_MODIFIED.getTime() / 1000).toString(16)}-${size.toString(16)}"`;
}

function entry(key: string, size: number): string {
  const time = LAST_MODIFIED.toISOString();
  const etag = etagOf(size).replaceAll('"', "&quot;");
  return `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><ETag>${etag}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
}

/** A page of ListObjectsV2. `next` is the token of the one after it. */
export function listingPage(prefix: string, keys: readonly string[], size: number, next?: string): string {
  const more = next !== undefined;
  const token = more ? `<NextContinuationToken>${next}</NextContinuationToken>` : "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bench</Name><Prefix>${prefix}</Prefix><KeyCount>${keys.length}</KeyCount><MaxKeys>${PAGE}</MaxKeys><IsTruncated>${more}</IsTruncated>${token}${keys.map((key) => entry(key, size)).join("")}</ListBucketResult>`;
}

/** Writes the pages of ListObjectsV2 for a prefix as files, `PREFIX.0.xml` first; the token of a page is its number. */
export function writeListing(folder: string, prefix: string, keys: readonly string[], size: number): void {
  mkdirSync(folder, { recursive: true });
  for (let page = 0; page * PAGE < keys.length; page++) {
    const here = keys.slice(page * PAGE, (page + 1) * PAGE);
    const more = (page + 1) * PAGE < keys.length;
    const body = listingPage(`${prefix}/`, here, size, more ? `page${page + 1}` : undefined);
    writeFileSync(join(folder, `${prefix}.${page}.xml`), body);
  }
}
