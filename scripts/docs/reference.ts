import { dockerfileParts, optionMeaning, optionTitle } from "../../src/cli/help.js";
import type { OptionGroup, OptionSpec, Verb } from "../../src/cli/verb.js";
import { type ListedVerb, VERBS } from "../../src/cli/verbs.js";
import { ASSUMED_ROLES } from "./assumed-roles.js";
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

An option that names a source decides: \`--uri\`, \`--profile NAME\`, \`--credentials-file FILE\`, \`--web-identity\`, \`--instance-role\`. Two of them are a wrong command line, but for \`--credentials-file\` with \`--profile\`, which is then a profile of that file. \`--role-arn\` is a layer on top of whichever source is found.

Else the first that is configured. It is final: when it is half there or fails, that is the error, and none below is tried. \`cp\`, \`sync\`, \`ls\`, \`cache-key\` and \`doctor s3://…\` look where the AWS CLI 2.36 does:

| | source | \`verify\`, \`export\`, \`exec\` |
|---|---|---|
| 1 | \`AWS_ACCESS_KEY_ID\` with \`AWS_SECRET_ACCESS_KEY\`; not with \`--profile\` | – |
| 2 | \`role_arn\` of the profile in force, with \`source_profile\` or \`credential_source\` | with \`--profile\` |
| 3 | web identity: \`AWS_WEB_IDENTITY_TOKEN_FILE\` with \`AWS_ROLE_ARN\` (not with \`--profile\`), else \`web_identity_token_file\` with \`role_arn\` of the profile | with \`--profile\` |
| 4 | SSO in the profile: refused, with the way round | with \`--profile\` |
| 5 | keys of the profile in \`~/.aws/credentials\` | with \`--profile\` |
| 6 | \`login_session\` of the profile: refused, with the way round | with \`--profile\` |
| 7 | \`credential_process\` of the profile | with \`--profile\` |
| 8 | keys of the profile in \`~/.aws/config\` | with \`--profile\` |
| 9 | the container: \`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\`, then \`AWS_CONTAINER_CREDENTIALS_FULL_URI\`, in the environment, then as BuildKit secrets | yes |
| 10 | the BuildKit secret \`aws-credentials\` | yes |

The profile in force is that of \`--profile\`, else \`AWS_PROFILE\`, else \`AWS_DEFAULT_PROFILE\`, else \`default\`. One without keys leaves the container next, never \`default\`. One that is named and stands in neither file is looked for in the secret \`aws-credentials\`; where it is not there either, that is an error. Where that secret holds profiles, \`verify\`, \`export\` and \`exec\` take the same one from it.

What differs from the AWS CLI:

- Of a \`default\` that nobody names, 4 to 8 come last: the container's role, and the secret, go before. A line says so when that matters. Its role (2, 3) keeps its place.
- The instance is asked only with \`--instance-role\`, or for a profile with \`credential_source = Ec2InstanceMetadata\`.
- BuildKit secrets with the names of the variables of 1, 3 and of the profile count as these variables, behind the variable. Keys are never mixed where one place has both the id and the secret access key: those of the variables are taken, else those of the secrets, with the session token and the expiration that stand there. Only where neither has both does each name count on its own.
- What is empty counts as not set.

A line on stderr says so when \`verify\`, \`export\` or \`exec\` use the container where \`cp\` would use other keys. \`doctor\` shows the whole chain, with what each place holds and who would use it.

A file of credentials (\`--credentials-file\`, the secret) is what \`export\` writes in any format, JSON of the AWS CLI (a response or its cache), or profiles; UTF-16 with a byte order mark, too. One line ending at the end of a secret is dropped. Of the profiles of \`--credentials-file\` that of \`--profile\` counts, else \`default\`, whatever \`AWS_PROFILE\` says; of those of the secret the profile in force.

Keys of an assumed role are kept in memory, never on disk, unlike those of the AWS CLI (\`~/.aws/cli/cache\`).

The token that is sent along, with a relative URI too, is that of \`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\` (read again for every try), else of \`AWS_CONTAINER_AUTHORIZATION_TOKEN\`, else of the secret \`AWS_CONTAINER_AUTHORIZATION_TOKEN\`.`;

const INSTANCE = `## The instance's role

\`--instance-role\` asks the EC2 instance metadata service, and so does a profile in force with \`credential_source = Ec2InstanceMetadata\`; nothing else does. IMDSv2 alone: a token, the name of the role, its keys. \`AWS_EC2_METADATA_V1_DISABLED\` has nothing to disable. No proxy is used, and no redirect is followed. \`--timeout\` counts for all of it; the request for a token is given up after two tries of three seconds without an answer, since a container needs \`HttpPutResponseHopLimit\` 2 or \`docker build --network host\` ([ec2-runner](recipes/ec2-runner/README.md)).

| variable | setting of the profile in force | meaning |
|---|---|---|
| \`AWS_EC2_METADATA_SERVICE_ENDPOINT\` | \`ec2_metadata_service_endpoint\` | another address: \`http://HOST[:PORT][/PATH]\`, any host. It goes before the mode |
| \`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE\` | \`ec2_metadata_service_endpoint_mode\` | \`IPv4\` (169.254.169.254, the default) or \`IPv6\` (fd00:ec2::254) |
| \`AWS_EC2_METADATA_DISABLED\` | | \`true\`, in any case: the instance is not asked, and \`--instance-role\` fails (253) |

A variable goes before the profile; an empty one counts as not set. Keys that have expired are used all the same, and asked for again within 20 minutes, as by every AWS SDK: the service repeats the last keys while it cannot renew them, and AWS takes them for longer then.`;

const PROCESS = `## A profile's credential_process

The command is split as by the AWS CLI (Python's \`shlex\`: quotes and backslashes of a POSIX shell) and run without a shell, with this process's environment; its standard input is the terminal, or else empty. It prints the JSON of version 1, at most 64 KiB of it. It is run anew whenever keys are needed: at the start, when they near their \`Expiration\`, and once more when they have expired already. Its standard output is shown nowhere; its standard error where it fails, and with \`--debug\`. It has a minute, or what \`--timeout\` says, and is ended (SIGTERM, after a second SIGKILL) then, and at a signal that ends us. What fails is the error: no other source is tried.`;

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
    INSTANCE,
    PROCESS,
    ASSUMED_ROLES,
    VARIABLES,
    "## Exit codes",
    table(["code", "meaning"], EXIT_CODES),
  ].join("\n\n")}\n`;
}
