import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LAST_MODIFIED } from "./data.js";

const PAGE = 1000;

function entry(key: string, size: number): string {
  const time = LAST_MODIFIED.toISOString();
  return `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><ETag>&quot;bench-1&quot;</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
}

/** Writes the pages of ListObjectsV2 for a prefix as files, `PREFIX.0.xml` first; the token of a page is its number. */
export function writeListing(folder: string, prefix: string, keys: readonly string[], size: number): void {
  mkdirSync(folder, { recursive: true });
  for (let page = 0; page * PAGE < keys.length; page++) {
    const here = keys.slice(page * PAGE, (page + 1) * PAGE);
    const more = (page + 1) * PAGE < keys.length;
    const next = more ? `<NextContinuationToken>page${page + 1}</NextContinuationToken>` : "";
    const body = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bench</Name><Prefix>${prefix}/</Prefix><KeyCount>${here.length}</KeyCount><MaxKeys>${PAGE}</MaxKeys><IsTruncated>${more}</IsTruncated>${next}${here.map((key) => entry(key, size)).join("")}</ListBucketResult>`;
    writeFileSync(join(folder, `${prefix}.${page}.xml`), body);
  }
}
