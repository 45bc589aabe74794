import { type Expectation, group, type LineDetails, type LineEntry } from "../line.js";
import { keptByOurs } from "./differences.js";
import { TREE } from "./trees.js";

/** Compared, and held to what is documented: two programs can be wrong in the same way. */
function documented(
  command: string,
  _meaning: string,
  shows: Expectation,
  setUp: LineDetails = {},
): LineEntry {
  return [command, { ...setUp, shows }];
}

const TARGET = { files: { "out.txt": "was here" } };
const DOWNLOADED = { code: 0, files: { "out.txt": "alpha" } };

const noOverwrite: LineEntry[] = [
  documented(
    "cp s3://BUCKET/a.txt out.txt --no-overwrite",
    "an existing file is left alone, exit 0",
    { code: 0, files: { "out.txt": "was here" } },
    TARGET,
  ),
  documented("cp s3://BUCKET/a.txt out.txt --no-overwrite", "a missing file is made", DOWNLOADED),
  documented(
    "cp s3://BUCKET out --recursive --no-overwrite",
    "only what is missing is copied",
    {
      code: 0,
      files: { "out/": "", "out/a.txt": "mine", "out/b.html": "<p>beta</p>" },
    },
    { objects: { "a.txt": "alpha", "b.html": "<p>beta</p>" }, files: { "out/a.txt": "mine" } },
  ),
  documented(
    "cp up.txt s3://BUCKET/a.txt --no-overwrite",
    "an existing object is left alone, exit 0",
    { code: 0, objects: { "a.txt": "alpha" } },
    { objects: { "a.txt": "alpha" }, files: { "up.txt": "up" }, ...keptByOurs(["code", "stderr"], {}) },
  ),
  documented(
    "cp up.txt s3://BUCKET/new.txt --no-overwrite",
    "a missing object is made",
    { code: 0, objects: { "a.txt": "alpha", "new.txt": "up" } },
    { objects: { "a.txt": "alpha" }, files: { "up.txt": "up" } },
  ),
  documented(
    "cp up s3://BUCKET --recursive --no-overwrite",
    "only what is missing is copied",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "b" } },
    {
      objects: { "a.txt": "alpha" },
      files: { "up/a.txt": "up", "up/b.txt": "b" },
      ignore: { code: "whether the AWS CLI stumbles depends on time", stderr: "the same" },
    },
  ),
  documented(
    "cp s3://BUCKET/a.txt s3://BUCKET/b.txt --no-overwrite",
    "an existing object is left alone, exit 0",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "beta" } },
    { objects: { "a.txt": "alpha", "b.txt": "beta" }, ...keptByOurs(["stdout", "objects"], { stdout: [] }) },
  ),
  documented(
    "cp s3://BUCKET/a.txt s3://BUCKET/c.txt --no-overwrite",
    "a missing object is made",
    { code: 0, objects: { "a.txt": "alpha", "c.txt": "alpha" } },
    { objects: { "a.txt": "alpha" } },
  ),
  documented(
    "sync s3://BUCKET out --no-overwrite",
    "what differs stays, what is missing is copied",
    {
      code: 0,
      files: { "out/": "", "out/a.txt": "mine and longer", "out/b.txt": "beta" },
    },
    { objects: { "a.txt": "alpha", "b.txt": "beta" }, files: { "out/a.txt": "mine and longer" } },
  ),
  documented(
    "sync up s3://BUCKET --no-overwrite",
    "what differs stays, what is missing is copied",
    { code: 0, objects: { "a.txt": "alpha", "b.txt": "b" } },
    { objects: { "a.txt": "alpha" }, files: { "up/a.txt": "up and longer", "up/b.txt": "b" } },
  ),
];

const CLASHING = { objects: { "A.txt": "upper", "a.txt": "lower", "z.txt": "zed" } };
const BOTH = { "out/": "", "out/A.txt": "upper", "out/a.txt": "lower", "out/z.txt": "zed" };

const HOW_FAR = { ignore: { stdout: "how far it came", files: "how far it came" } };

