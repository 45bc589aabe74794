import type { Context } from "../context.js";
import { ExitCode, Failure } from "../failure.js";
import { type Choice, chooseVerb } from "./choose-verb.js";
import { withDebug } from "./debug.js";
import { learnFromEnvironment } from "./environment-secrets.js";
import { looksLikeOption, parseArguments, splitAtTerminator } from "./parse-arguments.js";
import { sayBug, sayFailure } from "./say.js";
import { isVerbName, MAIN_VERBS, meantVerb, S3_VERBS, verbNamed } from "./verbs.js";

/**
 * From a command line to an exit code. Whatever is thrown below ends here: a Failure is said in the user's words,
 * anything else is a bug.
 *
 * @param argv without node and the script
 */
export async function run(argv: readonly string[], quiet: Context): Promise<number> {
  const { before } = splitAtTerminator(argv);
  const context = debugging(before, quiet);
  const choice = chooseVerb(argv, MAIN_VERBS[0], isVerbName);
  try {
    return await dispatch(choice, before, context);
  } catch (error) {
    return afterFailure(error, choice, context);
  }
}

/** The context with `--debug`, when the command line says so. */
function debugging(before: readonly string[], quiet: Context): Context {
  if (!before.includes("--debug")) return quiet;
  learnFromEnvironment(quiet.env, before);
  return withDebug(quiet);
}

/** What nobody caught: the same words, from outside of `run`. Returns the exit code. */
export function afterCrash(error: unknown, argv: readonly string[], quiet: Context): number {
  const context = debugging(splitAtTerminator(argv).before, quiet);
  return afterFailure(error, chooseVerb(argv, MAIN_VERBS[0], isVerbName), context);
}

async function dispatch(choice: Choice, before: readonly string[], context: Context): Promise<number> {
  const { verb: name, args } = choice;
  if (before.includes("--help") || before.includes("-h") || (choice.named && name === "help")) {
    const about =
      name === "help" ? args.find((arg) => !looksLikeOption(arg)) : choice.named ? name : undefined;
    context.print(await helpText(about));
    return ExitCode.ok;
  }
  if (before.includes("--version")) {
    const { versionText } = await import("./version.js");
    context.print(versionText(context));
    return ExitCode.ok;
  }
  const verb = await verbNamed(name);
  context.debug(`${verb.name}, Node.js ${context.nodeVersion}`);
  return verb.run(parseArguments(verb, args), context);
}

/** @param name undefined: the help of them all */
async function helpText(name: string | undefined): Promise<string> {
  const verb = name === undefined ? undefined : await verbNamed(name);
  const { mainHelp, verbHelp } = await import("./help.js");
  return verb === undefined ? mainHelp([...MAIN_VERBS, ...S3_VERBS]) : verbHelp(verb);
}

function afterFailure(error: unknown, { verb, args }: Choice, context: Context): number {
  learnFromEnvironment(context.env, args);
  // `eval "$(… exprot)" && next` must not go on either.
  const evaluated = meantVerb(verb)?.failureOutput?.(args);
  if (evaluated) context.print(evaluated);
  if (error instanceof Failure) {
    sayFailure(error, context);
    return error.exitCode;
  }
  sayBug(error, context);
  return ExitCode.other;
}
