import { textOf } from "../bed/snapshot.js";
import { generatedBytes } from "../generated-bytes.js";
import { type Expectation, group, type LineEntry, type SetUp } from "../line.js";
import { filesOf, TREE } from "./trees.js";

/** Folders and files below `out`. */
const below = (tree: Readonly<Record<string, string>>) =>
  filesOf(Object.fromEntries(Object.entries(tree).map(([name, text]) => [`out/${name}`, text])));

const BIG = 17_000_000;
const BIG_TEXT = textOf(generatedBytes(BIG));

const DOWNLOADED = { code: 0, files: { "out.txt": "alpha" } };

/** Only ours has it. */
function ours(command: string, means: string, expected: Expectation, setUp: SetUp = {}): LineEntry {
  return [command, { ...setUp, own: { means, ours: expected } }];
}

const KEYS_FILE = "[default]\naws_access_key_id = AKIDNOBODY\naws_secret_access_key = nothing\n";

const own: LineEntry[] = [
  ours(
    "cp s3://BUCKET/a.txt out.txt --addressing-style path",
    "where the bucket is named; the AWS CLI has it in the profile only",
    DOWNLOADED,
  ),
  ours(
    "cp 's3://BUCKET/*.txt' out/",
    "a wildcard in the source; it crosses slashes, and what stands before it is dropped",
    {
      code: 0,
      stdout: /download: s3:\/\/BUCKET\/a\.txt to out\/a\.txt/,
      files: below({
        "a.txt": "alpha",
        "dir/c.txt": "gamma",
        "dir/sub/deep/e.txt": "epsilon",
        "dir2/f.txt": "phi",
      }),
    },
  ),
  ours("cp 's3://BUCKET/?.txt' out/", "`?` is one character", {
    code: 0,
    files: { "out/": "", "out/a.txt": "alpha" },
  }),
  ours("cp 's3://BUCKET/dir/*' out/", "below a prefix", {
    code: 0,
    stdout: /download: s3:\/\/BUCKET\/dir\/c\.txt to out\/c\.txt/,
    files: below({ "c.txt": "gamma", "sub/d.json": "{}", "sub/deep/e.txt": "epsilon" }),
  }),
  ours("cp 's3://BUCKET/x*' out/", "nothing matches: a failure", {
    code: 1,
    stderr: /nothing was copied|no object/,
    files: {},
  }),
  ours(
    "cp 's3://BUCKET/star*' out.txt --raw",
    "--raw takes the signs as they are",
    { code: 0, files: { "out.txt": "literal" } },
    { objects: { "star*": "literal", starry: "not this" } },
  ),
  ours(
    "cp s3://BUCKET/dir out --recursive --if-size-differ",
    "same size: left alone",
    { code: 0, files: below({ "c.txt": "GAMMA", "sub/d.json": "{}", "sub/deep/e.txt": "epsilon" }) },
    { files: { "out/c.txt": "GAMMA", "out/sub/d.json": "longer" } },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --if-size-differ", "another size: copied", DOWNLOADED, {
    files: { "out.txt": "longer" },
  }),
  ours(
    "cp s3://BUCKET/dir out --recursive --if-source-newer",
    "the file is newer: left alone",
    { code: 0, files: below({ "c.txt": "newer", "sub/d.json": "{}", "sub/deep/e.txt": "epsilon" }) },
    { files: { "out/c.txt": { text: "newer", age: "new" }, "out/sub/d.json": { text: "old", age: "old" } } },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --if-source-newer", "the object is newer: copied", DOWNLOADED, {
    files: { "out.txt": { text: "older", age: "old" } },
  }),
  ours(
    "cp up s3://BUCKET --recursive --if-size-differ",
    "same size: left alone",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "longer" } },
    { objects: { "a.txt": "alpha", "b.txt": "b" }, files: { "up/a.txt": "ALPHA", "up/b.txt": "longer" } },
  ),
  ours(
    "cp up s3://BUCKET --recursive --if-source-newer",
    "the object is newer: left alone",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "new" } },
    {
      objects: { "a.txt": "alpha", "b.txt": "beta" },
      files: { "up/a.txt": { text: "old", age: "old" }, "up/b.txt": { text: "new", age: "new" } },
    },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --version-id null", "one version of the object", DOWNLOADED),
  ours("cp s3://BUCKET/a.txt out.txt --version-id no-such-version", "which must be there", {
    code: 1,
    files: {},
  }),
  ours("cp s3://BUCKET/a.txt out.txt --json", "one object a line", {
    ...DOWNLOADED,
    stdout: /^\{.*"a\.txt|s3:\/\/BUCKET\/a\.txt.*\}$/m,
  }),
  ours("sync s3://BUCKET/dir out --json --exclude 'sub/*'", "one object a line", {
    code: 0,
    stdout: /^\{.*c\.txt.*\}$/m,
    files: below({ "c.txt": "gamma" }),
  }),
  ours("ls s3://BUCKET --json", "one object a line", { code: 0, stdout: /^\{.*"a\.txt".*\}$/m }),
  ours("cp s3://BUCKET out --recursive --concurrency 2", "so many transfers at once", {
    code: 0,
    files: below(TREE),
  }),
  ours("cp s3://BUCKET/a.txt out.txt --concurrency nonsense", "a number", {
    code: 252,
    stderr: /--concurrency/,
    files: {},
  }),
  ours(
    "cp s3://BUCKET/big out --concurrency 3 --part-size 5MB",
    "in ranges of that size",
    { code: 0, files: { out: BIG_TEXT } },
    { objects: { big: { size: BIG } } },
  ),
  ours(
    "cp big s3://BUCKET --part-size 6MiB --concurrency 2",
    "parts of that size",
    { code: 0, objects: { big: BIG_TEXT }, described: { big: / parts=3\b/ } },
    { files: { big: { size: BIG } }, objects: {} },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --part-size nonsense", "a size", {
    code: 252,
    stderr: /--part-size/,
    files: {},
  }),
  ours("sync s3://BUCKET out --concurrency 4 --part-size 8MB", "for sync too", {
    code: 0,
    files: below(TREE),
  }),
  ours(
    "cp s3://BUCKET/a.txt s3://OTHER/ --source-region us-east-1",
    "the source's region; an endpoint that is given is asked for both",
    { code: 0, objects: { "OTHER/a.txt": "alpha", "a.txt": "alpha" } },
    { objects: { "a.txt": "alpha" } },
  ),
  ours(
    "sync s3://BUCKET s3://OTHER --source-region us-east-1",
    "for sync too",
    { code: 0, objects: { "OTHER/a.txt": "alpha", "a.txt": "alpha" } },
    { objects: { "a.txt": "alpha" } },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt --credentials-file keys --profile default",
    "the option decides, whatever keys are in the environment",
    { code: 1, files: { keys: KEYS_FILE }, stderr: /The keys come from --credentials-file, keys\.\n$/ },
    { files: { keys: KEYS_FILE } },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt --uri relative-without-slash",
    "an endpoint that is no URI is refused, never passed over",
    { code: 253, files: {} },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --if-available", "a source is there: nothing changes", DOWNLOADED),
  ours(
    "cp s3://BUCKET/a.txt out.txt --if-available",
    "no source: one line, exit 0, nothing done",
    {
      code: 0,
      files: {},
      stderr: /^fetch-creds: no credential source is configured, cp does nothing[^\n]*\n$/,
    },
    { env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" } },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt",
    "no source: exit 253",
    { code: 253, files: {} },
    { env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" } },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt --expect-role build --endpoint-url-sts http://127.0.0.1:1",
    "keys that name no role, and no STS to ask: exit 255 before anything is done",
    { code: 255, files: {} },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt --sts --expect-account 123456789012 --endpoint-url-sts http://127.0.0.1:1",
    "no STS to ask for the account: exit 255 before anything is done",
    { code: 255, files: {} },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt --min-ttl 15m --timeout 10s",
    "keys without an end live long enough",
    DOWNLOADED,
  ),
  ours("cp s3://BUCKET/a.txt out.txt --debug", "steps on standard error, never a key", {
    ...DOWNLOADED,
    stderr: /credentials from AWS_ACCESS_KEY_ID/,
  }),
  ours("cp --help", "the options of the verb", { code: 0, stdout: /--recursive/ }),
  ours("cp --version", "ours, the file's digest and Node's", { code: 0, stdout: /\d+\.\d+\.\d+/ }),
];

export const ownOptions = [group("Ours alone", { objects: TREE }, own)];
