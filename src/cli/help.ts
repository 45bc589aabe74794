import type { Context } from "../context.js";
import { commandLines, definition, helpColumns, wrapped } from "./help-layout.js";
import type { OptionSpec, Verb } from "./verb.js";

/** `--format env|fish|…`, `--sse [AES256|aws:kms]`, `--quiet` */
export function optionTitle({ name, value, choices, optionalValue }: OptionSpec): string {
  if (value === undefined) return `--${name}`;
  const word = choices === undefined ? value : choices.join("|");
  return optionalValue === undefined ? `--${name} ${word}` : `--${name} [${word}]`;
}

/** What it means, what holds without it, and whether it may be repeated. */
export function optionMeaning({ summary, default: fallback, repeated }: OptionSpec): string {
  const rest = [fallback === undefined ? [] : `Default: ${fallback}.`, repeated ? "May be repeated." : []];
  return [summary, ...rest.flat()].join(" ");
}

const FILE = "--mount=type=bind,source=fetch-creds.js,target=/fetch-creds.js";
const ADDRESS = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const SECRET = `RUN --mount=type=secret,id=${ADDRESS}`;

/** A RUN that has the address of the credentials, and the step in it, each on a line of its own if need be. */
export function dockerfileParts(step: string): string[] {
  return [SECRET, step];
}

const OPTION_COLUMN = 30;

/** `--help` of one verb, from its table, for a terminal of so many columns. */
export function verbHelp(verb: Verb, width: number): string {
  const lines = (parts: readonly (readonly string[])[]) =>
    parts.map((each) => commandLines(each, width)).join("\n");
  const sections = [
    wrapped(`Usage: node ${verb.synopsis}`, 0, width).join("\n"),
    verb.description
      .split("\n")
      .map((paragraph) => wrapped(paragraph, 0, width).join("\n"))
      .join("\n\n"),
    `In a shell:\n${lines(verb.examples.map((line) => [line]))}`,
    ...(verb.steps === undefined ? [] : [`In a Dockerfile:\n${lines(verb.steps.map(dockerfileParts))}`]),
    ...verb.groups.map(({ title, options }) =>
      [
        ...wrapped(`${title}:`, 0, width),
        ...options.map((option) =>
          definition(optionTitle(option), optionMeaning(option), OPTION_COLUMN, width),
        ),
      ].join("\n"),
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ["0", "Done."],
  ["1", "A check did not hold, or a transfer failed."],
  ["2", "Finished with warnings."],
  ["252", "The command line is wrong."],
  ["253", "No credential source, or one that cannot be used."],
  ["254", "The endpoint, STS, or S3 for ls and cache-key, answered an error."],
  ["255", "No response, and anything else."],
  ["128+n", "Ended by signal n."],
  ["exec", "The command's own; 126 it cannot be run, 127 there is none."],
];

interface Summary {
  readonly name: string;
  readonly summary: string;
}

/** `--help` without a verb. */
export function mainHelp(verbs: readonly Summary[], width: number): string {
  const text = (words: string) => wrapped(words, 0, width).join("\n");
  const rows = (table: readonly (readonly [string, string])[]) =>
    table.map(([left, right]) => definition(left, right, 13, width)).join("\n");
  return `${text("Usage: node fetch-creds.js [COMMAND] [options]")}

${text("The role of your build inside docker build: checked, exported, given to a program, used with S3.")}

Commands:
${rows(verbs.map(({ name, summary }) => [name, summary]))}

${text("Without a command, verify runs. Each has its --help; all know --version and --debug.")}

In a Dockerfile:
${commandLines([SECRET, FILE, "node /fetch-creds.js cp s3://my-bucket/model.bin /srv/model.bin"], width)}

In a shell:
${commandLines([`docker build --secret id=${ADDRESS},env=${ADDRESS} .`], width)}

Exit codes:
${rows(EXIT_CODES)}
`;
}

/** As wide as the terminal that it is for. */
export function helpFor(verb: Verb | readonly Summary[], { env, stdout }: Context): string {
  const width = helpColumns(env.COLUMNS, stdout.columns);
  return "run" in verb ? verbHelp(verb, width) : mainHelp(verb, width);
}
