import { CUSTOMER_KEY } from "../customer-key.js";
import { group, type LineEntry } from "../line.js";
import { emptySource } from "./differences.js";
import { ODD_TREE, ODDEST_NAMES, TREE } from "./trees.js";

const one: LineEntry[] = [
  "cp s3://BUCKET/a.txt s3://BUCKET/copy.txt",
  "cp s3://BUCKET/a.txt s3://OTHER/copy.txt",
  "cp s3://BUCKET/a.txt s3://OTHER",
  "cp s3://BUCKET/a.txt s3://OTHER/",
  "cp s3://BUCKET/a.txt s3://OTHER/new/",
  "cp s3://BUCKET/dir/c.txt s3://OTHER/",
  "cp s3://BUCKET/nothing s3://OTHER/",
  "cp s3://no-such-bucket-of-ours/x s3://OTHER/",
  "cp s3://BUCKET/a.txt s3://no-such-bucket-of-ours/x",
  "cp s3://BUCKET/empty.bin s3://OTHER/",
  "cp s3://BUCKET/a.txt s3://OTHER/ --dryrun",
  "cp s3://BUCKET/a.txt s3://OTHER/ --quiet",
  "cp s3://BUCKET/a.txt s3://OTHER/ --only-show-errors",
  "cp s3://BUCKET/a.txt s3://OTHER/ --request-payer requester",
  ["cp s3://BUCKET/big s3://OTHER/", { objects: { big: { size: 17_000_001, contentType: "x/big" } } }],
  [
    "cp s3://BUCKET/big s3://OTHER/",
    { objects: { big: { size: 12_000_000, multipart: true, metadata: { a: "b" } } } },
  ],
  ["cp s3://BUCKET/cold s3://OTHER/", { objects: { cold: { text: "ice", storageClass: "GLACIER" } } }],
  [
    "cp s3://BUCKET/cold s3://OTHER/ --force-glacier-transfer",
    { objects: { cold: { text: "ice", storageClass: "GLACIER" } } },
  ],
  ["cp s3://BUCKET/rare s3://OTHER/", { objects: { rare: { text: "cool", storageClass: "STANDARD_IA" } } }],
];

const DRESSED = {
  dressed: {
    text: "dressed",
    contentType: "x/dressed",
    cacheControl: "no-cache",
    contentDisposition: "inline",
    contentLanguage: "fr",
    metadata: { colour: "red" },
    tags: "team=blue&stage=one",
  },
} as const;

const parameters: LineEntry[] = [
  "cp s3://BUCKET/dressed s3://OTHER/",
  "cp s3://BUCKET/dressed s3://OTHER/ --metadata-directive COPY",
  "cp s3://BUCKET/dressed s3://OTHER/ --metadata-directive REPLACE",
  "cp s3://BUCKET/dressed s3://OTHER/ --metadata-directive REPLACE --metadata new=one --content-type y/new",
  "cp s3://BUCKET/dressed s3://OTHER/ --metadata new=one",
  "cp s3://BUCKET/dressed s3://OTHER/ --content-type y/new",
  "cp s3://BUCKET/dressed s3://OTHER/ --copy-props none",
  "cp s3://BUCKET/dressed s3://OTHER/ --copy-props metadata-directive",
  "cp s3://BUCKET/dressed s3://OTHER/ --copy-props default",
  "cp s3://BUCKET/dressed s3://OTHER/ --copy-props nonsense",
  "cp s3://BUCKET/dressed s3://OTHER/ --acl public-read",
  "cp s3://BUCKET/dressed s3://OTHER/ --storage-class STANDARD_IA",
  "cp s3://BUCKET/dressed s3://OTHER/ --website-redirect /there --metadata-directive REPLACE",
  "cp s3://BUCKET/dressed s3://BUCKET/dressed --metadata-directive REPLACE --cache-control max-age=1",
  "cp s3://BUCKET/dressed s3://BUCKET/dressed",
  "cp s3://BUCKET/dressed s3://OTHER/ --sse aws:kms --sse-kms-key-id build-key",
  `cp s3://BUCKET/dressed s3://OTHER/ --sse-c AES256 --sse-c-key ${CUSTOMER_KEY}`,
];

