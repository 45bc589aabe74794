import { CUSTOMER_KEY } from "../customer-key.js";
import { type Difference, group, type LineEntry } from "../line.js";
import { ODD_NAMES, ODD_TREE, TREE } from "./trees.js";

const one: LineEntry[] = [
  "cp s3://BUCKET/a.txt out.txt",
  "cp s3://BUCKET/a.txt ./out.txt",
  "cp s3://BUCKET/a.txt .",
  "cp s3://BUCKET/a.txt ./",
  "cp s3://BUCKET/dir/c.txt .",
  "cp s3://BUCKET/dir/c.txt renamed.txt",
  "cp s3://BUCKET/dir/sub/d.json new/deep/d.json",
  "cp s3://BUCKET/a.txt new/",
  "cp s3://BUCKET/a.txt new/deep/",
  "cp s3://BUCKET/a.txt FOLDER/absolute.txt",
  "cp s3://BUCKET/a.txt up/../out.txt",
  "cp s3://BUCKET/empty.bin out.bin",
  ["cp s3://BUCKET/a.txt there", { files: { "there/": { folder: true } } }],
  ["cp s3://BUCKET/a.txt there/", { files: { "there/": { folder: true } } }],
  ["cp s3://BUCKET/a.txt there", { files: { "there/a.txt": "was here" } }],
  ["cp s3://BUCKET/a.txt out.txt", { files: { "out.txt": "was here, and longer" } }],
  ["cp s3://BUCKET/a.txt out.txt", { files: { "out.txt": { text: "read only", mode: 0o444 } } }],
  ["cp s3://BUCKET/a.txt link", { files: { link: { link: "target" }, target: "untouched" } }],
  [
    "cp s3://BUCKET/a.txt folder-link",
    { files: { "folder-link": { link: "real" }, "real/": { folder: true } } },
  ],
  ["cp s3://BUCKET/a.txt file/out.txt", { files: { file: "in the way" } }],
  "cp s3://BUCKET/a.txt /dev/null",
  "cp s3://BUCKET/a.txt -",
  "cp s3://BUCKET/empty.bin -",
  "cp s3://BUCKET/a.txt - --quiet",
  "cp s3://BUCKET/a.txt - --only-show-errors",
  "cp s3://BUCKET/nothing -",
  "cp s3://BUCKET/nothing out.txt",
  "cp s3://BUCKET/dir out.txt",
  "cp s3://BUCKET/dir/ out.txt",
  "cp s3://no-such-bucket-of-ours/a.txt out.txt",
  ["cp s3://BUCKET/nothing out.txt", { files: { "out.txt": "stays" } }],
  "cp s3://BUCKET/a.txt out.txt --dryrun",
  "cp s3://BUCKET/nothing out.txt --dryrun",
  "cp s3://BUCKET/a.txt out.txt --quiet",
  "cp s3://BUCKET/a.txt out.txt --only-show-errors",
  "cp s3://BUCKET/a.txt out.txt --no-progress",
  "cp s3://BUCKET/nothing out.txt --quiet",
  "cp s3://BUCKET/nothing out.txt --only-show-errors",
  "cp --no-progress s3://BUCKET/a.txt out.txt",
  [
    "cp s3://BUCKET/a.txt --no-progress out.txt",
    {
      differs: {
        why: "options-anywhere",
        in: ["code", "stdout", "files"],
        ours: { code: 0, files: { "out.txt": "alpha" } },
      },
    },
  ],
  [
    "cp s3://BUCKET/a.txt out.txt --progress",
    {
      differs: {
        why: "positive-flags",
        in: ["code", "stdout", "files"],
        ours: { code: 0, files: { "out.txt": "alpha" } },
      },
    },
  ],
  "cp s3://BUCKET/a.txt out.txt --region us-east-1",
  "cp s3://BUCKET/a.txt out.txt --region=us-east-1",
  "cp s3://BUCKET/a.txt out.txt --request-payer requester",
  "cp s3://BUCKET/a.txt out.txt --request-payer",
  "cp s3://BUCKET/a.txt out.txt --cli-read-timeout 20 --cli-connect-timeout 10",
  "cp s3://BUCKET/a.txt out.txt --cli-read-timeout 0 --cli-connect-timeout 0",
  "cp s3://BUCKET/a.txt out.txt --source-region us-east-1",
  "cp s3://BUCKET/a.txt out.txt --exclude b.html",
  "cp s3://BUCKET/a.txt out.txt --exclude a.txt",
  "cp s3://BUCKET/a.txt out.txt --exclude '*' --include a.txt",
];

