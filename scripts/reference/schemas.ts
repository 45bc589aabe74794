/** The JSON that verbs print: one row a field. A test holds them against what is really printed. */
export interface Schema {
  readonly verb: string;
  readonly introduction: string;
  readonly fields: readonly (readonly [name: string, type: string, meaning: string])[];
}

export const SCHEMAS: readonly Schema[] = [
  {
    verb: "verify",
    introduction:
      'One object. Fields may be added, never renamed or removed; what is not known is `null`. With `--if-available` and no source it is `{"available": false}`.',
    fields: [
      ["available", "boolean", "`true`: a source answered"],
      ["roleArn", "string or null", "the role, as the endpoint names it"],
      ["accountId", "string or null", "from the answer, the role's ARN, or STS"],
      ["accessKeyId", "string", "all but the last four characters are stars"],
      ["expiration", "string or null", "RFC 3339, as the source gave it"],
      ["secondsLeft", "number or null", "until then, by the local clock"],
      ["hasSessionToken", "boolean", "`false`: long-lived keys"],
      ["source.kind", "string", "`container`, `environment-keys`, `credentials-file` or `profile`"],
      ["source.name", "string", "the variable, secret, option or file that named it"],
      ["source.place", "string", "`option`, `environment`, `secret` or `file`"],
      ["source.address", "string or null", "`http://169.254.170.2`"],
      ["source.path", "string or null", "the path with its id shortened, or the file's"],
      ["caller.arn", "string", "with `--sts`; else `caller` is `null`"],
      ["caller.account", "string", "with `--sts`"],
      ["caller.userId", "string", "with `--sts`"],
    ],
  },
  {
    verb: "doctor",
    introduction: "One object. `ok` is `false` exactly when the exit code is 1.",
    fields: [
      ["ok", "boolean", "nothing needs mending"],
      ["findings[].level", "string", "`ok`, `note` or `mend`"],
      ["findings[].subject", "string", "what was looked at"],
      ["findings[].found", "string", "what was found, for a person"],
      ["findings[].mend", "string or null", "how to put it right"],
    ],
  },
  {
    verb: "cp",
    introduction:
      "`cp` and `sync` print one object a line (JSON Lines). `event` tells which fields a line has; nothing is left out or shortened, however many transfers failed.",
    fields: [
      ["event", "string", "`done`, `dryrun`, `failed`, `skipped`, `warning`, `progress` or `summary`"],
      ["operation", "string", "`download`, `upload`, `copy` or `delete` (done, dryrun, failed, skipped)"],
      ["source", "string", "what was read, or deleted"],
      ["destination", "string", "where it went; not for `delete`"],
      ["size", "number", "bytes, where known (done, dryrun)"],
      ["error.id", "string", "the failure's name in docs/troubleshooting.md (failed)"],
      ["error.message", "string", "the line that is printed without `--json` (failed)"],
      ["error.hint", "string", "the mend, where there is one (failed)"],
      ["reason", "string", "why it was left alone (skipped)"],
      ["message, subject", "string", "what is odd, and about which key (warning)"],
      ["bytes, expectedBytes", "number", "so far, and known of (progress)"],
      ["files, expectedFiles", "number", "likewise (progress)"],
      ["final", "boolean", "`false` while the source is still being listed (progress)"],
      ["done, failed, skipped, warnings", "number", "how it all ended (summary)"],
    ],
  },
];