const LARGE_DRESSED = { dressed: { ...DRESSED.dressed, text: "", size: 9_000_000 } };

const large: LineEntry[] = [
  "cp s3://BUCKET/dressed s3://OTHER/",
  "cp s3://BUCKET/dressed s3://OTHER/ --copy-props none",
  "cp s3://BUCKET/dressed s3://OTHER/ --copy-props metadata-directive",
  "cp s3://BUCKET/dressed s3://OTHER/ --metadata-directive REPLACE --metadata new=one",
  "cp s3://BUCKET/dressed s3://OTHER/ --content-type y/new",
];

const customer: LineEntry[] = [
  `cp s3://BUCKET/locked s3://OTHER/open --sse-c-copy-source AES256 --sse-c-copy-source-key ${CUSTOMER_KEY}`,
  `cp s3://BUCKET/locked s3://OTHER/relocked --sse-c-copy-source AES256 --sse-c-copy-source-key ${CUSTOMER_KEY} --sse-c AES256 --sse-c-key ${CUSTOMER_KEY}`,
  "cp s3://BUCKET/locked s3://OTHER/open",
  "cp s3://BUCKET/locked s3://OTHER/open --sse-c-copy-source AES256",
];

const recursive: LineEntry[] = [
  "cp s3://BUCKET s3://OTHER --recursive",
  "cp s3://BUCKET/ s3://OTHER/all/ --recursive",
  "cp s3://BUCKET/dir s3://OTHER --recursive",
  "cp s3://BUCKET/dir s3://OTHER/to --recursive",
  "cp s3://BUCKET/dir/ s3://BUCKET/again/ --recursive",
  "cp s3://BUCKET s3://OTHER --recursive --exclude '*' --include 'dir/*'",
  "cp s3://BUCKET s3://OTHER --recursive --exclude '*.txt'",
  "cp s3://BUCKET s3://OTHER --recursive --dryrun",
  "cp s3://BUCKET s3://OTHER --recursive --page-size 2",
  ["cp s3://BUCKET/nothing s3://OTHER --recursive", emptySource()],
  ["cp s3://BUCKET s3://OTHER --recursive", { objects: { "folder/": "", "folder/in.txt": "in" } }],
  ["cp s3://BUCKET s3://OTHER --recursive", { otherObjects: { "a.txt": "was here" } }],
  [
    "cp s3://BUCKET s3://OTHER --recursive",
    { objects: { cold: { text: "ice", storageClass: "GLACIER" }, warm: "w" } },
  ],
  ["cp s3://BUCKET s3://OTHER --recursive", { objects: { "../up.txt": "kept as a key", "a//b": "two" } }],
];

const odd = ODDEST_NAMES.map((name): LineEntry => {
  const command = `cp 's3://BUCKET/${name}' 's3://OTHER/to/${name}'`;
  if (!/[*?]/.test(name)) return command;
  const described = { [`OTHER/to/${name}/${name}`]: /written/ };
  return [
    command,
    { differs: { why: "wildcards", in: ["stdout", "objects"], ours: { code: 0, described } } },
  ];
});

export const copies = [
  group("Copy one object", { objects: TREE }, one),
  group("What a copy is given", { objects: DRESSED, deep: true }, parameters),
  group("What a multipart copy is given", { objects: LARGE_DRESSED, deep: true }, large),
  group("Copy under customer keys", { objects: { locked: { text: "locked", customerKey: true } } }, customer),
  group("Copy a prefix", { objects: TREE }, recursive),
  group("Copy odd names", { objects: ODD_TREE }, [...odd, "cp s3://BUCKET s3://OTHER/all --recursive"]),
];
