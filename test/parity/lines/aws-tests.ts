import { CUSTOMER_KEY } from "../customer-key.js";
import { type Difference, group, type LineEntry } from "../line.js";
import { keptByOurs, noFolder, wrongValue } from "./differences.js";
import { TREE } from "./trees.js";

const UP = { files: { "up.txt": "up", "up/a.txt": "one", "up/b.txt": "two" }, objects: {} };
const LARGE = {
  objects: {
    "large.bin": {
      size: 9_000_000,
      multipart: true,
      metadata: { a: "b" },
      tags: "x=y",
      cacheControl: "no-cache",
    },
  },
} as const;

/** All that S3 keeps beside the bytes stays, with what is given instead. */
function copyCopies(): { differs: Difference } {
  const described = { "OTHER/copy.bin": /type=a\/b cache=no-cache metadata=\[\["a","b"\]\] .*tags=x=y$/ };
  return { differs: { why: "copy-copies", in: ["objects"], ours: { code: 0, described } } };
}

/** Single objects: what the AWS CLI's own functional tests ask, run by both programs. */
const objects: LineEntry[] = [
  ["cp up.txt s3://BUCKET/key.txt --sse", UP],
  [`cp up.txt s3://BUCKET/key.txt --sse-c --sse-c-key ${CUSTOMER_KEY}`, UP],
  [`cp up.txt s3://BUCKET/key.txt --sse-c-key ${CUSTOMER_KEY} --sse-c AES256`, UP],
  ["cp up.txt s3://BUCKET --metadata-directive REPLACE", UP],
  ['cp up.txt s3://BUCKET --metadata \'{"KeyName":"Value"}\'', UP],
  ["cp up.txt s3://BUCKET --expires 90", UP],
  ["cp up.txt s3://BUCKET --expires 2033-01-01", UP],
  ["cp up.txt s3://BUCKET --website-redirect http://someserver", UP],
  ["cp up.txt s3://BUCKET --storage-class ONEZONE_IA", UP],
  ["cp up.txt s3://BUCKET --storage-class INTELLIGENT_TIERING", UP],
  ["cp up.txt s3://BUCKET --storage-class GLACIER", UP],
  ["cp up.txt s3://BUCKET --storage-class GLACIER_IR", UP],
  ["cp up.txt s3://BUCKET --grants read=id=owner full=id=owner", { ...UP, deep: true }],
  ["cp up.txt s3://BUCKET --grants read", { ...UP, ...wrongValue(/of the form permission=principal/) }],
  ["cp up.txt s3://BUCKET --content-type ''", UP],
  ["cp up.txt s3://BUCKET --content-language de --content-encoding gzip --content-disposition inline", UP],
  ["cp up.txt s3://BUCKET --checksum-mode ENABLED", UP],
  ["cp up s3://BUCKET --recursive --case-conflict error", UP],
  ["cp up.txt s3://BUCKET --case-conflict warn", UP],
  ["cp up.txt s3://BUCKET --copy-props none", UP],
  ["cp up.txt s3://BUCKET --request-payer", UP],
  ["cp up.txt s3://BUCKET --expected-size 2", UP],
  ["cp up.txt s3://BUCKET --force-glacier-transfer --ignore-glacier-warnings", UP],
  ["cp . - --recursive", UP],
  ["cp s3://BUCKET/a.txt out.txt --checksum-algorithm CRC32", {}],
  ["cp s3://BUCKET/a.txt - --no-overwrite", {}],
  [
    "cp - s3://BUCKET/a.txt --no-overwrite",
    { stdin: "text", ...keptByOurs(["code", "stderr"], { objects: TREE }) },
  ],
  ["cp - s3://BUCKET/new.txt --no-overwrite", { stdin: "text" }],
  ["cp s3://BUCKET/a.txt s3://BUCKET/copy.txt --checksum-mode ENABLED", {}],
  ["cp s3://BUCKET/a.txt s3://BUCKET/copy.txt --case-conflict skip", {}],
  ["cp s3://BUCKET/a.txt s3://BUCKET/copy.txt --checksum-algorithm SHA256", {}],
  ["cp s3://BUCKET/a.txt s3://BUCKET/a.txt", {}],
  ["cp s3://BUCKET/a.txt s3://BUCKET/a.txt --metadata a=b --metadata-directive REPLACE", {}],
  ["cp s3://BUCKET/large.bin s3://OTHER/copy.bin --metadata-directive REPLACE", { ...LARGE, deep: true }],
  ["cp s3://BUCKET/large.bin s3://OTHER/copy.bin --metadata c=d", { ...LARGE, deep: true }],
  ["cp s3://BUCKET/large.bin s3://OTHER/copy.bin --copy-props metadata-directive", { ...LARGE, deep: true }],
  [
    "cp s3://BUCKET/large.bin s3://OTHER/copy.bin --copy-props default --cache-control max-age=1",
    { ...LARGE, deep: true },
  ],
  [
    "cp s3://BUCKET/large.bin s3://OTHER/copy.bin --content-type a/b --metadata-directive COPY",
    { ...LARGE, deep: true, ...copyCopies() },
  ],
  [
    "cp s3://BUCKET s3://OTHER --recursive --copy-props default --storage-class STANDARD_IA",
    { ...LARGE, deep: true },
  ],
  ["cp s3://BUCKET/cold s3://BUCKET/warm", { objects: { cold: { text: "ice", storageClass: "GLACIER" } } }],
  ["cp s3://BUCKET/cold -", { objects: { cold: { text: "ice", storageClass: "GLACIER" } } }],
  [
    "cp s3://BUCKET out --recursive --force-glacier-transfer --ignore-glacier-warnings",
    { objects: { cold: { text: "ice", storageClass: "GLACIER" } } },
  ],
  ["cp s3://BUCKET . --recursive --no-overwrite --quiet", { files: { "a.txt": "mine" } }],
  ["cp s3://BUCKET/a.txt new/deep/out.txt", {}],
  ["cp s3://BUCKET/dir new/deep --recursive --include '*.txt'", {}],
];

