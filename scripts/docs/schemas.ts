/** The JSON that verbs print: one row a field. A test holds them against what is really printed. */
export interface Schema {
  /** Those that print it; it is told under the first. */
  readonly verbs: readonly string[];
  readonly introduction: string;
  readonly fields: readonly (readonly [name: string, type: string, meaning: string])[];
}

export const SCHEMAS: readonly Schema[] = [
  {
    verbs: ["verify"],
    introduction:
      'One object. Fields may be added, never renamed or removed; what is not known is `null`. With `--if-available` and no source it is `{"available": false}`. A failure is `{"error": {"id": …, "message": …, "hint": …}}` in its place, as with `doctor` and `ls`, a wrong command line included; its `id` is that of docs/troubleshooting.md.',
    fields: [
      ["available", "boolean", "`true`: a source answered"],
      ["roleArn", "string or null", "the role: as STS names it where it was asked, else the endpoint"],
      ["accountId", "string or null", "the account, likewise"],
      [
        "accessKeyAccountId",
        "string or null",
        "the account that the access key id holds; AWS does not document that, and anybody can make up an id: for showing, never for a guard",
      ],
      ["accessKeyId", "string", "all but the last four characters are stars"],
      ["expiration", "string or null", "RFC 3339, as the source gave it"],
      ["secondsLeft", "number or null", "until then, by the local clock"],
      ["hasSessionToken", "boolean", "`false`: long-lived keys"],
      [
        "source.kind",
        "string",
        "`container`, `credentials-file`, `profile`, `environment-keys`, `web-identity`, `instance`, `process` or `assumed-role`",
      ],
      ["source.name", "string", "the variable, secret, option or file that named it"],
      ["source.place", "string", "`option`, `environment`, `secret` or `file`"],
      ["source.address", "string or null", "`http://169.254.170.2`"],
      ["source.path", "string or null", "the path with its id shortened, or the file's"],
      ["source.roleArn", "string or null", "the role that STS was asked for"],
      [
        "source.base",
        "object or null",
        "of an assumed role: the source whose keys it was assumed with, with the same fields",
      ],
      ["region.name", "string", "the region; `region` is `null` where none is named"],
      [
        "region.from",
        "string",
        "what names it: `AWS_REGION`, `AWS_DEFAULT_REGION`, `secret …`, or the file and its profile",
      ],
      ["caller.arn", "string", "what STS said; `caller` is `null` where it was not asked"],
      ["caller.account", "string", "what STS said"],
      ["caller.userId", "string", "what STS said"],
      ["from.roleArn", "string or null", "who tells it: `endpoint`, `file`, `process` or `sts`"],
      ["from.accountId", "string or null", "who tells it: `endpoint`, `file`, `process` or `sts`"],
      ["from.accessKeyAccountId", "string or null", "`accessKeyId`"],
      ["named.roleArn", "string or null", "what the endpoint names, whatever STS says"],
      ["named.accountId", "string or null", "what the endpoint names, whatever STS says"],
      [
        "differs",
        "boolean or null",
        "the endpoint names another role or account than STS; `null`: STS was not asked",
      ],
    ],
  },
  {
    verbs: ["doctor"],
    introduction:
      "One object. `ok` is `false` exactly when the exit code is 1. A wrong command line gives an `error`, as with [verify](#verify).",
    fields: [
      ["ok", "boolean", "nothing needs fixing"],
      ["findings[].level", "string", "`ok`, `note` or `fix`"],
      ["findings[].subject", "string", "what was looked at"],
      ["findings[].found", "string", "what was found, for a person"],
      ["findings[].fix", "string or null", "how to put it right"],
      ["findings[].id", "string or null", "of a failure: its entry in docs/troubleshooting.md"],
    ],
  },
  {
    verbs: ["cp", "sync"],
    introduction:
      "`cp` and `sync` print one object a line (JSON Lines). `event` tells which fields a line has; nothing is left out or shortened, however many transfers failed. They go to stdout, and to stderr where stdout is the object (`cp … -`).",
    fields: [
      [
        "event",
        "string",
        "`done`, `dryrun`, `failed`, `skipped`, `unverified`, `warning`, `note`, `error`, `progress` or `summary`; `error` is what ended the whole command, a wrong command line included, `summary` is always the last",
      ],
      [
        "operation",
        "string",
        "`download`, `upload`, `copy` or `delete` (done, dryrun, failed, skipped, unverified)",
      ],
      ["source", "string", "what was read, or deleted"],
      ["destination", "string", "where it went; not for `delete`"],
      ["size", "number", "bytes, where known (done, dryrun)"],
      ["error.id", "string", "the failure's entry in docs/troubleshooting.md (failed, error)"],
      ["error.message", "string", "the line that is printed without `--json` (failed, error)"],
      ["error.hint", "string", "the fix, where there is one (failed, error)"],
      ["id", "string", "its entry in docs/troubleshooting.md (warning, note)"],
      ["reason", "string", "why it was left alone (skipped), or could not be verified (unverified)"],
      ["message", "string", "what is odd, and about which key or file (warning, note)"],
      ["bytes", "number", "so far (progress)"],
      ["expectedBytes", "number", "known of (progress)"],
      ["files", "number", "done, or left alone, so far (progress)"],
      ["expectedFiles", "number", "known of (progress)"],
      ["final", "boolean", "`false` while the source is still being listed (progress)"],
      ["done", "number", "transfers and deletions that were done: none in a dry run (summary)"],
      ["failed", "number", "those that failed (progress, summary)"],
      ["first", "string", "the first of them in words, in a run of more than one transfer (summary)"],
      ["skipped", "number", "those left alone (summary)"],
      ["warnings", "number", "warnings given (summary)"],
    ],
  },
  {
    verbs: ["ls"],
    introduction:
      'One object a line (JSON Lines), in the order of the listing; which fields it has tells what it is. Keys are as they are, not escaped for a terminal. What the server does not tell is left out. A failure is a line with an `error`, as with [verify](#verify); with `--if-available` and no source there is one line, `{"available": false}`.',
    fields: [
      ["key", "string", "an object: its whole key"],
      ["size", "number", "an object: bytes, also with `--human-readable`"],
      ["lastModified", "string", "an object: RFC 3339, in UTC"],
      ["etag", "string", "an object: with the quotes that S3 gives it"],
      ["storageClass", "string", "an object: `STANDARD`, `GLACIER` …"],
      ["prefix", "string", "what is folded together without `--recursive`: a whole prefix, with its slash"],
      ["bucket", "string", "without an operand: a bucket's name"],
      ["created", "string", "a bucket: RFC 3339, in UTC"],
      ["totalObjects", "number", "the last line, with `--summarize`; not of a list of buckets"],
      ["totalSize", "number", "likewise: bytes"],
    ],
  },
];
