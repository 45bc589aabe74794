/** Why we differ from the AWS CLI: each is a heading of docs/differences.md. */
export const REASONS = {
  "empty-source":
    "An S3 source that is empty, or has only folder markers, is a failure (exit 1), so that a misspelled prefix does not produce an empty image. `sync --delete` then deletes nothing.",
  "unread-keeps":
    "`sync --delete` deletes last, and deletes nothing if a transfer failed or a folder or listing could not be read completely. The AWS CLI deletes during the copy, and treats what it could not read as if it did not exist.",
  "places-apart":
    "`sync --delete` between two prefixes of a bucket, one inside the other, is refused (exit 252) because it would delete what it copies, unless filters exclude all of the inner one.",
  "excluded-unseen":
    "Excluded files are not read and cause no warnings, as in later versions of the AWS CLI: an excluded broken link does not lead to exit code 2.",
  wildcards:
    "`*` and `?` in a source URI are wildcards, as in s5cmd. With `--raw`, they are part of the key.",
  "options-anywhere": "Options can also be placed between the operands.",
  "positive-flags":
    "The positive form of a flag that has only a negative form in the AWS CLI (`--guess-mime-type`) is accepted.",
  "wrong-values":
    "An invalid value is a wrong command line (exit 252) and is found before anything is sent. The AWS CLI fails in the first transfer (1) or with an internal error (255).",
  "key-needed":
    "A bucket alone is not an object. The AWS CLI copies nothing and prints nothing (exit 0); fetch-creds says what is missing.",
  "no-empty-folders":
    "The destination folder is created with the first file: a dry run, a missing bucket or a denied listing leaves nothing behind.",
  "escaped-names":
    "Control characters in keys are printed escaped, so that a key cannot control a terminal or add lines to a log.",
  "one-failure": "A file where the destination folder should be is reported once, not for each object.",
  "folder-named":
    "A folder without `--recursive` is refused, and the message says what to do. The AWS CLI sends a request without a key.",
  "service-error":
    "If S3 answers `ls` with an error, the exit code is 254, as documented. The AWS CLI fails to parse the error bodies of Ceph (exit 255).",
  "no-overwrite":
    "`--no-overwrite` keeps existing objects in every store. The AWS CLI relies on conditional requests: it does not understand Ceph's way of refusing one, and overwrites the destination of a copy, because Ceph ignores the condition there.",
  "copy-copies":
    "`--metadata-directive COPY` keeps metadata and tags in every copy. The AWS CLI drops them in copies of several parts.",
  "checksum-demanded":
    "`--checksum-mode ENABLED` requires a checksum: if the object has none, the download fails (exit 1). The AWS CLI copies it without verification.",
} as const satisfies Record<string, string>;

export type ReasonId = keyof typeof REASONS;