const trees: LineEntry[] = [
  ["sync s3://BUCKET new/deep/out", {}],
  ["sync s3://BUCKET out --case-conflict error", { files: { "out/A.TXT": "mine" } }],
  ["sync s3://BUCKET out --case-conflict warn", { files: { "out/A.TXT": "mine" } }],
  ["sync s3://BUCKET out --case-conflict skip", { files: { "out/A.TXT": "mine" } }],
  ["sync s3://BUCKET out --case-conflict ignore", { files: { "out/A.TXT": "mine" } }],
  ["cp s3://BUCKET out --recursive --case-conflict skip", { files: { "out/A.TXT": "mine" } }],
  ["sync up s3://BUCKET --case-conflict skip", UP],
  ["sync s3://BUCKET s3://OTHER --case-conflict skip", {}],
  ["sync s3://BUCKET s3://OTHER --no-overwrite", { otherObjects: { "b.txt": "other" } }],
  ["sync s3://BUCKET s3://OTHER --checksum-algorithm SHA1", {}],
  ["sync s3://BUCKET out --checksum-algorithm SHA1", {}],
  ["sync up s3://BUCKET --checksum-mode ENABLED", UP],
  ["sync up s3://BUCKET --request-payer --delete", { ...UP, objects: { gone: "x" } }],
  ["sync up s3://BUCKET --no-overwrite --delete", { ...UP, objects: { gone: "x", "a.txt": "old" } }],
  ["sync up s3://BUCKET --website-redirect http://someserver", UP],
  [`sync up s3://BUCKET --sse-c AES256 --sse-c-key ${CUSTOMER_KEY}`, UP],
  ["sync up s3://BUCKET --recursive", UP],
  ["sync up.txt s3://BUCKET", UP],
  ["sync s3://BUCKET s3://OTHER --copy-props default --metadata a=b", { deep: true }],
  ["sync up s3://my-bucket--usw2-az1--x-s3", UP],
  ["sync s3://my-bucket--usw2-az1--x-s3 out", noFolder({ code: 252, stderr: /is a directory bucket/ })],
  ["sync up s3://my-bucket--usw2-az1--x-s3 --delete", UP],
  ["sync up-az1--x-s3 s3://BUCKET", { files: { "up-az1--x-s3/a": "1" }, objects: {} }],
  [
    "cp s3://my-bucket--usw2-az1--x-s3 out --recursive --case-conflict error",
    noFolder({ code: 252, stderr: /is a directory bucket/ }),
  ],
  [
    "cp s3://my-bucket--usw2-az1--x-s3 out --recursive --case-conflict skip",
    noFolder({ code: 252, stderr: /is a directory bucket/ }),
  ],
  ["sync a b", { files: { "a/x": "x" } }],
  ["sync s3://BUCKET -", {}],
  ["sync - s3://BUCKET", {}],
];

const listings: LineEntry[] = [
  "ls s3://BUCKET --summarize --human-readable --recursive",
  "ls s3://BUCKET/dir/sub --recursive --summarize",
  "ls s3://BUCKET --recursive --page-size 1",
  "ls s3://BUCKET --page-size 1",
  "ls s3://BUCKET --page-size 1 --summarize",
  "ls s3://BUCKET --request-payer requester",
  "ls s3://BUCKET --request-payer",
  "ls BUCKET/dir/ --recursive",
  "ls s3://BUCKET --bucket-name-prefix x --bucket-region us-east-1",
  "ls s3:// extra",
];

export const awsTests = [
  group("From the AWS CLI's own tests: objects", { objects: TREE }, objects),
  group("From the AWS CLI's own tests: trees", { objects: TREE }, trees),
  group("From the AWS CLI's own tests: lists", { objects: TREE }, listings),
];
