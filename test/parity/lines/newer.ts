import { type Expectation, group, type LineEntry, type SetUp } from "../line.js";
import { TREE } from "./trees.js";

/** Documented for a later AWS CLI than the 2.9 that is run here. */
function later(command: string, means: string, ours: Expectation, setUp: SetUp = {}): LineEntry {
  return [command, { ...setUp, newer: { since: "later AWS CLI", means, ours } }];
}

const TARGET = { files: { "out.txt": "was here" } };
const DOWNLOADED = { code: 0, files: { "out.txt": "alpha" } };

const noOverwrite: LineEntry[] = [
  later(
    "cp s3://BUCKET/a.txt out.txt --no-overwrite",
    "an existing file is left alone, exit 0",
    { code: 0, files: { "out.txt": "was here" } },
    TARGET,
  ),
  later("cp s3://BUCKET/a.txt out.txt --no-overwrite", "a missing file is made", DOWNLOADED),
  later(
    "cp s3://BUCKET out --recursive --no-overwrite",
    "only what is missing is copied",
    {
      code: 0,
      files: { "out/": "", "out/a.txt": "mine", "out/b.html": "<p>beta</p>" },
    },
    { objects: { "a.txt": "alpha", "b.html": "<p>beta</p>" }, files: { "out/a.txt": "mine" } },
  ),
  later(
    "cp up.txt s3://BUCKET/a.txt --no-overwrite",
    "an existing object is left alone, exit 0",
    { code: 0, objects: { "a.txt": "alpha" } },
    { objects: { "a.txt": "alpha" }, files: { "up.txt": "up" } },
  ),
  later(
    "cp up.txt s3://BUCKET/new.txt --no-overwrite",
    "a missing object is made",
    { code: 0, objects: { "a.txt": "alpha", "new.txt": "up" } },
    { objects: { "a.txt": "alpha" }, files: { "up.txt": "up" } },
  ),
  later(
    "cp up s3://BUCKET --recursive --no-overwrite",
    "only what is missing is copied",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "b" } },
    { objects: { "a.txt": "alpha" }, files: { "up/a.txt": "up", "up/b.txt": "b" } },
  ),
  later(
    "cp s3://BUCKET/a.txt s3://BUCKET/b.txt --no-overwrite",
    "an existing object is left alone, exit 0",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "beta" } },
    { objects: { "a.txt": "alpha", "b.txt": "beta" } },
  ),
  later(
    "cp s3://BUCKET/a.txt s3://BUCKET/c.txt --no-overwrite",
    "a missing object is made",
    { code: 0, objects: { "a.txt": "alpha", "c.txt": "alpha" } },
    { objects: { "a.txt": "alpha" } },
  ),
  later(
    "sync s3://BUCKET out --no-overwrite",
    "what differs stays, what is missing is copied",
    {
      code: 0,
      files: { "out/": "", "out/a.txt": "mine and longer", "out/b.txt": "beta" },
    },
    { objects: { "a.txt": "alpha", "b.txt": "beta" }, files: { "out/a.txt": "mine and longer" } },
  ),
  later(
    "sync up s3://BUCKET --no-overwrite",
    "what differs stays, what is missing is copied",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "b" } },
    { objects: { "a.txt": "alpha" }, files: { "up/a.txt": "up and longer", "up/b.txt": "b" } },
  ),
];

const CLASHING = { objects: { "A.txt": "upper", "a.txt": "lower", "z.txt": "zed" } };
const BOTH = { "out/": "", "out/A.txt": "upper", "out/a.txt": "lower", "out/z.txt": "zed" };

const caseConflict: LineEntry[] = [
  later(
    "cp s3://BUCKET out --recursive --case-conflict ignore",
    "the default: both are written where the file system can",
    { code: 0, files: BOTH },
    CLASHING,
  ),
  later(
    "cp s3://BUCKET out --recursive --case-conflict warn",
    "both are written, with a warning",
    { files: BOTH, stderr: /a\.txt/i },
    CLASHING,
  ),
  later(
    "cp s3://BUCKET out --recursive --case-conflict skip",
    "the second is not written",
    { files: { "out/": "", "out/A.txt": "upper", "out/z.txt": "zed" }, stderr: /a\.txt/ },
    CLASHING,
  ),
  later(
    "cp s3://BUCKET out --recursive --case-conflict error",
    "the run fails",
    { code: 1, stderr: /a\.txt/i },
    CLASHING,
  ),
  later(
    "cp s3://BUCKET out --recursive --case-conflict nonsense",
    "one of four words",
    { code: 252 },
    CLASHING,
  ),
  later(
    "sync s3://BUCKET out --case-conflict skip",
    "the second is not written",
    { files: { "out/": "", "out/A.txt": "upper", "out/z.txt": "zed" }, stderr: /a\.txt/ },
    CLASHING,
  ),
  later("sync s3://BUCKET out --case-conflict error", "the run fails", { code: 1 }, CLASHING),
];

