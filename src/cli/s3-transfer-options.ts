import { NO_EFFECT_GROUP } from "./aws-cli-options.js";
import { CREDENTIAL_GROUPS, GENERAL_GROUP } from "./credential-options.js";
import { CONNECTION_GROUP } from "./s3-connection-options.js";
import type { OptionGroup, OptionSpec } from "./verb.js";

const ENCRYPTION_ALGORITHM = { value: "AES256", choices: ["AES256"], optionalValue: "AES256" } as const;

const NO_XXHASH = ["xxHash is not computed here", "Take CRC64NVME, the fastest, or SHA512."] as const;

/** In the order of the command line: src/s3/filters. */
export const FILTER_OPTIONS = [
  {
    name: "exclude",
    value: "PATTERN",
    repeated: true,
    summary: "Exclude what matches. The last matching rule wins.",
  },
  {
    name: "include",
    value: "PATTERN",
    repeated: true,
    summary: "Include matches that an earlier --exclude left out.",
  },
] as const satisfies readonly OptionSpec[];

const CHOICE_GROUP = {
  title: "Which objects",
  options: [
    ...FILTER_OPTIONS,
    { name: "no-follow-symlinks", summary: "Do not upload symbolic links." },
    { name: "follow-symlinks", summary: "Upload what symbolic links point to (default)." },
    { name: "no-overwrite", summary: "Do not overwrite what already exists at the destination." },
    { name: "force-glacier-transfer", summary: "Try to copy archived objects anyway." },
    { name: "ignore-glacier-warnings", summary: "Skip archived objects without a warning." },
    {
      name: "case-conflict",
      value: "RULE",
      choices: ["ignore", "skip", "warn", "error"],
      default: "ignore",
      summary: "What to do with downloads whose keys differ only in case.",
    },
  ],
} as const satisfies OptionGroup;

const OUTPUT_GROUP = {
  title: "What is shown",
  options: [
    { name: "dryrun", summary: "Show what would be done, without doing it." },
    {
      name: "quiet",
      summary: "Show no transfers, warnings or notes; what ends the whole command is still printed.",
    },
    { name: "only-show-errors", summary: "Show errors and warnings only." },
    { name: "no-progress", summary: "Show no progress." },
    { name: "progress", summary: "Show progress (the default)." },
    {
      name: "progress-frequency",
      value: "SECONDS",
      summary: "How often to show progress. 0: every 5 seconds in a log, continuously on a terminal.",
    },
    { name: "progress-multiline", summary: "Show progress in separate lines, also on a terminal." },
    {
      name: "json",
      summary: "Print one JSON object per line, on stdout; on stderr if an object goes to stdout (-).",
    },
  ],
} as const satisfies OptionGroup;

const SPEED_GROUP = {
  title: "How fast",
  options: [
    {
      name: "concurrency",
      value: "N",
      default: "as many as the server serves well, at most 96",
      summary: "Number of concurrent requests: 1 to 1000.",
    },
    {
      name: "part-size",
      value: "SIZE",
      default: "8MiB, and more where 10,000 of them are too few",
      summary: "Size of each part of a transfer (16MB, 64MiB).",
    },
  ],
} as const satisfies OptionGroup;

const OBJECT_GROUP = {
  title: "What new objects get",
  options: [
    {
      name: "acl",
      value: "ACL",
      choices: [
        "private",
        "public-read",
        "public-read-write",
        "authenticated-read",
        "aws-exec-read",
        "bucket-owner-read",
        "bucket-owner-full-control",
        "log-delivery-write",
      ],
      summary: "A canned access control list.",
    },
    {
      name: "grants",
      value: "GRANT",
      repeated: true,
      moreValues: /^[a-z]+=(?:id|uri|emailaddress)=/i,
      summary: "PERMISSION=uri=… or =id=…: read, readacl, writeacl, full.",
    },
    {
      name: "storage-class",
      value: "CLASS",
      choices: [
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
        "EXPRESS_ONEZONE",
        "OUTPOSTS",
        "SNOW",
      ],
      summary: "The storage class.",
    },
    {
      name: "sse",
      value: "HOW",
      choices: ["AES256", "aws:kms", "aws:kms:dsse"],
      optionalValue: "AES256",
      summary: "Server-side encryption.",
    },
    { name: "sse-kms-key-id", value: "ID", summary: "The KMS key for aws:kms." },
    {
      name: "sse-c",
      ...ENCRYPTION_ALGORITHM,
      summary: "Encryption with your own key (SSE-C), also to read an object.",
    },
    { name: "sse-c-key", value: "KEY", summary: "The customer key, 32 bytes: best given as fileb://FILE." },
    {
      name: "sse-c-copy-source",
      ...ENCRYPTION_ALGORITHM,
      summary: "The copy source is encrypted with your own key.",
    },
    {
      name: "sse-c-copy-source-key",
      value: "KEY",
      summary: "The customer key that encrypts the copy source.",
    },
    {
      name: "content-type",
      value: "TYPE",
      summary: "The content type, instead of the one guessed from the name.",
    },
    { name: "no-guess-mime-type", summary: "Do not guess a content type." },
    { name: "guess-mime-type", summary: "Guess the content type from the name (default)." },
    { name: "cache-control", value: "TEXT", summary: "The header of that name." },
    { name: "content-disposition", value: "TEXT", summary: "The header of that name." },
    { name: "content-encoding", value: "TEXT", summary: "The header of that name." },
    { name: "content-language", value: "TEXT", summary: "The header of that name." },
    {
      name: "expires",
      value: "TIME",
      summary: "When the object expires in caches: RFC 3339, an HTTP date, or seconds since 1970.",
    },
    {
      name: "website-redirect",
      value: "LOCATION",
      summary: "Where a static website redirects requests for the object.",
    },
    { name: "metadata", value: "MAP", summary: "KEY=VALUE,KEY=VALUE or a JSON object." },
    {
      name: "metadata-directive",
      value: "RULE",
      choices: ["COPY", "REPLACE"],
      summary: "S3 to S3: copy the source's properties, or replace them with those given here.",
    },
    {
      name: "copy-props",
      value: "RULE",
      choices: ["none", "metadata-directive", "default"],
      refused: {
        all: [
          "object annotations are not copied",
          "The default copies metadata and tags; aws s3 cp copies all.",
        ],
      },
      default: "default",
      summary: "S3 to S3: which properties are copied. The value default means metadata and tags.",
    },
    {
      name: "checksum-algorithm",
      value: "NAME",
      choices: ["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"],
      refused: { XXHASH64: NO_XXHASH, XXHASH3: NO_XXHASH, XXHASH128: NO_XXHASH },
      default: "CRC64NVME",
      summary: "The checksum sent with an upload.",
    },
    {
      name: "checksum-mode",
      value: "ENABLED",
      choices: ["ENABLED"],
      summary: "Downloads: fail if there is no checksum to verify with.",
    },
    {
      name: "source-region",
      value: "REGION",
      summary: "S3 to S3: the region of the source. Found automatically.",
    },
  ],
} as const satisfies OptionGroup;

/** What cp and sync have in common. */
export const COPYING_GROUPS = [
  CHOICE_GROUP,
  OBJECT_GROUP,
  OUTPUT_GROUP,
  SPEED_GROUP,
  CONNECTION_GROUP,
  ...CREDENTIAL_GROUPS,
  GENERAL_GROUP,
  NO_EFFECT_GROUP,
] as const satisfies readonly OptionGroup[];
