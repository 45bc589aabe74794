/** Why we differ from the AWS CLI: each is a heading of docs/differences.md. */
export const REASONS = {
  "empty-source":
    "An S3 source with nothing in it, or nothing but markers of folders, is a failure (exit 1): a misspelled prefix should not give an empty image. With `sync --delete` nothing is deleted then.",
  "unread-keeps":
    "`sync --delete` deletes last, and nothing at all when a transfer failed, or when a folder or a listing could not be read to its end; the AWS CLI deletes as it goes, and takes what it could not read for what is not there.",
  "places-apart":
    "`sync --delete` between two places of one bucket, of which one is in the other, is refused (exit 252) unless filters leave out all of the inner one: it would delete what it copies.",
  "excluded-unseen":
    "What filters leave out is not looked at, and gives no warning, as in later versions of the AWS CLI: an excluded link to nothing is no reason to exit 2.",
  wildcards:
    "`*` and `?` in a source URI are wildcards, as s5cmd's users know them; `--raw` takes them as they are.",
  "options-anywhere": "Options may stand between the operands too.",
  "positive-flags":
    "The positive form of a flag that has only a negative one (`--guess-mime-type`) is taken.",
  "wrong-values":
    "A value that cannot be right is a wrong command line (exit 252) and found before anything is sent; the AWS CLI finds it in the first transfer (1) or trips over it (255).",
  "key-needed":
    "A bucket alone is no object: the AWS CLI copies nothing and says nothing (exit 0), we say what is missing.",
  "no-empty-folders":
    "The target folder is made when something goes into it: a dry run, a missing bucket or a denied listing leave nothing behind.",
  "escaped-names":
    "Control characters in keys are shown escaped: a key cannot write to a terminal or add lines to a log.",
  "one-failure":
    "A file in the place of the target folder is one failure, said once, instead of one for each object.",
  "folder-named":
    "A folder without `--recursive` is refused with what to do; the AWS CLI sends a request without a key.",
  "service-error":
    "An error that S3 answers to `ls` is exit 254, as documented. The AWS CLI stumbles over the error bodies of Ceph (exit 255).",
  "no-overwrite":
    "With `--no-overwrite` what is there stays, whatever the store knows: the AWS CLI relies on conditional requests, does not understand how Ceph refuses one, and replaces the target of a copy, whose condition Ceph does not look at.",
  "copy-copies":
    "`--metadata-directive COPY` keeps metadata and tags of every copy; the AWS CLI drops them where the copy takes parts.",
  "checksum-demanded":
    "`--checksum-mode ENABLED` demands a checksum: without one in the store the download fails (exit 1), where the AWS CLI copies unverified.",
} as const satisfies Record<string, string>;

export type ReasonId = keyof typeof REASONS;
