import { constants } from "node:os";
import type { Context, Environment } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { shellWords, UnsplittableCommand } from "../profiles/shell-words.js";
import type { CredentialSource, Credentials } from "./credentials.js";
import {
  processCommandMalformed,
  processExpired,
  processFailed,
  processInterrupted,
  processLoop,
  processNotRun,
  processOutputMalformed,
  processTimeout,
  shownLines,
} from "./process-failures.js";
import { parseProcessOutput, secretsInOutput, secretsInText } from "./process-output.js";
import { type ProcessEnd, runProcess } from "./run-process.js";

/** A minute, as the AWS SDK for Go has it: whoever is to enter a code needs some time. ms. */
const DEFAULT_BUDGET = 60_000;

/** In the environment of what is run: the profiles whose processes are under way, one a line. */
const UNDER_WAY = "FETCH_CREDS_PROCESSES";

/** Those for whose keys `aws configure export-credentials` runs, as a line of CSV. */
const UNDER_WAY_OF_CLI = "_AWS_CLI_PROFILE_CHAIN";

/** The fields of a line of CSV (Python's csv.writer). */
const fieldsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );

/**
 * The environment for one that is started; an endless chain of them is never begun. Where the AWS CLI runs for a profile's
 * keys, and that led to us, the profile's process is under way, too.
 */
function withUnderWay({ from, profile }: ProcessGiven, env: Environment): Environment {
  const underWay = env[UNDER_WAY]?.split("\n") ?? [];
  if (underWay.includes(from) || fieldsOf(env[UNDER_WAY_OF_CLI] ?? "").includes(profile))
    throw processLoop(from);
  return { ...env, [UNDER_WAY]: [...underWay, from].join("\n") };
}

/** A `credential_process`, and where it stands. */
export interface ProcessGiven {
  /** The setting's value. May hold secrets: its first word alone is shown. */
  readonly command: string;
  /** `~/.aws/config, profile deploy` */
  readonly from: string;
  readonly profile: string;
  /** `aws_account_id` of the profile, where the output names none. */
  readonly accountId?: string | undefined;
}

function wordsOf({ command, from }: ProcessGiven): string[] {
  try {
    const words = shellWords(command);
    if (!words[0]) throw new UnsplittableCommand("it is empty");
    if (command.includes("\0")) throw new UnsplittableCommand("it holds a NUL character");
    return words;
  } catch (error) {
    if (error instanceof UnsplittableCommand) throw processCommandMalformed(from, error.message);
    throw error;
  }
}

function credentialsOf(
  end: ProcessEnd,
  words: readonly string[],
  { from, accountId }: ProcessGiven,
  budgetMs: number,
  { debug }: Context,
): Credentials {
  if (end.kind === "not-run") throw processNotRun(from, words[0] ?? "", end.cause);
  if (end.kind === "timeout") throw processTimeout(from, budgetMs);
  if (end.kind === "interrupted")
    throw processInterrupted(from, end.signal, 128 + constants.signals[end.signal]);
  if (end.kind === "too-long") throw processOutputMalformed(from, "its output is longer than 64 KiB");
  // Also of output that is not used, since standard error may repeat it.
  learnSecrets(...secretsInOutput(end.stdout), ...secretsInText(end.stderr));
  if (end.ending !== 0) throw processFailed(from, end.ending, end.stderr);
  for (const line of shownLines(end.stderr)) debug(`credential_process: ${line}`);
  const output = parseProcessOutput(end.stdout, accountId);
  if ("fault" in output) throw processOutputMalformed(from, output.fault);
  return output.credentials;
}

/**
 * A profile's `credential_process`: run anew at each fetch, and once more where its keys have expired, as botocore does. Its
 * standard output is never shown; its standard error is where it fails, and with `--debug`.
 *
 * @param budgetMs  for each run, ms
 * @throws Failure `process-command`, 253; its fetch: `process-loop`, 253, where we run for the same profile's process
 */
export function processSource(
  given: ProcessGiven,
  context: Context,
  budgetMs = DEFAULT_BUDGET,
): CredentialSource {
  const words = wordsOf(given);
  const run = async (): Promise<Credentials> => {
    context.debug(`running the credential_process of ${given.from}`);
    const { onSignal, atExit, signalGroup } = context;
    const around = { env: withUnderWay(given, context.env), onSignal, atExit, signalGroup };
    return credentialsOf(await runProcess(words, budgetMs, around), words, given, budgetMs, context);
  };
  const isExpired = ({ expiration }: Credentials) =>
    expiration !== undefined && expiration.epochMs <= context.now();
  return {
    description: { kind: "process", name: given.from, place: "file" },
    fetch: async () => {
      const first = await run();
      if (!isExpired(first)) return { credentials: first };
      const second = await run();
      if (isExpired(second)) throw processExpired(given.from, second.expiration?.text ?? "", context.now());
      return { credentials: second };
    },
  };
}