const UP = { files: { "up.txt": "up" }, objects: {} };

const checksums: LineEntry[] = [
  ...["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"].map((algorithm) =>
    later(
      `cp up.txt s3://BUCKET --checksum-algorithm ${algorithm}`,
      "sent with the object; a store that knows none takes it too",
      { code: 0, objects: { "up.txt": "up" } },
      UP,
    ),
  ),
  later(
    "cp up.txt s3://BUCKET --checksum-algorithm nonsense",
    "one of the algorithms of S3",
    { code: 252 },
    UP,
  ),
  later(
    "sync . s3://BUCKET --checksum-algorithm CRC32",
    "the same",
    { code: 0, objects: { "up.txt": "up" } },
    UP,
  ),
  later(
    "cp s3://BUCKET/a.txt out.txt --checksum-mode ENABLED",
    "verified where the store has one",
    DOWNLOADED,
  ),
  later("cp s3://BUCKET/a.txt out.txt --checksum-mode nonsense", "ENABLED is the one value", { code: 252 }),
  later("sync s3://BUCKET/dir out --checksum-mode ENABLED --exclude 'sub/*'", "the same", {
    code: 0,
    files: { "out/": "", "out/c.txt": "gamma" },
  }),
  later(
    "cp up.txt s3://BUCKET",
    "AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED sends none",
    { code: 0, objects: { "up.txt": "up" } },
    { ...UP, env: { AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_REQUIRED" } },
  ),
  later(
    "cp up.txt s3://BUCKET",
    "AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_SUPPORTED is the default",
    { code: 0, objects: { "up.txt": "up" } },
    { ...UP, env: { AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_SUPPORTED" } },
  ),
  later(
    "cp s3://BUCKET/a.txt out.txt",
    "AWS_RESPONSE_CHECKSUM_VALIDATION=WHEN_REQUIRED asks for none",
    DOWNLOADED,
    { env: { AWS_RESPONSE_CHECKSUM_VALIDATION: "WHEN_REQUIRED" } },
  ),
];

/** A variable names the endpoint; nothing else does. */
function endpoint(
  command: string,
  env: Readonly<Record<string, string>>,
  means: string,
  ours: Expectation,
): LineEntry {
  return [command, { env, ownEndpoint: true, newer: { since: "later AWS CLI", means, ours } }];
}

const DEAD = "http://127.0.0.1:1";

const endpoints: LineEntry[] = [
  endpoint(
    "cp s3://BUCKET/a.txt out.txt",
    { AWS_ENDPOINT_URL: "URL" },
    "AWS_ENDPOINT_URL names the server",
    DOWNLOADED,
  ),
  endpoint(
    "cp s3://BUCKET/a.txt out.txt",
    { AWS_ENDPOINT_URL_S3: "URL" },
    "AWS_ENDPOINT_URL_S3 names the server",
    DOWNLOADED,
  ),
  endpoint(
    "cp s3://BUCKET/a.txt out.txt",
    { AWS_ENDPOINT_URL_S3: "URL", AWS_ENDPOINT_URL: DEAD },
    "that of S3 comes first",
    DOWNLOADED,
  ),
  endpoint(
    "cp s3://BUCKET/a.txt out.txt --endpoint-url URL",
    { AWS_ENDPOINT_URL_S3: DEAD },
    "the option comes before",
    DOWNLOADED,
  ),
  endpoint("ls s3://BUCKET/dir/", { AWS_ENDPOINT_URL: "URL" }, "for ls too", {
    code: 0,
    stdout: /PRE sub\/\nDATE {10}5 c\.txt/,
  }),
  endpoint("sync s3://BUCKET/dir/sub/deep out", { AWS_ENDPOINT_URL_S3: "URL" }, "for sync too", {
    code: 0,
    files: { "out/": "", "out/e.txt": "epsilon" },
  }),
];

/** Only ours has it. */
function ours(command: string, means: string, expected: Expectation, setUp: SetUp = {}): LineEntry {
  return [command, { ...setUp, newer: { since: "fetch-creds", means, ours: expected } }];
}

const KEYS_FILE = "[default]\naws_access_key_id = AKIDNOBODY\naws_secret_access_key = nothing\n";

const own: LineEntry[] = [
  ours(
    "cp 's3://BUCKET/*.txt' out/",
    "a wildcard in the source; it crosses slashes, and what stands before it is dropped",
    { code: 0, stdout: /download: s3:\/\/BUCKET\/a\.txt to out\/a\.txt/ },
  ),
  ours("cp 's3://BUCKET/?.txt' out/", "`?` is one character", {
    code: 0,
    files: { "out/": "", "out/a.txt": "alpha" },
  }),
  ours("cp 's3://BUCKET/dir/*' out/", "below a prefix", {
    code: 0,
    stdout: /download: s3:\/\/BUCKET\/dir\/c\.txt to out\/c\.txt/,
  }),
  ours("cp 's3://BUCKET/x*' out/", "nothing matches: a failure", { code: 1 }),
  ours(
    "cp 's3://BUCKET/star*' out.txt --raw",
    "--raw takes the signs as they are",
    { code: 0, files: { "out.txt": "literal" } },
    { objects: { "star*": "literal", starry: "not this" } },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt --if-size-differ",
    "same size: left alone",
    { code: 0, files: { "out.txt": "ALPHA" } },
    { files: { "out.txt": "ALPHA" } },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --if-size-differ", "another size: copied", DOWNLOADED, {
    files: { "out.txt": "longer" },
  }),
  ours(
    "cp s3://BUCKET/a.txt out.txt --if-source-newer",
    "the file is newer: left alone",
    { code: 0, files: { "out.txt": "newer" } },
    { files: { "out.txt": { text: "newer", age: "new" } } },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --if-source-newer", "the object is newer: copied", DOWNLOADED, {
    files: { "out.txt": { text: "older", age: "old" } },
  }),
  ours(
    "cp up.txt s3://BUCKET/a.txt --if-size-differ",
    "same size: left alone",
    { code: 0, objects: { "a.txt": "alpha" } },
    { objects: { "a.txt": "alpha" }, files: { "up.txt": "ALPHA" } },
  ),
  ours(
    "cp up.txt s3://BUCKET/a.txt --if-source-newer",
    "the object is newer: left alone",
    { code: 0, objects: { "a.txt": "alpha" } },
    { objects: { "a.txt": "alpha" }, files: { "up.txt": { text: "old", age: "old" } } },
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
  }),
  ours("ls s3://BUCKET --json", "one object a line", { code: 0, stdout: /^\{.*"a\.txt".*\}$/m }),
  ours("cp s3://BUCKET out --recursive --concurrency 2", "so many transfers at once", { code: 0 }),
  ours("cp s3://BUCKET/a.txt out.txt --concurrency nonsense", "a number", { code: 252 }),
  ours(
    "cp s3://BUCKET/big out --concurrency 3 --part-size 5MB",
    "parts of that size",
    { code: 0 },
    { objects: { big: { size: 17_000_000 } } },
  ),
  ours(
    "cp big s3://BUCKET --part-size 6MiB --concurrency 2",
    "parts of that size",
    { code: 0 },
    { files: { big: { size: 17_000_000 } } },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --part-size nonsense", "a size", { code: 252 }),
  ours("sync s3://BUCKET out --concurrency 4 --part-size 8MB", "for sync too", { code: 0 }),
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
    "keys of the environment come first",
    { code: 0, files: { keys: KEYS_FILE, "out.txt": "alpha" } },
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
    { code: 0, files: {} },
    { env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" } },
  ),
  ours(
    "cp s3://BUCKET/a.txt out.txt",
    "no source: exit 253",
    { code: 253, files: {} },
    { env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" } },
  ),
  ours("cp s3://BUCKET/a.txt out.txt --expect-role build", "not that role: exit 1 before anything is done", {
    code: 1,
    files: {},
  }),
  ours(
    "cp s3://BUCKET/a.txt out.txt --expect-account 123456789012",
    "not that account: exit 1 before anything is done",
    { code: 1, files: {} },
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

/** Files of the set-up would stand beside the results: most of these lines have none. */
export const newer = [
  group("Newer: --no-overwrite", { objects: TREE }, noOverwrite),
  group("Newer: --case-conflict", {}, caseConflict),
  group("Newer: checksums", { objects: TREE }, checksums),
  group("Newer: AWS_ENDPOINT_URL", { objects: TREE }, endpoints),
  group("Ours alone", { objects: TREE }, own),
];
