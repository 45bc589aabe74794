import { dockerfileParts, optionMeaning, optionTitle } from "../../src/cli/help.js";
import type { OptionGroup, OptionSpec, Verb } from "../../src/cli/verb.js";
import { type ListedVerb, VERBS } from "../../src/cli/verbs.js";
import { ASSUMED_ROLES } from "./assumed-roles.js";
import { SCHEMAS, type Schema } from "./schemas.js";

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ["0", "Success. With `--if-available`, also when no source is configured and nothing was done."],
  [
    "1",
    "A check failed (`--expect-role`, `--expect-account`, `--min-ttl`, doctor), or a transfer failed, also because of an error that S3 returned to cp or sync, or ls or cache-key found nothing.",
  ],
  [
    "2",
    "Finished with warnings: something was skipped, such as an archived object or an unsafe key, or `sync --delete` deleted nothing because a local folder could not be read.",
  ],
  ["252", "The command line is wrong."],
  ["253", "No credential source was found, or it cannot be used."],
  ["254", "The credential endpoint or STS returned an error, or S3 did, for ls and cache-key."],
  ["255", "No response, or any other failure."],
  [
    "128+n",
    "Ended by signal n: 130 for INT, 143 for TERM, 129 for HUP; 141 when the reader of the output closed the pipe.",
  ],
  ["exec", "The command's own exit code; 126 if it cannot be run, 127 if it is not found."],
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

An option that names a source decides: \`--uri\`, \`--profile NAME\`, \`--credentials-file FILE\`, \`--web-identity\`, \`--instance-role\`. Two of them are a wrong command line, except \`--credentials-file\` with \`--profile\`, which names a profile in that file. \`--role-arn\` assumes a role with the keys of whichever source is found.

With \`--if-available\`, a build without credentials goes on. These options then count as no source: \`--credentials-file\` with a file that is missing or empty (a secret that was not passed), \`--web-identity\` without \`AWS_WEB_IDENTITY_TOKEN_FILE\`, \`--instance-role\` with \`AWS_EC2_METADATA_DISABLED=true\`, and an empty \`--uri\`. Still failures: half of a source, a token file or a profile that is named and does not exist, a service that does not answer.

Without such an option, the first source in this table that is configured is used. If it is incomplete or fails, that is the error, and no other source is tried. \`cp\`, \`sync\`, \`ls\`, \`cache-key\` and \`doctor s3://…\` look in the same places as the AWS CLI 2.36. \`verify\`, \`export\` and \`exec\` look only at the container and the secret \`aws-credentials\`, unless \`--profile\` is given:

| | source | \`verify\`, \`export\`, \`exec\` |
|---|---|---|
| 1 | \`AWS_ACCESS_KEY_ID\` with \`AWS_SECRET_ACCESS_KEY\`; not with \`--profile\` | – |
| 2 | \`role_arn\` of the profile in use, with \`source_profile\` or \`credential_source\` | with \`--profile\` |
| 3 | web identity: \`AWS_WEB_IDENTITY_TOKEN_FILE\` with \`AWS_ROLE_ARN\` (not with \`--profile\`), otherwise \`web_identity_token_file\` with \`role_arn\` of the profile | with \`--profile\` |
| 4 | SSO in the profile: refused; the message says what to do instead | with \`--profile\` |
| 5 | keys of the profile in \`~/.aws/credentials\` | with \`--profile\` |
| 6 | \`login_session\` of the profile: refused; the message says what to do instead | with \`--profile\` |
| 7 | \`credential_process\` of the profile | with \`--profile\` |
| 8 | keys of the profile in \`~/.aws/config\` | with \`--profile\` |
| 9 | the container: \`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\`, then \`AWS_CONTAINER_CREDENTIALS_FULL_URI\`, in the environment, then as BuildKit secrets | yes |
| 10 | the BuildKit secret \`aws-credentials\` | yes |

The profile in use is the one named by \`--profile\`, \`AWS_PROFILE\` or \`AWS_DEFAULT_PROFILE\`, in this order, otherwise \`default\`. If it has no keys, the container is next, never \`default\`. A named profile that is in neither file is looked for in the secret \`aws-credentials\`; if it is not there either, that is an error. If that secret contains profiles, \`verify\`, \`export\` and \`exec\` use the same profile from it.

Differences from the AWS CLI:

- For a \`default\` profile that is not named anywhere, 4 to 8 come last: the container's role and the secret take precedence, and a line on stderr says so when it matters. Its role (2, 3) keeps its place.
- The instance is asked only with \`--instance-role\`, or for a profile with \`credential_source = Ec2InstanceMetadata\`.
- BuildKit secrets named like the variables of 1, 3 and the profile count as these variables; a variable takes precedence over its secret. If the variables, or otherwise the secrets, have both the id and the secret access key, these keys are used, with the session token and the expiration from the same place. Only if neither has both do the names count one by one.
- An empty value counts as not set.

When \`verify\`, \`export\` or \`exec\` use the container and \`cp\` would use other keys, a line on stderr says so. \`doctor\` shows the whole chain: what each source contains and which commands would use it.

A credentials file (\`--credentials-file\`, the secret) can be what \`export\` writes in any format, JSON from the AWS CLI (a response or its cache), or a profiles file. UTF-16 with a byte order mark is accepted, too. One line ending at the end of a secret is removed. From a profiles file in \`--credentials-file\`, the profile of \`--profile\`, otherwise \`default\`, is used, whatever \`AWS_PROFILE\` says; from one in the secret, the profile in use.

Keys of an assumed role are kept in memory only. The AWS CLI writes them to \`~/.aws/cli/cache\`.

The authorization token sent to the endpoint, also with a relative URI, is that of \`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\` (read again for each attempt), otherwise \`AWS_CONTAINER_AUTHORIZATION_TOKEN\`, otherwise the secret \`AWS_CONTAINER_AUTHORIZATION_TOKEN\`.`;

