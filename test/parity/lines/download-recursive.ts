import { group, type LineEntry } from "../line.js";
import { emptySource, noFolder } from "./differences.js";
import { TREE } from "./trees.js";

const folders: LineEntry[] = [
  "cp s3://BUCKET out --recursive",
  "cp s3://BUCKET/ out --recursive",
  "cp s3://BUCKET/ . --recursive",
  "cp s3://BUCKET/dir out --recursive",
  "cp s3://BUCKET/dir/ out --recursive",
  "cp s3://BUCKET/dir/ out/ --recursive",
  "cp s3://BUCKET/dir/sub out --recursive",
  "cp s3://BUCKET/dir out --recursive --no-progress",
  "cp s3://BUCKET/dir out --recursive --quiet",
  "cp s3://BUCKET/dir out --recursive --only-show-errors",
  ["cp s3://BUCKET/dir out --recursive --dryrun", noFolder()],
  "cp s3://BUCKET/dir out --recursive --page-size 1",
  "cp s3://BUCKET/dir out --recursive --request-payer requester",
  "cp --recursive s3://BUCKET/dir FOLDER/out",
  ["cp s3://BUCKET/di out --recursive", emptySource(["files"], { files: {} })],
  ["cp s3://BUCKET/a.txt out --recursive", emptySource(["files"], { files: {} })],
  ["cp s3://BUCKET/nothing out --recursive", emptySource(["files"], { files: {} })],
  ["cp s3://no-such-bucket-of-ours out --recursive", noFolder({ code: 1, stderr: /NoSuchBucket/ })],
  ["cp s3://BUCKET/dir out --recursive", { files: { "out/c.txt": "was here", "out/mine.txt": "stays" } }],
  [
    "cp s3://BUCKET/dir out --recursive",
    {
      files: { out: "a file in the way" },
      differs: {
        why: "one-failure",
        in: ["stderr"],
        ours: { code: 1, stderr: /out: a file is where a folder is needed/ },
      },
    },
  ],
  "cp s3://BUCKET - --recursive",
];

const filters: LineEntry[] = [
  "cp s3://BUCKET out --recursive --exclude '*'",
  "cp s3://BUCKET out --recursive --exclude '*' --include '*.txt'",
  "cp s3://BUCKET out --recursive --include '*.txt' --exclude '*'",
  "cp s3://BUCKET out --recursive --exclude '*.txt' --include 'dir/*'",
  "cp s3://BUCKET out --recursive --exclude 'dir/*'",
  "cp s3://BUCKET out --recursive --exclude 'dir*'",
  "cp s3://BUCKET out --recursive --exclude 'dir'",
  "cp s3://BUCKET out --recursive --exclude '?.txt'",
  "cp s3://BUCKET out --recursive --exclude '[ab].*'",
  "cp s3://BUCKET out --recursive --exclude '[!a].*'",
  "cp s3://BUCKET out --recursive --exclude '[a-b].*'",
  "cp s3://BUCKET out --recursive --exclude '*/sub/*' --include '*/deep/*'",
  "cp s3://BUCKET out --recursive --exclude '*' --include a.txt --include dir/c.txt --exclude 'd*'",
  "cp s3://BUCKET/dir out --recursive --exclude 'c.txt'",
  "cp s3://BUCKET/dir out --recursive --exclude 'dir/c.txt'",
  "cp s3://BUCKET/dir out --recursive --exclude '/c.txt'",
  "cp s3://BUCKET/dir out --recursive --exclude './c.txt'",
  "cp s3://BUCKET out --recursive --exclude 'A.TXT'",
  "cp s3://BUCKET out --recursive --exclude=*.txt",
  "cp s3://BUCKET out --recursive --exclude ''",
  "cp s3://BUCKET out --recursive --exclude 's3://BUCKET/a.txt'",
];

const oddKeys: LineEntry[] = [
  ["cp s3://BUCKET out --recursive", { objects: { "folder/": "", "folder/in.txt": "in", "lone/": "" } }],
  ["cp s3://BUCKET out --recursive", { objects: { "x/../../escape.txt": "out", "ok.txt": "ok" } }],
  ["cp s3://BUCKET out --recursive", { objects: { "../escape.txt": "out", "ok.txt": "ok" } }],
  ["cp s3://BUCKET out --recursive", { objects: { "a/./b.txt": "dot", "ok.txt": "ok" } }],
  ["cp s3://BUCKET/p out --recursive", { objects: { "p//x.txt": "x", "p/y.txt": "y" } }],
  [
    "cp s3://BUCKET out --recursive",
    { objects: { "cold.txt": { text: "ice", storageClass: "GLACIER" }, "ok.txt": "ok" } },
  ],
  [
    "cp s3://BUCKET out --recursive --ignore-glacier-warnings",
    { objects: { "cold.txt": { text: "ice", storageClass: "GLACIER" }, "ok.txt": "ok" } },
  ],
  [
    "cp s3://BUCKET out --recursive --force-glacier-transfer",
    { objects: { "cold.txt": { text: "ice", storageClass: "GLACIER" }, "ok.txt": "ok" } },
  ],
  ["cp s3://BUCKET out --recursive", { objects: { big: { size: 17_000_000 }, small: "s" } }],
];

export const recursiveDownloads = [
  group("Download a prefix", { objects: TREE }, folders),
  group("Download with filters", { objects: TREE }, filters),
  group("Download prefixes with odd keys", {}, oddKeys),
];
