import { ExitCode, Failure } from "../failure.js";
import { concealed } from "../output/concealed.js";
import { sayDuration } from "../output/duration.js";
import { printable, shortened } from "../output/printable.js";
import { systemError, wordsFor } from "../system-error.js";

const exitCode = ExitCode.configuration;

/** `the credential_process of ~/.aws/config, profile deploy` */
function shownProcess(from: string): string {
  return `the credential_process of ${printable(from)}`;
}

export function processCommandMalformed(from: string, fault: string): Failure {
  return new Failure("process-command", {
    message: `${shownProcess(from)} cannot be split into a command and its arguments: ${fault}`,
    hint: "expected a command with its arguments, quoted as for a POSIX shell; no shell runs it, so pipes and variables are not obeyed",
    exitCode,
  });
}

const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: "no such file, in PATH or at that path, or its interpreter is not there",
  EACCES: "permission denied",
  E2BIG: "its arguments and environment are too long",
  ENOEXEC: "it is not a program for this machine",
  ENOTDIR: "no such file",
  ETXTBSY: "somebody is writing to it",
  ERR_ACCESS_DENIED: "Node's permission model forbids it (--allow-child-process)",
};

/** @param command the first word: what follows may be secret */
export function processNotRun(from: string, command: string, cause: unknown): Failure {
  const { code, message } = systemError(cause);
  return new Failure("process-not-run", {
    message: `${shownProcess(from)} cannot be run: ${shortened(printable(command))}: ${wordsFor(REFUSALS, code) ?? printable(code ?? message)}`,
    hint: "Is it installed in this image, with its execute bit set? Neither ~ nor variables are expanded in it.",
    exitCode,
    cause,
  });
}

/** Lines of its standard error that are shown: the last ones say why. */
const LINES = 10;

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "")
    .slice(-LINES)
    .map((line) => printable(concealed(line.trimEnd())));
}

/** What a process wrote to standard error, safe to show, without empty lines. */
export const shownLines = (text: string): string[] => linesOf(text).map((line) => shortened(line));

const OURS = "fetch-creds: ";

/** Our words in a line, or the AWS CLI's; of words about words, as each program in a chain writes them, the innermost. */
const CIRCLE =
  /^.*(the credential_process of .* starts itself|Credential process resolution detected an infinite loop.*)$/;

/** What a program that it has started noticed: that all this goes round in a circle. */
function circleIn(lines: readonly string[]): string | undefined {
  const found = lines.flatMap((line) => CIRCLE.exec(line)?.[1] ?? []).at(-1);
  return found?.startsWith("the ") ? OURS + found : found;
}

/** The line that says why: ours, which ends in its hint, and may stand within the words of the AWS CLI; else the last. */
function reasonIn(lines: readonly string[]): string | undefined {
  const ours = lines.filter((line) => line.includes(OURS)).at(-1);
  return ours?.slice(ours.lastIndexOf(OURS)) ?? lines.at(-1);
}

/** @param words what it does */
function loop(from: string, words: string): Failure {
  return new Failure("process-loop", {
    message: `${shownProcess(from)} ${words}`,
    hint: "it runs fetch-creds or the AWS CLI for the keys of the same profile: name another one there, or another source",
    exitCode,
  });
}

export const processLoop = (from: string): Failure => loop(from, "starts itself");

/**
 * @param ending  its exit code, or the signal that ended it
 * @param stderr  what it wrote there
 */
export function processFailed(from: string, ending: number | NodeJS.Signals, stderr: string): Failure {
  const lines = linesOf(stderr);
  const how = typeof ending === "number" ? `exited with ${ending}` : `was ended by ${ending}`;
  const circle = circleIn(lines);
  if (circle !== undefined) return loop(from, `${how}: ${shortened(circle)}`);
  const said = reasonIn(lines);
  return new Failure("process-failed", {
    message: `${shownProcess(from)} ${how}${said === undefined ? "" : `: ${shortened(said)}`}`,
    hint:
      lines.length > 1
        ? ["it wrote to standard error:", ...lines.map((line) => shortened(line))].join("\n")
        : "run the command by itself, in the same image, to see why",
    exitCode,
  });
}

/** @param fault what was expected, never what was there */
export function processOutputMalformed(from: string, fault: string): Failure {
  return new Failure("process-output", {
    message: `${shownProcess(from)} gave no credentials that can be used: ${fault}`,
    hint: 'expected on standard output {"Version": 1, "AccessKeyId": …, "SecretAccessKey": …}, with SessionToken and Expiration where the keys are temporary',
    exitCode,
  });
}

export function processExpired(from: string, expiration: string, now: number): Failure {
  return new Failure("process-expired", {
    message: `${shownProcess(from)} gave credentials that expired at ${printable(expiration)}; the local clock says ${new Date(now).toISOString()}`,
    hint: "it was run twice: is the local clock right? If so, the command repeats keys that it has kept",
    exitCode,
  });
}

export function processTimeout(from: string, budgetMs: number): Failure {
  return new Failure("process-timeout", {
    message: `${shownProcess(from)} did not end within ${sayDuration(budgetMs)}, and was ended`,
    hint: "does it wait for input, or for a network? --timeout gives it longer",
    exitCode: ExitCode.other,
  });
}

/** @param code 128 + the signal's number */
export function processInterrupted(from: string, signal: NodeJS.Signals, code: number): Failure {
  return new Failure("process-interrupted", {
    message: `${signal} received: ${shownProcess(from)} was ended`,
    exitCode: code,
  });
}
