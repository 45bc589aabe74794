import type { Context } from "../context.js";
import { ExitCode, type Failure } from "../failure.js";
import { anyFailure } from "../output/any-failure.js";
import { failureLines } from "../output/failure-json.js";
import { withOwnPath } from "../output/own-path.js";
import { type Choice, chooseVerb } from "./choose-verb.js";
import { withDebug } from "./debug.js";
import { learnFromArguments, learnFromEnvironment, learnFromWords } from "./environment-secrets.js";
import { Invocation } from "./invocation.js";
import { parseArguments } from "./parse-arguments.js";
import { sayFailure } from "./say.js";
import type { Verb } from "./verb.js";
import { DEFAULT_VERB, listedVerb, meantVerb, VERBS, verbNamed } from "./verbs.js";
import { hasFlag, readWords, splitAtTerminator, type Word } from "./words.js";

/** One run of the program, from its command line to an exit code. Whatever is thrown below ends here. */
export class Run {
  private readonly argv: readonly string[];
  private readonly choice: Choice;
  private context: Context;
  private words: readonly Word[] = [];
  /** The verb that is named or, where its name is misspelt, meant. */
  private meant: Verb | undefined;

  /** @param argv without node and the script */
  constructor(argv: readonly string[], quiet: Context) {
    this.argv = argv;
    this.choice = chooseVerb(argv, DEFAULT_VERB, (word) => listedVerb(word) !== undefined);
    this.context = quiet;
  }

  /** A Failure is said in the user's words, anything else that is thrown is a bug. Returns the exit code. */
  async toItsEnd(): Promise<number> {
    try {
      return await this.dispatch();
    } catch (error) {
      return this.failed(error);
    }
  }

  /** What nobody caught, from outside of `toItsEnd`: the same words. Returns the exit code. */
  failed(error: unknown): number {
    this.learnSecrets();
    this.failEvaluation();
    const failure = anyFailure(error);
    if (!failure.told) this.failAsJson(failure);
    sayFailure(failure, this.context);
    return failure.exitCode;
  }

  /** Who reads `--json` reads of the failure there, too: where its output goes, which is not where an object goes. */
  private failAsJson({ id, message, hint }: Pick<Failure, "id" | "message" | "hint">): void {
    if (!hasFlag(this.words, "json")) return;
    const copies = this.choice.verb === "cp" || this.choice.verb === "sync";
    const pasted = hint === undefined ? undefined : withOwnPath(hint, this.context.scriptPath);
    const lines = failureLines({ id, message, hint: pasted }, copies);
    const [, target] = this.words.flatMap((word) => (word.kind === "operand" ? [word.text] : []));
    if (copies && target === "-") this.context.stderr.write(lines);
    else this.context.print(lines);
  }

  /** What evaluates our output must fail as well: `eval "$(... export)" && next`, and that of a misspelt `exprot`. */
  failEvaluation(): void {
    const { meant, choice } = this;
    const evaluated = meant?.failureOutput?.(readWords(meant, splitAtTerminator(choice.args).before));
    if (evaluated) this.context.print(evaluated);
  }

  private async dispatch(): Promise<number> {
    const { verb: name, args } = this.choice;
    this.meant = await (await meantVerb(name))?.load();
    const { before } = splitAtTerminator(this.argv);
    if (before.some((word) => word.includes("\ufffd"))) {
      const { checkUtf8 } = await import("./raw-arguments.js");
      checkUtf8(this.argv, before.length);
    }
    const known = this.meant?.name === name ? this.meant : DEFAULT_VERB;
    this.words = readWords(known, splitAtTerminator(args).before);
    if (hasFlag(this.words, "debug")) this.beginDebugging();
    if (hasFlag(this.words, "help") || name === "help") return this.help();
    if (hasFlag(this.words, "version")) {
      const { versionText } = await import("./version.js");
      this.context.print(versionText(this.context));
      return ExitCode.ok;
    }
    const verb = await verbNamed(name);
    this.context.debug(`${verb.name}, Node.js ${this.context.nodeVersion}`);
    const invocation = parseArguments(verb, args);
    if (!(invocation instanceof Invocation)) {
      // Before a word of it is cut.
      this.learnSecrets();
      const { misuseFailure } = await import("./misuse.js");
      throw misuseFailure(invocation, verb);
    }
    if (this.context.env.NODE_DEBUG) {
      const { refuseNodeDebug } = await import("./node-debug.js");
      refuseNodeDebug(verb.takesCommand === true);
    }
    return verb.run(invocation, this.context);
  }

  private beginDebugging(): void {
    this.learnSecrets();
    this.context = withDebug(this.context);
  }

  /** What must not be shown, when something is. */
  private learnSecrets(): void {
    const { verb, args } = this.choice;
    learnFromEnvironment(this.context.env);
    learnFromArguments(args);
    const values = this.words.flatMap((word) => ("value" in word && word.value ? [word.value] : []));
    const stray = this.words.flatMap((word) => ("text" in word ? [word.text] : []));
    const { after = [] } = splitAtTerminator(args);
    learnFromWords([verb, ...stray, ...after], listedVerb(verb)?.namesObjects === true);
    learnFromWords(values, true);
  }

  private async help(): Promise<number> {
    const { verb: name, named } = this.choice;
    const [about] = this.words.flatMap((word) => (word.kind === "operand" ? [word.text] : []));
    const wanted = name === "help" ? about : named ? name : undefined;
    const verb = wanted === undefined ? undefined : await verbNamed(wanted);
    const { helpFor } = await import("./help.js");
    this.context.print(helpFor(verb ?? VERBS, this.context));
    return ExitCode.ok;
  }
}