const INSTANCE = `## The instance's role

Only \`--instance-role\`, or \`credential_source = Ec2InstanceMetadata\` in the profile in use, asks the EC2 instance metadata service. It uses IMDSv2 only, so \`AWS_EC2_METADATA_V1_DISABLED\` has no effect. It uses no proxy and follows no redirects. \`--timeout\` covers all requests. The token request gives up after two attempts of three seconds, because in a container it needs \`HttpPutResponseHopLimit\` 2 or \`docker build --network host\` ([ec2-runner](recipes/ec2-runner/README.md)).

| variable | setting of the profile in use | meaning |
|---|---|---|
| \`AWS_EC2_METADATA_SERVICE_ENDPOINT\` | \`ec2_metadata_service_endpoint\` | another address: \`http://HOST[:PORT][/PATH]\`, any host. Takes precedence over the mode |
| \`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE\` | \`ec2_metadata_service_endpoint_mode\` | \`IPv4\` (169.254.169.254, the default) or \`IPv6\` (fd00:ec2::254) |
| \`AWS_EC2_METADATA_DISABLED\` | | \`true\`, in upper or lower case: the instance is not asked, and \`--instance-role\` fails (253), except with \`--if-available\` |

A variable takes precedence over the profile; an empty one counts as not set. As in every AWS SDK, expired keys are still used, and requested again within 20 minutes: the service repeats the last keys while it cannot renew them, and AWS accepts them for longer in that case.`;

const PROCESS = `## A profile's credential_process

The command is split into words as the AWS CLI does it (Python's \`shlex\`: quotes and backslashes of a POSIX shell) and run without a shell, with the environment of this process. Its standard input is the terminal, otherwise empty. It must print the JSON of version 1, at most 64 KiB. It runs whenever keys are needed: at the start, shortly before their \`Expiration\`, and once more if they have already expired. Its standard output is never shown; its standard error is shown if it fails, and with \`--debug\`. It can take one minute, or the time of \`--timeout\`; then, or when a signal ends fetch-creds, it is ended with SIGTERM, and a second later with SIGKILL. If it fails, no other source is tried.`;

