/** What differs in options and their values, and is no line of the parity table: for docs/differences.md. */
export const OPTION_DIFFERENCES: readonly string[] = [
  "Options may stand anywhere and are not shortened: the AWS CLI takes `--recur` for `--recursive` while nothing else begins so.",
  "`--checksum-algorithm XXHASH64`, `XXHASH3`, `XXHASH128` and `--copy-props all` (object annotations) are refused: exit 252.",
  "`--sse aws:kms:dsse` and the storage classes `EXPRESS_ONEZONE`, `OUTPOSTS` and `SNOW` are taken.",
  "`--expires` reads `EST`, `PDT` and the like as the zones that they are; the AWS CLI reads such a time as UTC. A time without a day is refused.",
  "A value of `--metadata` outside ASCII is refused before anything is sent; the AWS CLI fails in the transfer (1).",
  "`--metadata-directive COPY` carries the metadata of a copy in parts as well; the AWS CLI drops it from 8 MiB on.",
  "Without `--case-conflict` two keys that are one file to the file system are not both written to it: the first stays, the second is a warning (exit 2). Where a rule is given, the exit code is the AWS CLI's.",
  "`--if-size-differ`, `--if-source-newer` and `--no-overwrite` are refused for `cp s3://… -`.",
  "`--no-overwrite` from S3 to S3: on Amazon S3 each copy carries the condition, as with the AWS CLI. Another store may not know it, so a tree is compared with a listing of the target, and a single object is looked at, before anything is copied.",
  "`--page-size` above 1000 is sent as 1000, for buckets above 10000 as that; below 1 it is refused.",
  "`ls --bucket-region` without `--region` asks that region; what a store lists beyond `--bucket-name-prefix` is left out.",
  '`ls s3:///` and `ls ""`, as an unset variable leaves them, are refused; `ls` and `ls s3://` list the buckets.',
  "What is excluded is not looked at: a link to nothing, a fifo or a socket gives no warning then.",
  "A closed standard input (`cp - s3://… <&-`) is an error. Node opens /dev/null in its place, which others hand on as well: it is told apart where a shell started Node and stays its parent, and taken for an empty input where it cannot be.",
  "`--output`, `--query`, `--color`, `--no-paginate`, `--no-cli-pager`, `--no-cli-auto-prompt`, `--cli-binary-format` and `--cli-error-format` are taken without effect; `--cli-auto-prompt` is refused.",
];
