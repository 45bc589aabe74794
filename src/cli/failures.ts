import { ExitCode, Failure, usageFailure } from "../failure.js";
import { shortened } from "../output/printable.js";
import type { Refusal, Verb } from "./verb.js";

const help = (verb: string) => `See: node fetch-creds.js ${verb} --help`;

function suggestion(nearest: string | undefined, verb: string): string {
  return nearest === undefined ? help(verb) : `Did you mean ${nearest}? ${help(verb)}`;
}

/** @param hint what to write instead */
export function unknownVerb(given: string, hint: string): Failure {
  return usageFailure("unknown-verb", `there is no command '${given}'`, hint);
}

/** @param meant what was meant, most likely; or a sentence that says what to do instead */
export function unknownOption(given: string, verb: string, meant: string | undefined): Failure {
  const hint = meant?.endsWith(".") ? meant : suggestion(meant, verb);
  return usageFailure("unknown-option", `${verb} has no option '${given}'`, hint);
}

export function missingValue(option: string, word: string, verb: string): Failure {
  const hint = `Write --${option} ${word}, or --${option}=${word} for a value that begins with a dash.`;
  return usageFailure("missing-value", `--${option} needs a value (${verb})`, hint);
}

export function unexpectedValue(option: string, verb: string): Failure {
  return usageFailure("unexpected-value", `--${option} takes no value`, help(verb));
}

export function notAChoice(
  option: string,
  value: string,
  choices: readonly string[],
  nearest?: string,
): Failure {
  const hint = nearest === undefined ? `One of: ${choices.join(", ")}` : `Did you mean ${nearest}?`;
  return usageFailure("not-a-choice", `--${option} cannot be '${value}'`, hint);
}

/** @param hint what to do instead */
export function notSupported(option: string, value: string, [reason, hint]: Refusal): Failure {
  return usageFailure("not-supported", `--${option} ${value} is not supported: ${reason}`, hint);
}

/** Node cannot tell which bytes they were. */
export function notUtf8(argument: string): Failure {
  return usageFailure(
    "argument-not-utf8",
    `the argument '${shortened(argument)}' is not UTF-8`,
    "Node cannot open a file by such a name: rename the file, or name its folder.",
  );
}

/** GitHub Actions takes the lines of --mask away; anywhere else they show what they are to hide. */
export function maskOutsideActions(): Failure {
  const hint =
    "It prints each secret so that GitHub Actions hides it; inside a build nothing does. Leave it out here.";
  return usageFailure(
    "mask-outside-actions",
    "--mask works only in a step of GitHub Actions: GITHUB_ACTIONS is not true",
    hint,
  );
}

/**
 * Node itself would write secrets to standard error.
 *
 * @param section  of NODE_DEBUG
 * @param starts  whether a command is started that may want the variable
 */
export function nodeWouldPrint(section: "stream" | "child_process", starts: boolean): Failure {
  const passed = starts ? " To set it for the command only: exec -- env NODE_DEBUG=… COMMAND" : "";
  return usageFailure(
    "node-debug",
    `NODE_DEBUG with ${section} makes Node print the credentials`,
    `Unset NODE_DEBUG, or name other sections without *.${passed}`,
  );
}

/** What those verbs take that can do without. */
const OPTIONAL_OPERAND = "S3 URI";

/** Names what is missing, behind what was given. */
export function missingOperand({ name, synopsis, operands }: Verb, given: readonly string[]): Failure {
  const missing = (operands.names ?? []).slice(given.length).join(" and ");
  const after = given.length === 0 ? "" : ` after '${given.at(-1)}'`;
  const shape = operands.shape === undefined ? "" : `; ${operands.shape}`;
  return usageFailure(
    "missing-operand",
    `${name} needs ${missing}${after}`,
    `Usage: node ${synopsis}${shape}`,
  );
}

/** @param index of the operand, from 0 */
export function emptyOperand({ name, synopsis, operands }: Verb, index: number): Failure {
  const [first = OPTIONAL_OPERAND] = operands.names ?? [];
  const empty = operands.names?.[index] ?? first;
  return usageFailure(
    "empty-operand",
    `${name} was given an empty ${empty}`,
    `The variable was empty where it was passed on. Usage: node ${synopsis}`,
  );
}

/** What word processors and web pages make of `--`. */
const DASHES = /^[\u2010-\u2015\u2212][\u2010-\u2015\u2212-]*/;

export function unexpectedOperand(operand: string, { name, synopsis, operands }: Verb): Failure {
  const more = operands.more === undefined ? "" : `; ${operands.more}`;
  const hint = DASHES.test(operand)
    ? `It begins with a typographic dash: write ${shortened(operand.replace(DASHES, "--"))}`
    : `Usage: node ${synopsis}${more}`;
  return usageFailure("unexpected-operand", `${name} does not take '${operand}'`, hint);
}

export function missingCommand(verb: string): Failure {
  const hint = `Write -- before the command, for example: node fetch-creds.js ${verb} -- aws s3 ls`;
  return usageFailure("missing-command", `${verb} needs a command after --`, hint);
}

/** `--refreshable` with keys from a file: there is nothing that a program could ask again. */
export function notRefreshable(source: string): Failure {
  return new Failure("not-refreshable", {
    message: `--refreshable needs a credential endpoint, but the credentials come from ${source}`,
    hint: "Leave --refreshable out: the command then gets the keys in its environment.",
    exitCode: ExitCode.configuration,
  });
}