const caseConflict: LineEntry[] = [
  documented(
    "cp s3://BUCKET out --recursive --case-conflict ignore",
    "the default: both are written where the file system can",
    { code: 0, files: BOTH },
    CLASHING,
  ),
  documented(
    "cp s3://BUCKET out --recursive --case-conflict warn",
    "both are written, with a warning",
    { files: BOTH, stderr: /a\.txt/i },
    CLASHING,
  ),
  documented(
    "cp s3://BUCKET out --recursive --case-conflict skip",
    "the second is not written",
    { files: { "out/": "", "out/A.txt": "upper", "out/z.txt": "zed" }, stderr: /a\.txt/ },
    CLASHING,
  ),
  documented(
    "cp s3://BUCKET out --recursive --case-conflict error",
    "the run fails",
    { code: 1, stderr: /a\.txt/i },
    { ...CLASHING, ...HOW_FAR },
  ),
  documented(
    "cp s3://BUCKET out --recursive --case-conflict nonsense",
    "one of four words",
    { code: 252 },
    CLASHING,
  ),
  documented(
    "sync s3://BUCKET out --case-conflict skip",
    "the second is not written",
    { files: { "out/": "", "out/A.txt": "upper", "out/z.txt": "zed" }, stderr: /a\.txt/ },
    CLASHING,
  ),
  documented(
    "sync s3://BUCKET out --case-conflict error",
    "the run fails",
    { code: 1 },
    { ...CLASHING, ...HOW_FAR },
  ),
];

const UP = { files: { "up.txt": "up" }, objects: {} };

/** The objects of these lines were stored without one. */
function demanded(): Pick<LineDetails, "differs"> {
  const ours = { code: 1, stdout: [], stderr: /no checksum to verify the object with/ };
  return { differs: { why: "checksum-demanded", in: ["code", "stdout", "stderr", "files"], ours } };
}

const checksums: LineEntry[] = [
  ...["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"].map((algorithm) =>
    documented(
      `cp up.txt s3://BUCKET --checksum-algorithm ${algorithm}`,
      "sent with the object; a store that knows none takes it too",
      { code: 0, objects: { "up.txt": "up" } },
      UP,
    ),
  ),
  documented(
    "cp up.txt s3://BUCKET --checksum-algorithm nonsense",
    "one of the algorithms of S3",
    { code: 252 },
    UP,
  ),
  documented(
    "sync . s3://BUCKET --checksum-algorithm CRC32",
    "the same",
    { code: 0, objects: { "up.txt": "up" } },
    UP,
  ),
  documented(
    "cp s3://BUCKET/a.txt out.txt --checksum-mode ENABLED",
    "a failure where the store has no checksum",
    { code: 1, files: {} },
    demanded(),
  ),
  documented("cp s3://BUCKET/a.txt out.txt --checksum-mode nonsense", "ENABLED is the one value", {
    code: 252,
  }),
  documented(
    "sync s3://BUCKET/dir out --checksum-mode ENABLED --exclude 'sub/*'",
    "the same",
    { code: 1 },
    demanded(),
  ),
  documented(
    "cp up.txt s3://BUCKET",
    "AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED sends none",
    { code: 0, objects: { "up.txt": "up" } },
    { ...UP, env: { AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_REQUIRED" } },
  ),
  documented(
    "cp up.txt s3://BUCKET",
    "AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_SUPPORTED is the default",
    { code: 0, objects: { "up.txt": "up" } },
    { ...UP, env: { AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_SUPPORTED" } },
  ),
  documented(
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
  _meaning: string,
  shows: Expectation,
): LineEntry {
  return [command, { env, ownEndpoint: true, shows }];
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

export const documentedLines = [
  group("--no-overwrite", { objects: TREE }, noOverwrite),
  group("--case-conflict", {}, caseConflict),
  group("Checksums", { objects: TREE }, checksums),
  group("AWS_ENDPOINT_URL", { objects: TREE }, endpoints),
];
