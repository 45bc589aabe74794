import { regionOf } from "../cli/checked-region.js";
import { CREDENTIAL_GROUPS, GENERAL_GROUP, STS_GROUP } from "../cli/credential-options.js";
import { maskOutsideActions, missingValue } from "../cli/failures.js";
import type { Invocation } from "../cli/invocation.js";
import { optionNeeds } from "../cli/option-failures.js";
import type { SettingsSearch } from "../cli/settings-of.js";
import type { OptionGroup, Verb } from "../cli/verb.js";
import type { Word } from "../cli/words.js";
import type { Context } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { ExitCode } from "../failure.js";
import type { Format } from "../formats/format.js";
import { FORMATS } from "../formats/formats.js";
import { maskCommand } from "../output/annotation.js";
import { STANDARD_OUTPUT } from "../output/standard-output.js";
import { outputLost } from "../output/surrounding-failures.js";
import { wasClosed } from "../paths/closed-stream.js";
import { obtainCredentials, obtainSource, withAccount } from "./obtain-credentials.js";
import { credentialOptions } from "./options/credential-options.js";

const DEFAULT = FORMATS[0];
const DEFAULT_SECTION = "default";

function formatOf(invocation: Invocation): Format {
  return FORMATS.find(({ name }) => name === invocation.value("format")) ?? DEFAULT;
}

/** The last value of an option among words that may be too wrong to be parsed. */
function lastValue(option: string, words: readonly Word[]): string | undefined {
  return words
    .flatMap((word) => (word.kind === "option" && word.spec.name === option ? [word.value] : []))
    .at(-1);
}

/** On failure what is evaluated must fail; a format that we do not know may be meant for a shell, too. */
function failureOutput(words: readonly Word[]): string {
  const output = lastValue("output", words);
  if (output !== undefined && output !== "" && !STANDARD_OUTPUT.includes(output)) return "";
  const name = lastValue("format", words) ?? DEFAULT.name;
  const format = FORMATS.find((each) => each.name === name);
  const line = format === undefined ? DEFAULT.failureLine : format.failureLine;
  return line === undefined ? "" : `${line}\n`;
}

function mask({ accessKeyId, secretAccessKey, sessionToken }: Credentials, context: Context): void {
  for (const secret of [accessKeyId, secretAccessKey, sessionToken])
    if (secret !== undefined) context.stderr.write(maskCommand(secret));
}

/** Variables that have a value keep it; the missing one is filled. */
async function regions(
  search: SettingsSearch,
  context: Context,
): Promise<{ region: string | undefined; defaultRegion: string | undefined }> {
  const found = await regionOf(context, search);
  const { AWS_REGION, AWS_DEFAULT_REGION } = context.env;
  return { region: AWS_REGION || found, defaultRegion: AWS_DEFAULT_REGION || found };
}

async function run(invocation: Invocation, context: Context): Promise<number> {
  const format = formatOf(invocation);
  const section = invocation.value("ini-section");
  if (invocation.value("output") === "") throw missingValue("output", "FILE", "export");
  if (section !== undefined && format.name !== "ini") throw optionNeeds("ini-section", "--format ini");
  if (invocation.flag("mask") && context.env.GITHUB_ACTIONS !== "true") throw maskOutsideActions();
  if (STANDARD_OUTPUT.includes(invocation.value("output") ?? "-") && wasClosed(1))
    throw outputLost(new Error("it is closed"));
  const options = await credentialOptions(invocation, context);
  const source = await obtainSource(options, context, "role");
  if (source === undefined) return ExitCode.ok;
  const credentials = withAccount(await obtainCredentials(source, options, context));
  const text = format.write(credentials, {
    ...(await regions(options.search, context)),
    section: section ?? DEFAULT_SECTION,
  });
  if (invocation.flag("mask")) mask(credentials, context);
  const output = invocation.value("output");
  if (output !== undefined && !STANDARD_OUTPUT.includes(output)) {
    const { writeCredentials } = await import("./write-credentials.js");
    return writeCredentials(output, text, format.name, context);
  }
  context.print(text);
  return ExitCode.ok;
}

export const EXPORT_GROUP = {
  title: "What to write, and where",
  options: [
    {
      name: "format",
      value: "FORMAT",
      choices: FORMATS.map(({ name }) => name),
      refused: { json: ["the JSON that the AWS CLI reads has another name", "Did you mean process?"] },
      default: DEFAULT.name,
      summary: "The AWS CLI's formats (aws configure export-credentials), and ini.",
    },
    {
      name: "output",
      value: "FILE",
      summary:
        "Write here, mode 0600, whole or not at all, and print nothing. With --format ini the section is merged into a file that holds others.",
    },
    {
      name: "ini-section",
      value: "NAME",
      default: DEFAULT_SECTION,
      summary: "The section for --format ini.",
    },
    {
      name: "mask",
      summary:
        "In a step of GitHub Actions: first print commands to stderr that mask the values in its logs.",
    },
  ],
} as const satisfies OptionGroup;

export const exportVerb: Verb = {
  name: "export",
  synopsis: "fetch-creds.js export [options]",
  operands: { min: 0, max: 0 },
  groups: [EXPORT_GROUP, ...CREDENTIAL_GROUPS, STS_GROUP, GENERAL_GROUP],
  description:
    'Prints the credentials, quoted for the shell that reads them: eval "$(node fetch-creds.js export)", or node fetch-creds.js export --format fish | source. Also sets the expiry, the account if it is known, and the region under both its names if AWS_REGION or AWS_DEFAULT_REGION is set; clears variables that name other keys, such as AWS_PROFILE. A shell with set -x shows the keys: use exec there.\nOn failure env, fish and powershell print one line that makes the evaluation fail, the other formats print nothing; the exit code is not 0 either way.',
  examples: [
    'eval "$(node fetch-creds.js export)" && test -n "$AWS_SESSION_TOKEN"',
    "node fetch-creds.js export --format fish | source",
  ],
  steps: ['eval "$(node /fetch-creds.js export)" && aws s3 ls s3://my-bucket'],
  run,
  failureOutput,
};
