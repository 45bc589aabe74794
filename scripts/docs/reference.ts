import { dockerfileParts, optionMeaning, optionTitle } from "../../src/cli/help.js";
import type { OptionGroup, OptionSpec, Verb } from "../../src/cli/verb.js";
import { type ListedVerb, VERBS } from "../../src/cli/verbs.js";
import { SCHEMAS, type Schema } from "./schemas.js";

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ["0", "Done. With `--if-available` also: no source is configured, nothing was done."],
  [
    "1",
    "A check did not hold (`--expect-role`, `--expect-account`, `--min-ttl`, doctor), or a transfer failed; also when S3 answered an error to cp or sync, and when ls or cache-key found nothing.",
  ],
  [
    "2",
    "Finished with warnings: something was skipped, as a hostile or archived key is, or `sync --delete` deleted nothing because a local folder could not be read.",
  ],
  ["252", "The command line is wrong."],
  ["253", "No credential source was found, or one that cannot be used."],
  ["254", "The credential endpoint, STS, or S3 for ls and cache-key, answered an error."],
  ["255", "No response, and anything else."],
  [
    "128+n",
    "Ended by signal n: 130 by INT, 143 by TERM, 129 by HUP, 141 when the reader of the output went away.",
  ],
  ["exec", "The command's own exit code; 126 when it cannot be run, 127 when there is none."],
];

/** A cell of a Markdown table: `|` ends it even inside of code. */
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function optionRow(option: OptionSpec): string[] {
  return [`\`${optionTitle(option)}\``, optionMeaning(option)];
}

const optionTable = ({ options }: OptionGroup) => table(["option", "meaning"], options.map(optionRow));

type ListedTable = Verb & Pick<ListedVerb, "summary">;

const TABLES: readonly ListedTable[] = await Promise.all(
  VERBS.map(async ({ summary, load }) => ({ summary, ...(await load()) })),
);

/** Groups that stand under more than one verb are told once. */
function sharedGroups(verbs: readonly Verb[]): OptionGroup[] {
  const all = verbs.flatMap(({ groups }) => groups);
  return [...new Set(all)].filter((group) => all.filter((each) => each === group).length > 1);
}

function schemaSection(verb: string, { verbs, introduction, fields }: Schema): string {
  const [first = ""] = verbs;
  if (verb !== first) return `The output of \`--json\` is that of [${first}](#${anchor(first)}).`;
  return [
    "The output of `--json`:",
    introduction,
    table(
      ["field", "type", "meaning"],
      fields.map(([name, type, meaning]) => [`\`${name}\``, type, meaning]),
    ),
  ].join("\n\n");
}