const special: LineEntry[] = [
  [
    "cp s3://BUCKET/typed out",
    { objects: { typed: { text: "t", contentType: "x/y", metadata: { a: "b" } } } },
  ],
  ["cp s3://BUCKET/zipped out", { objects: { zipped: { text: "not really", contentEncoding: "gzip" } } }],
  ["cp s3://BUCKET/big out", { objects: { big: { size: 20_000_001 } } }],
  ["cp s3://BUCKET/big -", { objects: { big: { size: 9_000_000 } } }],
  ["cp s3://BUCKET/big /dev/null", { objects: { big: { size: 20_000_000 } } }],
  ["cp s3://BUCKET/edge out", { objects: { edge: { size: 8 * 1024 * 1024 } } }],
  ["cp s3://BUCKET/edge out", { objects: { edge: { size: 8 * 1024 * 1024 + 1 } } }],
  ["cp s3://BUCKET/parts out", { objects: { parts: { size: 12_000_000, multipart: true } } }],
  ["cp s3://BUCKET/cold out", { objects: { cold: { text: "ice", storageClass: "GLACIER" } } }],
  [
    "cp s3://BUCKET/cold out --force-glacier-transfer",
    { objects: { cold: { text: "ice", storageClass: "GLACIER" } } },
  ],
  [
    "cp s3://BUCKET/cold out --ignore-glacier-warnings",
    { objects: { cold: { text: "ice", storageClass: "GLACIER" } } },
  ],
  ["cp s3://BUCKET/rare out", { objects: { rare: { text: "cool", storageClass: "STANDARD_IA" } } }],
  [
    `cp s3://BUCKET/locked out --sse-c AES256 --sse-c-key ${CUSTOMER_KEY}`,
    { objects: { locked: { text: "locked", customerKey: true } } },
  ],
  [
    `cp s3://BUCKET/locked out --sse-c --sse-c-key ${CUSTOMER_KEY}`,
    { objects: { locked: { text: "locked", customerKey: true } } },
  ],
  [
    "cp s3://BUCKET/locked out --sse-c AES256 --sse-c-key fileb://key",
    { objects: { locked: { text: "locked", customerKey: true } }, files: { key: CUSTOMER_KEY } },
  ],
  ["cp s3://BUCKET/locked out", { objects: { locked: { text: "locked", customerKey: true } } }],
  [
    "cp s3://BUCKET/locked out --sse-c AES256 --sse-c-key 0000000000000000000000000000000x",
    { objects: { locked: { text: "locked", customerKey: true } } },
  ],
  ["cp s3://BUCKET/folder/ out", { objects: { "folder/": "" } }],
  ["cp s3://BUCKET/double//slash.txt .", { objects: { "double//slash.txt": "two" } }],
  ["cp s3://BUCKET//leading.txt .", { objects: { "/leading.txt": "lead" } }],
];

/** Quoted for the tables' own splitter. */
const odd = ODD_NAMES.map((name): LineEntry => {
  const command = `cp 's3://BUCKET/${name}' out.txt`;
  if (!/[*?]/.test(name)) return command;
  const ours = { code: 0, files: { "out.txt/": "", [`out.txt/${name}`]: ODD_TREE[name]! } };
  return [command, { differs: { why: "wildcards", in: ["stdout", "files"], ours } }];
});

function escaped(name: string): { differs: Difference } {
  const stdout = [`download: s3://BUCKET/${name} to ./out.txt`];
  return { differs: { why: "escaped-names", in: ["stdout"], ours: { code: 0, stdout } } };
}

export const downloads = [
  group("Download one object", { objects: TREE }, one),
  group("Download objects of every kind", {}, special),
  group("Download odd names", { objects: ODD_TREE }, [...odd, "cp s3://BUCKET/ all --recursive"]),
  group("Download names with control characters", { objects: { "line\nbreak": "n", "tab\there": "t" } }, [
    ["cp $'s3://BUCKET/line\\nbreak' out.txt", escaped("line\\nbreak")],
    ["cp $'s3://BUCKET/tab\\there' out.txt", escaped("tab\\there")],
  ]),
];
