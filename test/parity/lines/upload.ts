import { CUSTOMER_KEY } from "../customer-key.js";
import { group, type LineEntry } from "../line.js";
import { wrongValue } from "./differences.js";
import { ODD_TREE, ODDEST_NAMES, TREE } from "./trees.js";

const one: LineEntry[] = [
  "cp a.txt s3://BUCKET/out.txt",
  "cp ./a.txt s3://BUCKET/out.txt",
  "cp a.txt s3://BUCKET",
  "cp a.txt s3://BUCKET/",
  "cp a.txt s3://BUCKET/new",
  "cp a.txt s3://BUCKET/new/",
  "cp a.txt s3://BUCKET/new/deep/x.txt",
  "cp dir/c.txt s3://BUCKET/",
  "cp dir/sub/../c.txt s3://BUCKET/",
  "cp FOLDER/a.txt s3://BUCKET/",
  "cp empty.bin s3://BUCKET/",
  "cp nothing.txt s3://BUCKET/",
  [
    "cp dir s3://BUCKET/",
    {
      differs: {
        why: "folder-named",
        in: ["stderr"],
        ours: { code: 1, stderr: /is a folder\n.*--recursive/ },
      },
    },
  ],
  [
    "cp dir/ s3://BUCKET/",
    {
      differs: {
        why: "folder-named",
        in: ["stderr"],
        ours: { code: 1, stderr: /is a folder\n.*--recursive/ },
      },
    },
  ],
  "cp a.txt/ s3://BUCKET/",
  "cp a.txt s3://no-such-bucket-of-ours/a.txt",
  ["cp a.txt s3://", wrongValue(/no bucket in it/, ["stderr"])],
  "cp a.txt s3:/BUCKET/x",
  ["cp a.txt s3://BUCKET/out.txt", { objects: { "out.txt": "was here" } }],
  ["cp link s3://BUCKET/", { files: { link: { link: "target" }, target: "behind" } }],
  ["cp link s3://BUCKET/ --no-follow-symlinks", { files: { link: { link: "target" }, target: "behind" } }],
  ["cp link s3://BUCKET/ --follow-symlinks", { files: { link: { link: "target" }, target: "behind" } }],
  ["cp broken s3://BUCKET/", { files: { broken: { link: "nowhere" } } }],
  ["cp pipe s3://BUCKET/", { files: { pipe: { fifo: true } } }],
  "cp a.txt s3://BUCKET/out.txt --dryrun",
  "cp nothing.txt s3://BUCKET/ --dryrun",
  "cp a.txt s3://BUCKET/ --quiet",
  "cp a.txt s3://BUCKET/ --only-show-errors",
  "cp a.txt s3://BUCKET/ --no-progress",
  "cp a.txt s3://BUCKET/ --exclude a.txt",
  "cp a.txt s3://BUCKET/ --exclude '*' --include '*.txt'",
  ["cp edge s3://BUCKET/", { files: { edge: { size: 8 * 1024 * 1024 } } }],
  ["cp big s3://BUCKET/", { files: { big: { size: 17_000_001 } } }],
  [
    "cp big.txt s3://BUCKET/ --metadata a=b --cache-control no-cache",
    { files: { "big.txt": { size: 9_000_000 } } },
  ],
];

