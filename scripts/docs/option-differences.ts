/** What differs in options and their values, and is no line of the parity table: for docs/differences.md. */
export const OPTION_DIFFERENCES: readonly string[] = [
  "Options can be placed anywhere and cannot be abbreviated. The AWS CLI accepts `--recur` for `--recursive` as long as no other option begins with it.",
  "`--checksum-algorithm XXHASH64`, `XXHASH3`, `XXHASH128` and `--copy-props all` (object annotations) are refused: exit 252.",
  "`--sse aws:kms:dsse` and the storage classes `EXPRESS_ONEZONE`, `OUTPOSTS` and `SNOW` are accepted.",
  "`--expires` understands time zones such as `EST` and `PDT`; the AWS CLI reads such a time as UTC. A time without a date is refused.",
  "A non-ASCII value in `--metadata` is refused before anything is sent; the AWS CLI fails in the transfer (1).",
  "`--metadata-directive COPY` also keeps the metadata of a copy in parts; the AWS CLI drops it from 8 MiB on.",
  "Without `--case-conflict`, if two keys are the same file to the file system, the first is written and the second causes a warning (exit 2). With a rule, the exit code is the AWS CLI's.",
  "`--if-size-differ`, `--if-source-newer` and `--no-overwrite` are refused for `cp s3://… -`.",
  "`--no-overwrite` from S3 to S3: on Amazon S3, each copy is conditional, as with the AWS CLI. Other stores may ignore the condition, so a tree is first compared with a listing of the destination, and a single object is checked first.",
  "`--page-size` above 1000 is sent as 1000 (for the list of buckets, above 10000 as 10000); below 1 it is refused.",
  "`ls --bucket-region` without `--region` sends the request to that region. Buckets that a store lists although they do not match `--bucket-name-prefix` are left out.",
  '`ls s3:///` and `ls ""`, which result from an unset variable, are refused; `ls` and `ls s3://` list the buckets.',
  "Excluded files are not read: an excluded broken link, fifo or socket causes no warning.",
  "A closed standard input (`cp - s3://… <&-`) is an error. Node replaces it with /dev/null; that is noticed if a shell started Node and is still its parent, and otherwise taken for an empty input.",
  "`--output`, `--query`, `--color`, `--no-paginate`, `--no-cli-pager`, `--no-cli-auto-prompt`, `--cli-binary-format` and `--cli-error-format` are accepted and have no effect; `--cli-auto-prompt` is refused.",
];
