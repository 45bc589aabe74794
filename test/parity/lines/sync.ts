import { group, type LineEntry } from "../line.js";
import { emptySource, keepsAll, noFolder, refusedInside } from "./differences.js";
import { TREE } from "./trees.js";

const fresh: LineEntry[] = [
  "sync s3://BUCKET out",
  "sync s3://BUCKET/ out/",
  "sync s3://BUCKET .",
  "sync s3://BUCKET/dir out",
  ["sync s3://BUCKET/di out", emptySource(["files"], { files: {} })],
  ["sync s3://BUCKET out --dryrun", noFolder()],
  "sync s3://BUCKET out --quiet",
  "sync s3://BUCKET out --only-show-errors",
  "sync s3://BUCKET out --no-progress",
  "sync s3://BUCKET out --page-size 2",
  "sync s3://BUCKET out --request-payer requester",
  "sync s3://BUCKET out --exclude '*' --include '*.txt'",
  "sync s3://BUCKET out --exclude 'dir/*'",
  ["sync s3://BUCKET/nothing out", emptySource(["files"], { files: {} })],
  ["sync s3://no-such-bucket-of-ours out", noFolder({ code: 1, stderr: /NoSuchBucket/ })],
  ["sync s3://BUCKET/a.txt out", emptySource(["files"], { files: {} })],
  ["sync s3://BUCKET out", { objects: { "folder/": "", "folder/in.txt": "in" } }],
  [
    "sync s3://BUCKET out",
    { objects: { "cold.txt": { text: "ice", storageClass: "GLACIER" }, "ok.txt": "ok" } },
  ],
  [
    "sync s3://BUCKET out --ignore-glacier-warnings",
    { objects: { "cold.txt": { text: "ice", storageClass: "GLACIER" }, "ok.txt": "ok" } },
  ],
  [
    "sync s3://BUCKET out --force-glacier-transfer",
    { objects: { "cold.txt": { text: "ice", storageClass: "GLACIER" }, "ok.txt": "ok" } },
  ],
  ["sync s3://BUCKET out", { objects: { "../escape.txt": "out", "ok.txt": "ok" } }],
];

/** Beside objects made just now. */
const MIXED_FILES = {
  "out/same-old.txt": { text: "same size", age: "old" },
  "out/same-new.txt": { text: "same size", age: "new" },
  "out/longer.txt": { text: "longer than it was", age: "new" },
  "out/mine.txt": "not in the bucket",
  "out/deep/mine.log": "not in the bucket either",
} as const;
const MIXED_OBJECTS = {
  "same-old.txt": "SAME SIZE",
  "same-new.txt": "SAME SIZE",
  "longer.txt": "short",
  "missing.txt": "only in the bucket",
} as const;

const down: LineEntry[] = [
  "sync s3://BUCKET out",
  "sync s3://BUCKET out --size-only",
  "sync s3://BUCKET out --exact-timestamps",
  "sync s3://BUCKET out --size-only --exact-timestamps",
  "sync s3://BUCKET out --delete",
  "sync s3://BUCKET out --delete --dryrun",
  "sync s3://BUCKET out --delete --quiet",
  "sync s3://BUCKET out --delete --only-show-errors",
  "sync s3://BUCKET out --delete --exclude '*.log'",
  "sync s3://BUCKET out --delete --exclude '*'",
  "sync s3://BUCKET out --delete --exclude '*' --include 'mine.txt'",
  "sync s3://BUCKET out --delete --size-only",
  ["sync s3://BUCKET/nothing out --delete", emptySource(["stdout", "files"])],
  "sync s3://no-such-bucket-of-ours out --delete",
];

const up: LineEntry[] = [
  "sync out s3://BUCKET",
  "sync out/ s3://BUCKET/",
  "sync FOLDER/out s3://BUCKET",
  "sync out s3://BUCKET --size-only",
  "sync out s3://BUCKET --exact-timestamps",
  "sync out s3://BUCKET --delete",
  "sync out s3://BUCKET --delete --dryrun",
  ["sync out/mine.txt s3://BUCKET --delete", keepsAll()],
  [
    "sync out s3://BUCKET --delete",
    { files: { "out/loop": { link: "loop" } }, objects: { "gone.txt": "x" }, ...keepsAll() },
  ],
  "sync out s3://BUCKET --delete --exclude 'missing*'",
  "sync out s3://BUCKET --delete --exclude '*' --include '*.log'",
  "sync out s3://BUCKET --dryrun",
  "sync out s3://BUCKET --quiet",
  "sync out s3://BUCKET/up",
  "sync out s3://BUCKET --content-type x/y --metadata a=b --cache-control no-cache",
  "sync out s3://BUCKET --storage-class STANDARD_IA",
  "sync out s3://BUCKET --no-guess-mime-type",
  "sync out s3://BUCKET --acl public-read",
  "sync out s3://BUCKET --sse aws:kms --sse-kms-key-id build-key",
  "sync nothing s3://BUCKET",
  "sync nothing s3://BUCKET --delete",
  "sync out s3://no-such-bucket-of-ours",
  [
    "sync out s3://BUCKET",
    { files: { "out/x.txt": "x", "out/link": { link: "x.txt" }, "out/broken": { link: "no" } } },
  ],
  [
    "sync out s3://BUCKET --no-follow-symlinks",
    { files: { "out/x.txt": "x", "out/link": { link: "x.txt" }, "out/broken": { link: "no" } } },
  ],
  ["sync hollow s3://BUCKET --delete", { files: { "hollow/": { folder: true } } }],
  [
    "sync out s3://BUCKET",
    {
      files: { "out/a.txt": "1", "out/a/b.txt": "2", "out/a-b": "3", "out/a0": "4" },
      objects: { "a/b.txt": "2", "a-b": "3" },
    },
  ],
];

const across: LineEntry[] = [
  "sync s3://BUCKET s3://OTHER",
  "sync s3://BUCKET/dir s3://OTHER/to",
  "sync s3://BUCKET s3://OTHER --delete",
  "sync s3://BUCKET s3://OTHER --size-only",
  "sync s3://BUCKET s3://OTHER --exact-timestamps",
  "sync s3://BUCKET s3://OTHER --dryrun --delete",
  "sync s3://BUCKET s3://OTHER --delete --exclude 'gone*'",
  "sync s3://BUCKET s3://OTHER --exclude '*' --include 'dir/*'",
  "sync s3://BUCKET s3://OTHER --copy-props none",
  "sync s3://BUCKET s3://OTHER --metadata-directive REPLACE --metadata a=b",
  "sync s3://BUCKET s3://OTHER --storage-class STANDARD_IA",
  "sync s3://BUCKET/dir s3://BUCKET/again",
  "sync s3://BUCKET/dir s3://BUCKET/dir2 --delete",
  ["sync s3://BUCKET/dir s3://BUCKET --delete", refusedInside()],
  ["sync s3://BUCKET s3://BUCKET/dir --delete", refusedInside()],
  ["sync s3://BUCKET/nothing s3://OTHER --delete", emptySource(["stdout", "objects"])],
];

export const syncs = [
  group("Sync down to nothing", { objects: TREE }, fresh),
  group("Sync down onto files", { objects: MIXED_OBJECTS, files: MIXED_FILES }, down),
  group("Sync up", { objects: MIXED_OBJECTS, files: MIXED_FILES }, up),
  group(
    "Sync between buckets",
    { objects: TREE, otherObjects: { "a.txt": "ALPHA", "gone.txt": "gone", "b.html": "longer than beta" } },
    across,
  ),
];
