import type { OptionSpec, Verb } from "./verb.js";

const WIDTH = 96;

/** Breaks a text into lines of at most WIDTH, each behind `indent` spaces. */
function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => " ".repeat(indent) + each);
}

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

const COLUMN = 30;

/** The title in a column of its own, the summary beside it or, beside a long title, below it. */
function optionLines(option: OptionSpec): string {
  const title = `  ${optionTitle(option)}`;
  const summary = wrapped(optionMeaning(option), COLUMN);
  return title.length + 2 > COLUMN
    ? [title, ...summary].join("\n")
    : [title + summary.join("\n").slice(title.length)].join("\n");
}

/** `--help` of one verb, from its table. */
export function verbHelp(verb: Verb): string {
  const sections = [
    `Usage: node ${verb.synopsis}`,
    verb.description
      .split("\n")
      .map((paragraph) => wrapped(paragraph, 0).join("\n"))
      .join("\n\n"),
    `In a Dockerfile:\n${verb.examples.map((line) => `  ${line}`).join("\n")}`,
    ...verb.groups.map(({ title, options }) => `${title}:\n${options.map(optionLines).join("\n")}`),
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

/** `--help` without a verb. */
export function mainHelp(verbs: readonly { readonly name: string; readonly summary: string }[]): string {
  const rows = (table: readonly (readonly [string, string])[]) =>
    table.map(([left, right]) => `  ${left.padEnd(11)}${right}`).join("\n");
  return `Usage: node fetch-creds.js [COMMAND] [options]

The role of your build inside docker build: checked, exported, given to a program, used with S3.

Commands:
${rows(verbs.map(({ name, summary }) => [name, summary]))}

Without a command, verify runs. Each has its --help; all know --version and --debug.

In a Dockerfile:
  RUN --mount=type=secret,id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI \\
      --mount=type=bind,source=fetch-creds.js,target=/fetch-creds.js \\
      node /fetch-creds.js cp s3://my-bucket/model.bin /srv/model.bin
and beside it:
  docker build --secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,env=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI .

Exit codes:
${rows(EXIT_CODES)}
`;
}