function verbSection(verb: ListedTable, shared: readonly OptionGroup[]): string {
  const own = verb.groups.filter((group) => !shared.includes(group));
  const also = verb.groups.filter((group) => shared.includes(group));
  const schema = SCHEMAS.find(({ verbs }) => verbs.includes(verb.name));
  return [
    `## ${verb.name}`,
    verb.summary,
    `\`\`\`sh\nnode ${verb.synopsis}\n\`\`\``,
    ...verb.description.split("\n"),
    `\`\`\`sh\n${verb.examples.join("\n")}\n\`\`\``,
    ...(verb.steps === undefined
      ? []
      : [
          `\`\`\`dockerfile\n${verb.steps.map((step) => dockerfileParts(step).join(" ")).join("\n")}\n\`\`\``,
        ]),
    ...own.flatMap((group) => [`### ${group.title}`, optionTable(group)]),
    `Also: ${also.map(({ title }) => `[${title}](#${anchor(title)})`).join("; ")}.`,
    ...(schema === undefined ? [] : [schemaSection(verb.name, schema)]),
  ].join("\n\n");
}

/** As GitHub makes one of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

const SOURCES = `## Where credentials are looked for

The first that is configured wins. It is final: when it fails, that is the error, and none below is tried. A line on stderr says so when \`--credentials-file\` or \`--profile\` was given and an earlier source is used (not with \`--quiet\`).

1. \`--uri\`: begins with \`/\`: a path at 169.254.170.2; else a full URI.
2. Only for cp, sync, ls, cache-key and doctor with a URI: \`AWS_ACCESS_KEY_ID\`, \`AWS_SECRET_ACCESS_KEY\`, \`AWS_SESSION_TOKEN\`, as every SDK takes them.
3. \`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\`, then \`AWS_CONTAINER_CREDENTIALS_FULL_URI\` in the environment. An empty one counts as not set.
4. Files of these two names under \`/run/secrets/\`, where BuildKit mounts secrets. One line ending at the end is dropped; an empty file counts as not there.
5. \`--credentials-file\`, else the BuildKit secret with the id \`aws-credentials\`: what \`export\` writes in any format, JSON of the AWS CLI (a response or its cache), or an INI credentials file with \`--profile\`; UTF-16 with a byte order mark, too.
6. Only for the same verbs as 2: \`AWS_SHARED_CREDENTIALS_FILE\` or \`~/.aws/credentials\`, with \`--profile\` or \`AWS_PROFILE\`. The AWS CLI and the SDKs ask this file before the container.

The token that is sent along, with a relative URI too, is that of \`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\` (read again for every try), else of \`AWS_CONTAINER_AUTHORIZATION_TOKEN\`, else of the secret \`AWS_CONTAINER_AUTHORIZATION_TOKEN\`.`;

const VARIABLES = `## Variables

| variable | meaning |
|---|---|
| \`AWS_REGION\`, \`AWS_DEFAULT_REGION\` | the region, the first before the second. Then BuildKit secrets of these names, then the profile in force |
| \`AWS_PROFILE\`, \`AWS_DEFAULT_PROFILE\` | the profile in force, the first before the second, both behind \`--profile\` |
| \`AWS_CONFIG_FILE\`, \`AWS_SHARED_CREDENTIALS_FILE\` | other files than \`~/.aws/config\` and \`~/.aws/credentials\`; \`~\`, \`$NAME\` and \`\${NAME}\` are replaced. \`/dev/null\`: none |
| \`AWS_ENDPOINT_URL_S3\`, \`AWS_ENDPOINT_URL_STS\`, \`AWS_ENDPOINT_URL\` | other servers, that of the service first |
| \`AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\` | \`true\`: only \`--endpoint-url\` and \`--endpoint-url-sts\` name another server |
| \`AWS_USE_FIPS_ENDPOINT\`, \`AWS_USE_DUALSTACK_ENDPOINT\` | \`true\`: AWS's FIPS endpoints, those with IPv6 |
| \`AWS_REQUEST_CHECKSUM_CALCULATION\`, \`AWS_RESPONSE_CHECKSUM_VALIDATION\` | \`when_required\`: uploads carry no checksum that nobody asked for; downloads ask for none, and are not verified |
| \`HTTP_PROXY\`, \`HTTPS_PROXY\`, \`NO_PROXY\` | for S3 and STS, in capitals or small letters; never for the credentials |
| \`AWS_CA_BUNDLE\` | as \`--ca-bundle\` |
| \`NO_COLOR\`, \`FORCE_COLOR\` | colors off, or on where there is no terminal; \`FORCE_COLOR\` wins |
| \`GITHUB_ACTIONS\` | \`true\`: a failure is annotated with \`::error\` on stderr as well |

An empty variable counts as not set.

## The profile in force

\`--profile\`, \`AWS_PROFILE\`, \`AWS_DEFAULT_PROFILE\`, else \`default\`. Its settings are read from both files exactly as the AWS CLI reads them, from the credentials file before the config file. They count behind the option and the variable of the same meaning, for cp, sync, ls, cache-key, doctor, and wherever STS is asked; for \`export\` and \`exec\` only \`region\` does. The AWS CLI's settings for speed, such as \`max_concurrent_requests\`, are not read.

| setting | meaning |
|---|---|
| \`region\` | as \`--region\` |
| \`services\` | the section \`[services NAME]\` of the config file: \`endpoint_url\` below its \`s3 =\` and \`sts =\` |
| \`endpoint_url\` | the server of S3 and of STS, where the section of services names none. Below \`s3 =\` of the profile it means nothing |
| \`ignore_configured_endpoint_urls\`, \`use_fips_endpoint\`, \`use_dualstack_endpoint\`, \`ca_bundle\`, \`request_checksum_calculation\`, \`response_checksum_validation\` | as the variables of these names with \`AWS_\` before them |
| \`addressing_style\`, \`use_dualstack_endpoint\` below \`s3 =\` | as \`--addressing-style\`; IPv6 for S3 alone, before \`AWS_USE_DUALSTACK_ENDPOINT\` |

The files hold sections, \`[default]\` and \`[profile NAME]\` in the config file, \`[NAME]\` in the credentials file, with lines \`NAME = VALUE\` or \`NAME: VALUE\`. A line that begins with \`#\` or \`;\` is a comment; behind a value it belongs to the value, as quotes do. A line that is indented deeper goes on with the value above it; below an empty one it is a setting of that one. A section or a setting that stands twice, a line that is neither, a byte order mark and what is not UTF-8 make a file unusable: [config-file](troubleshooting.md#config-file).`;

/** docs/reference.md, made from the tables that the parser and \`--help\` use. */
export function reference(): string {
  const shared = sharedGroups(TABLES);
  return `${[
    "<!-- Made by npm run docs from the command tables. Changes here are lost. -->",
    "# Reference",
    "`node fetch-creds.js [COMMAND] [options]`. Options stand before or after operands, as `--name value` or `--name=value`; nothing after `--` is read. Results go to stdout, everything else to stderr.",
    table(
      ["command", "what it does"],
      TABLES.map(({ name, summary }) => [`[\`${name}\`](#${anchor(name)})`, summary]),
    ),
    ...TABLES.map((verb) => verbSection(verb, shared)),
    ...shared.flatMap((group) => [`## ${group.title}`, optionTable(group)]),
    SOURCES,
    VARIABLES,
    "## Exit codes",
    table(["code", "meaning"], EXIT_CODES),
  ].join("\n\n")}\n`;
}
