import { group, type LineEntry } from "../line.js";
import { TREE } from "./trees.js";

const folders: LineEntry[] = [
  "cp . s3://BUCKET --recursive",
  "cp . s3://BUCKET/ --recursive",
  "cp ./ s3://BUCKET/up --recursive",
  "cp . s3://BUCKET/up/ --recursive",
  "cp dir s3://BUCKET/up --recursive",
  "cp dir/ s3://BUCKET/up/ --recursive",
  "cp FOLDER/dir s3://BUCKET/up --recursive",
  "cp dir/../dir s3://BUCKET/up --recursive",
  "cp dir s3://BUCKET --recursive --quiet",
  "cp dir s3://BUCKET --recursive --only-show-errors",
  "cp dir s3://BUCKET --recursive --no-progress",
  "cp dir s3://BUCKET --recursive --dryrun",
  "cp nothing s3://BUCKET --recursive",
  "cp a.txt s3://BUCKET --recursive",
  "cp dir s3://no-such-bucket-of-ours --recursive",
  ["cp . s3://BUCKET --recursive", { files: { "empty-folder/": { folder: true }, "x.txt": "x" } }],
  ["cp hollow s3://BUCKET --recursive", { files: { "hollow/": { folder: true } } }],
  ["cp dir s3://BUCKET --recursive", { objects: { "c.txt": "was here", "other.txt": "stays" } }],
  "cp dir s3://BUCKET --recursive --content-type text/x-all --metadata every=one",
  "cp dir s3://BUCKET --recursive --storage-class STANDARD_IA --cache-control no-store",
];

const filters: LineEntry[] = [
  "cp . s3://BUCKET --recursive --exclude '*'",
  "cp . s3://BUCKET --recursive --exclude '*' --include '*.txt'",
  "cp . s3://BUCKET --recursive --include '*.txt' --exclude '*'",
  "cp . s3://BUCKET --recursive --exclude 'dir/*'",
  "cp . s3://BUCKET --recursive --exclude 'dir/*' --include 'dir/sub/*'",
  "cp . s3://BUCKET --recursive --exclude '[!ab]*'",
  "cp . s3://BUCKET/up --recursive --exclude '?.txt'",
  "cp . s3://BUCKET/up --recursive --exclude 'up/a.txt'",
  "cp dir s3://BUCKET --recursive --exclude 'c.txt'",
  "cp dir s3://BUCKET --recursive --exclude 'dir/c.txt'",
  "cp dir s3://BUCKET --recursive --exclude './c.txt'",
  "cp dir s3://BUCKET --recursive --exclude 'FOLDER/dir/c.txt'",
];

const links: LineEntry[] = [
  "cp . s3://BUCKET --recursive",
  "cp . s3://BUCKET --recursive --no-follow-symlinks",
  "cp . s3://BUCKET --recursive --follow-symlinks",
  [
    "cp . s3://BUCKET --recursive --exclude broken",
    {
      differs: {
        why: "excluded-unseen",
        in: ["code", "stderr"],
        ours: { code: 0, stderr: /^$/ },
      },
    },
  ],
];

const LINKED = {
  "real.txt": "real",
  "link.txt": { link: "real.txt" },
  "folder/in.txt": "in",
  "folder-link": { link: "folder" },
  broken: { link: "nowhere" },
} as const;

export const recursiveUploads = [
  group("Upload a folder", { files: TREE }, folders),
  group("Upload with filters", { files: TREE }, filters),
  group("Upload links", { files: LINKED }, links),
  group("Upload special files", { files: { "a.txt": "a", pipe: { fifo: true } } }, [
    "cp . s3://BUCKET --recursive",
  ]),
];
