import type { Expectation, ParityLine } from "../../test/parity/line.js";
import { REASONS, type ReasonId } from "../../test/parity/reasons.js";
import { TABLE } from "../../test/parity/table.js";
import { identitySection } from "./identity-differences.js";
import { OPTION_DIFFERENCES } from "./option-differences.js";

const LINES: readonly ParityLine[] = TABLE.flatMap(({ lines }) => lines);

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** A sentence about what ours shows, as far as the table asserts it. */
function shown({ code: exit, stdout, files, objects, described }: Expectation): string {
  const parts: string[] = [];
  if (exit !== undefined) parts.push(`exit ${exit}`);
  if (Array.isArray(stdout)) parts.push(stdout.length === 0 ? "no output" : "another line");
  if (files !== undefined && Object.keys(files).length === 0) parts.push("no files");
  else if (files !== undefined) parts.push("other files");
  if (objects !== undefined || described !== undefined) parts.push("other objects");
  return parts.join(", ") || "other words";
}

function differenceSection(why: ReasonId): string[] {
  const lines = LINES.filter((line) => line.differs?.why === why);
  const rows = lines.map(
    (line) => `| ${code(line.command)} | ${line.differs?.in.join(", ")} | ${shown(line.differs!.ours)} |`,
  );
  return [
    `### ${why}`,
    "",
    REASONS[why],
    "",
    "| command line | differs in | ours |",
    "|---|---|---|",
    ...new Set(rows),
    "",
  ];
}

function ownSection(): string[] {
  const lines = LINES.filter((line) => line.own !== undefined);
  const rows = lines.map((line) => `| ${code(line.command)} | ${line.own?.means} |`);
  return ["| command line | meaning |", "|---|---|", ...rows, ""];
}

/** What test/parity/profiles.test.ts and profile-settings.test.ts leave out, or expect otherwise. */
const PROFILES = [
  "## Files of profiles",
  "",
  "`~/.aws/config` and `~/.aws/credentials` are read as the AWS CLI reads them; a test compares both on generated files. The differences:",
  "",
  "- A file that cannot be read is a failure; the AWS CLI continues as if it did not exist.",
  "- A failure names the line, and exits with 253 for a file and 252 for a value in it; the AWS CLI exits with 255 for both.",
  "- An empty variable, or an empty `region`, `ca_bundle` or checksum setting, counts as not set. In the AWS CLI, most of them are",
  "  errors, and an empty AWS_CONFIG_FILE means no file.",
  "- `verify` without `--sts` only prints the region, so a broken file is a note on stderr and not a failure.",
  "",
];

/** docs/differences.md, whole. */
export function differencesPage(): string {
  const both = LINES.filter((line) => line.own === undefined);
  const differing = both.filter((line) => line.differs !== undefined);
  return [
    "<!-- Made by npm run docs from test/parity. Changes here are lost. -->",
    "",
    "# Differences from `aws s3`",
    "",
    `\`npm run test:parity\` runs ${both.length} command lines through the AWS CLI (2.36, of Debian's testing suite) and through fetch-creds,`,
    "on the same real S3 server (Ceph 20), each with its own copy of the files and objects. It compares exit codes, output,",
    "the resulting files (contents, modes, modification times) and the resulting objects (contents, headers, metadata,",
    `encryption, storage class, grants, tags). ${both.length - differing.length} have the same result. ${differing.length} differ on purpose, for the reasons below. The test asserts`,
    "each difference, so that it cannot change unnoticed.",
    "",
    "## Everywhere",
    "",
    "- A failure names the operation, source and destination, S3's code and message, and often the fix. The AWS CLI begins with",
    "  `fatal error:` and sends a HEAD request first, whose response has no body: it then says only `(404)` or `(403)`.",
    "- ALL_PROXY is used if it names an http or https proxy and HTTP_PROXY or HTTPS_PROXY is not set; the AWS CLI never reads it.",
    "- Outside a terminal, progress has no carriage returns: it is a plain line every few seconds.",
    "- Content types are guessed from the table of Python 3.14 only. /etc/mime.types of the machine is not read, so that uploads are",
    "  the same everywhere.",
    "- Options have the AWS CLI's names and meaning; the usage texts are our own.",
    "",
    "## Options and their values",
    "",
    ...OPTION_DIFFERENCES.map((difference) => `- ${difference}`),
    "",
    ...PROFILES,
    "## On purpose",
    "",
    ...(Object.keys(REASONS) as ReasonId[]).flatMap(differenceSection),
    ...identitySection(),
    "## Only in fetch-creds",
    "",
    "Options and forms that the AWS CLI does not have:",
    "",
    ...ownSection(),
  ].join("\n");
}
