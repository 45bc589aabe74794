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
  "`~/.aws/config` and `~/.aws/credentials` are read as the AWS CLI reads them, which a test compares on generated files. What differs:",
  "",
  "- A file that may not be read is a failure; the AWS CLI goes on as if it were not there.",
  "- A failure names the line, and exits with 253 for a file and 252 for a value in it; the AWS CLI exits with 255 for both.",
  "- An empty variable, and an empty `region`, `ca_bundle` or checksum setting, counts as not given; to the AWS CLI most of them are an",
  "  error, an empty AWS_CONFIG_FILE no file at all.",
  "- `verify` without `--sts` only shows the region: there a broken file is a line on stderr, and no failure.",
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
    "on the same real S3 server, each with its own copy of files and objects, and compares exit codes, lines of output,",
    "the resulting files (bytes, modes, whose modification time) and the resulting objects (bytes, headers, metadata,",
    `encryption, storage class, grants, tags). ${both.length - differing.length} come out the same. ${differing.length} differ on purpose, for the reasons below; the`,
    "difference itself is asserted, so that it cannot change unnoticed.",
    "",
    "## Everywhere",
    "",
    "- A failure names operation, source and destination, S3's own code and message, and often the fix. The AWS CLI begins with",
    "  `fatal error:` and asks by HEAD first, whose answer has no body: it then says `(404)` and `(403)`, and `Forbidden`, where S3",
    "  has a code and a reason.",
    "- ALL_PROXY counts where it names an http or https proxy and HTTP_PROXY or HTTPS_PROXY does not; the AWS CLI never reads it.",
    "- No progress with carriage returns outside a terminal: a plain line every few seconds when it takes longer than two.",
    "- Content types are guessed by Python 3.14's own table alone: the machine's /etc/mime.types is not read, so that an upload is",
    "  the same everywhere.",
    "- Names of options and what they mean are the AWS CLI's; usage texts are ours.",
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
    "## Ours alone",
    "",
    "What the AWS CLI does not have:",
    "",
    ...ownSection(),
  ].join("\n");
}