const parameters: LineEntry[] = [
  "cp a.txt s3://BUCKET/ --content-type text/x-special",
  "cp a.txt s3://BUCKET/ --metadata a=1,a=2",
  ["cp a.txt s3://BUCKET/ --metadata a=caf\u00e9", wrongValue(/non-ASCII/, ["stderr"])],
  "cp a.txt s3://BUCKET/ --content-type=text/x-special",
  "cp a.txt s3://BUCKET/ --no-guess-mime-type",
  [
    "cp a.txt s3://BUCKET/ --guess-mime-type",
    {
      differs: {
        why: "positive-flags",
        in: ["code", "stdout", "objects"],
        ours: { code: 0, objects: { "a.txt": "alpha" } },
      },
    },
  ],
  "cp a.txt s3://BUCKET/ --cache-control max-age=60,public",
  "cp a.txt s3://BUCKET/ --content-disposition 'attachment; filename=x.txt'",
  "cp a.txt s3://BUCKET/ --content-encoding gzip",
  "cp a.txt s3://BUCKET/ --content-language de",
  "cp a.txt s3://BUCKET/ --expires 2031-02-03T04:05:06Z",
  "cp a.txt s3://BUCKET/ --expires '2031-02-03 04:05:06'",
  "cp a.txt s3://BUCKET/ --expires 2031-02-03",
  "cp a.txt s3://BUCKET/ --expires 'Mon, 03 Feb 2031 04:05:06 GMT'",
  ["cp a.txt s3://BUCKET/ --expires nonsense", wrongValue(/--expires/, ["stderr"])],
  "cp a.txt s3://BUCKET/ --metadata one=1",
  "cp a.txt s3://BUCKET/ --metadata one=1,two=2",
  'cp a.txt s3://BUCKET/ --metadata \'{"one":"1","two":"a b"}\'',
  "cp a.txt s3://BUCKET/ --metadata 'one=a b'",
  "cp a.txt s3://BUCKET/ --metadata One=Mixed",
  "cp a.txt s3://BUCKET/ --metadata nonsense",
  [
    "cp a.txt s3://BUCKET/ --metadata file://meta.json",
    { files: { ...TREE, "meta.json": '{"from":"file"}' } },
  ],
  ["cp a.txt s3://BUCKET/ --content-type file://type", { files: { ...TREE, type: "text/from-file" } }],
  "cp a.txt s3://BUCKET/ --content-type file://missing",
  "cp a.txt s3://BUCKET/ --metadata-directive REPLACE",
  "cp a.txt s3://BUCKET/ --storage-class STANDARD_IA",
  "cp a.txt s3://BUCKET/ --storage-class STANDARD",
  "cp a.txt s3://BUCKET/ --storage-class NONSENSE",
  "cp a.txt s3://BUCKET/ --sse",
  "cp a.txt s3://BUCKET/ --sse AES256",
  "cp a.txt s3://BUCKET/ --sse aws:kms --sse-kms-key-id build-key",
  "cp a.txt s3://BUCKET/ --sse aws:kms --sse-kms-key-id no-such-key",
  "cp a.txt s3://BUCKET/ --sse nonsense",
  `cp a.txt s3://BUCKET/ --sse-c AES256 --sse-c-key ${CUSTOMER_KEY}`,
  `cp a.txt s3://BUCKET/ --sse-c --sse-c-key ${CUSTOMER_KEY}`,
  ["cp a.txt s3://BUCKET/ --sse-c AES256 --sse-c-key fileb://key", { files: { ...TREE, key: CUSTOMER_KEY } }],
  "cp a.txt s3://BUCKET/ --sse-c AES256",
  `cp a.txt s3://BUCKET/ --sse-c-key ${CUSTOMER_KEY}`,
  ["cp a.txt s3://BUCKET/ --sse-c AES256 --sse-c-key short", wrongValue(/32 bytes/, ["stderr"])],
  "cp a.txt s3://BUCKET/ --website-redirect /elsewhere",
  "cp a.txt s3://BUCKET/ --request-payer requester",
  "cp a.txt s3://BUCKET/ --request-payer nonsense",
  ["cp big s3://BUCKET/ --sse aws:kms --sse-kms-key-id build-key", { files: { big: { size: 9_000_000 } } }],
  [`cp big s3://BUCKET/ --sse-c AES256 --sse-c-key ${CUSTOMER_KEY}`, { files: { big: { size: 9_000_000 } } }],
  ["cp big s3://BUCKET/ --storage-class STANDARD_IA", { files: { big: { size: 9_000_000 } } }],
];

const ALL_USERS = "uri=http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED = "uri=http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

const grants: LineEntry[] = [
  "cp a.txt s3://BUCKET/ --acl private",
  "cp a.txt s3://BUCKET/ --acl public-read",
  "cp a.txt s3://BUCKET/ --acl public-read-write",
  "cp a.txt s3://BUCKET/ --acl authenticated-read",
  "cp a.txt s3://BUCKET/ --acl bucket-owner-full-control",
  "cp a.txt s3://BUCKET/ --acl nonsense",
  `cp a.txt s3://BUCKET/ --grants read=${ALL_USERS}`,
  `cp a.txt s3://BUCKET/ --grants read=${ALL_USERS} full=${AUTHENTICATED}`,
  `cp a.txt s3://BUCKET/ --grants full=id=owner readacl=${ALL_USERS} writeacl=${AUTHENTICATED}`,
  `cp a.txt s3://BUCKET/ --grants read=${ALL_USERS},${AUTHENTICATED}`,
  ["cp a.txt s3://BUCKET/ --grants nonsense", wrongValue(/grants/)],
  ["cp a.txt s3://BUCKET/ --grants sing=id=x", wrongValue(/grants/)],
  ["cp big s3://BUCKET/ --acl public-read", { files: { big: { size: 9_000_000 } } }],
];

/** What Python knows by itself, and what it does not. */
const TYPED = [
  "a.html a.htm a.css a.js a.mjs a.json a.xml a.txt a.csv a.svg a.png a.jpg a.jpeg a.gif a.ico A.HTML a.TXT a.tsv",
  "a.pdf a.zip a.gz a.tar a.tgz a.tar.gz a.bz2 a.xz a.wasm a.mp3 a.mp4 a.webm a.avi a.ps a.eps a.tif a.bmp a.wav",
  "a.py a.sh a.c a.h a.java a.class a.deb a.rpm a.exe a.dll a.so a.bin a.iso a.doc a.xls a.ppt a.rtf a.eml a.vcf",
  "a.toml a.ini a.log a.conf a.unknown noextension .dotfile a. a.b.c ..txt a.tar.Z a.tar.z a.js.br a.gz.gz a.TGZ",
  "a.md a.webp a.woff a.woff2 a.ttf a.7z a.jar a.docx a.xlsx a.yaml a.yml a.ogg a.flac a.mkv a.odt a.glb a.php a.rst",
];

function typedFiles(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

const typed: LineEntry[] = [
  ...TYPED.map(
    (names): LineEntry => ["cp . s3://BUCKET --recursive", { files: typedFiles(names.split(" ")) }],
  ),
];

const odd = ODDEST_NAMES.map((name): LineEntry => `cp './${name}' 's3://BUCKET/up/${name}'`);

export const uploads = [
  group("Upload one file", { files: TREE }, one),
  group("What an upload is given", { files: TREE }, parameters),
  group("Grants of an upload", { files: TREE, deep: true }, grants),
  group("Content types by name", {}, typed),
  group("Upload odd names", { files: ODD_TREE }, [...odd, "cp . s3://BUCKET/all --recursive"]),
];
