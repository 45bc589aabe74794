import type { Context } from "../context.js";
import type { Invocation } from "./invocation.js";
import type { Word } from "./words.js";

/** Why a value is not taken, as a clause, and what to do instead. */
export type Refusal = readonly [reason: string, hint: string];

/** One option of the command table: what the parser, `--help` and docs/reference.md are made from. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** The word for its value in help (`FILE`); absent: a flag. */
  readonly value?: string;
  /** The only values taken. */
  readonly choices?: readonly string[];
  /** Values that the AWS CLI takes and we do not. */
  readonly refused?: Readonly<Record<string, Refusal>>;
  /** May be given more than once (`--include`). */
  readonly repeated?: true;
  /** Further words that look so belong to it too (`--grants read=… full=…`), each as a value of its own. */
  readonly moreValues?: RegExp;
  /** The value may be left out (`--request-payer`, `--sse`), then this stands for it. */
  readonly optionalValue?: string;
  /** What holds when it is not given: as it would be written, or in words. */
  readonly default?: string;
  readonly summary: string;
}

/** A heading of `--help` with its options. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly OptionSpec[];
}

/** How many operands a verb takes. */
export interface Operands {
  readonly min: number;
  readonly max: number;
  /** Those that must be there, as the synopsis names them. */
  readonly names?: readonly string[];
  /** What they look like, for who left one out. */
  readonly shape?: string;
  /** For who gave one too many: what a shell makes of `*`, mostly. */
  readonly more?: string;
}

/** A verb's table and its work. */
export interface Verb {
  readonly name: string;
  /** `fetch-creds.js cp SRC DST [options]` */
  readonly synopsis: string;
  readonly operands: Operands;
  /** Takes a command after `--`, which is then required. */
  readonly takesCommand?: true;
  readonly groups: readonly OptionGroup[];
  /** Options that it does without, for who gives one all the same: a sentence on what to do instead. */
  readonly without?: Readonly<Record<string, string>>;
  /** A paragraph or two for `--help`: what it does. */
  readonly description: string;
  /** Lines for a shell. */
  readonly examples: readonly string[];
  /** What stands behind the mount of the address in a RUN of a Dockerfile. */
  readonly steps?: readonly string[];
  /** Returns the exit code; throws a Failure. */
  readonly run: (invocation: Invocation, context: Context) => Promise<number>;
  /** What goes to stdout when the verb fails; told the words, since they may be what is wrong. */
  readonly failureOutput?: (words: readonly Word[]) => string;
}