const VARIABLES = `## Variables

| variable | meaning |
|---|---|
| \`AWS_REGION\`, \`AWS_DEFAULT_REGION\` | the region, in this order, then the BuildKit secrets of these names, then the profile in use |
| \`AWS_PROFILE\`, \`AWS_DEFAULT_PROFILE\` | the profile in use, in this order; \`--profile\` takes precedence |
| \`AWS_CONFIG_FILE\`, \`AWS_SHARED_CREDENTIALS_FILE\` | files to use instead of \`~/.aws/config\` and \`~/.aws/credentials\`; \`~\`, \`$NAME\` and \`\${NAME}\` are expanded. \`/dev/null\`: none |
| \`AWS_ENDPOINT_URL_S3\`, \`AWS_ENDPOINT_URL_STS\`, \`AWS_ENDPOINT_URL\` | other servers; the variable of the service takes precedence |
| \`AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\` | \`true\`: only \`--endpoint-url\` and \`--endpoint-url-sts\` name another server |
| \`AWS_USE_FIPS_ENDPOINT\`, \`AWS_USE_DUALSTACK_ENDPOINT\` | \`true\`: use the FIPS, or the dual-stack (IPv6) endpoints of AWS |
| \`AWS_REQUEST_CHECKSUM_CALCULATION\`, \`AWS_RESPONSE_CHECKSUM_VALIDATION\` | \`when_required\`: uploads carry only a checksum that you ask for; downloads request none, and are not verified |
| \`HTTP_PROXY\`, \`HTTPS_PROXY\`, \`NO_PROXY\` | for S3 and STS, in upper or lower case; never used for the credential endpoint |
| \`AWS_CA_BUNDLE\` | the same as \`--ca-bundle\` |
| \`NO_COLOR\`, \`FORCE_COLOR\` | turn colors off, or on without a terminal; \`FORCE_COLOR\` takes precedence |
| \`GITHUB_ACTIONS\` | \`true\`: failures are also annotated with \`::error\` on stderr |

An empty variable counts as not set.

## The profile in use

\`--profile\`, \`AWS_PROFILE\`, \`AWS_DEFAULT_PROFILE\`, otherwise \`default\`. Its settings are read from both files exactly as the AWS CLI reads them; the credentials file takes precedence over the config file. An option or variable takes precedence over the setting with the same meaning. The settings apply to cp, sync, ls, cache-key, doctor, and to every request to STS; for \`export\` and \`exec\`, only \`region\` applies. The AWS CLI's settings for speed, such as \`max_concurrent_requests\`, are not read.

The settings come from one place:

- A file in \`--credentials-file\` that contains profiles: from this file only, and from the profile of \`--profile\`, otherwise \`default\`. Nothing is read from \`~/.aws\`.
- A file in \`--credentials-file\` that contains one set of keys, or a stream (a FIFO, \`/dev/stdin\`), which can be read only once: from the two files in \`~/.aws\`.
- Without \`--credentials-file\`: from the two files in \`~/.aws\`; or, if the profile in use is in neither of them, from the secret \`aws-credentials\`.

A file or secret that would be read for settings but cannot be read or parsed is an error (253), even if the keys come from elsewhere; \`verify\`, which only shows the region, prints a note.

| setting | meaning |
|---|---|
| \`region\` | the same as \`--region\` |
| \`services\` | the section \`[services NAME]\` of the config file: \`endpoint_url\` below its \`s3 =\` and \`sts =\` |
| \`endpoint_url\` | the server for S3 and STS, if the services section names none. It has no effect below \`s3 =\` of the profile |
| \`ignore_configured_endpoint_urls\`, \`use_fips_endpoint\`, \`use_dualstack_endpoint\`, \`ca_bundle\`, \`request_checksum_calculation\`, \`response_checksum_validation\` | the same as the variables of these names, which begin with \`AWS_\` |
| \`addressing_style\`, \`use_dualstack_endpoint\` below \`s3 =\` | the same as \`--addressing-style\`; IPv6 for S3 only, takes precedence over \`AWS_USE_DUALSTACK_ENDPOINT\` |

The files consist of sections, \`[default]\` and \`[profile NAME]\` in the config file, \`[NAME]\` in the credentials file, with lines \`NAME = VALUE\` or \`NAME: VALUE\`. A line that begins with \`#\` or \`;\` is a comment; after a value, \`#\`, \`;\` and quotes are part of the value. A line that is indented more than the one above continues its value; below an empty value, it is a nested setting. A duplicate section or setting, any other line, a byte order mark, or text that is not UTF-8 makes a file unusable: [config-file](troubleshooting.md#config-file).`;

/** docs/reference.md, made from the tables that the parser and \`--help\` use. */
export function reference(): string {
  const shared = sharedGroups(TABLES);
  return `${[
    "<!-- Made by npm run docs from the command tables. Changes here are lost. -->",
    "# Reference",
    "`node fetch-creds.js [COMMAND] [options]`. Options can come before or after operands, as `--name value` or `--name=value`. Arguments after `--` are not read as options. Results go to stdout, everything else to stderr.",
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
