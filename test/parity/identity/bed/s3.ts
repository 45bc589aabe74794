import type { Answer, Recorded } from "./recorder.js";

const LISTING = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>key</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;9dd4e461268c8034f5c8564e155c67a6&quot;</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>`;

/** A bucket with one object, `key`, which everybody may read. */
export function answerS3({ query }: Recorded): Answer {
  if (query.has("list-type"))
    return { status: 200, headers: { "content-type": "application/xml" }, body: LISTING };
  const headers = {
    etag: '"9dd4e461268c8034f5c8564e155c67a6"',
    "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
    "content-type": "text/plain",
    "accept-ranges": "bytes",
  };
  return { status: 200, headers, body: "x" };
}
