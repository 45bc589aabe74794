import type { Verb } from "./verb.js";
import { looksLikeOption, looksLikeValue, optionsOf, splitAtTerminator } from "./words.js";

/** A command line cut into its verb and the rest. */
export interface Choice {
  readonly verb: string;
  readonly args: readonly string[];
  /** Whether the command line names it. */
  readonly named: boolean;
}

/**
 * Finds the verb. It usually stands first; options of the default verb's kind may stand before it (`--debug cp …`), their
 * values passed over. Without a verb the default one runs, so that `node fetch-creds.js` works; a first word that is no
 * verb is taken for one misspelt.
 *
 * @param known the default verb: its options tell which words are values
 */
export function chooseVerb(
  argv: readonly string[],
  known: Verb,
  isVerbName: (word: string) => boolean,
): Choice {
  const { before } = splitAtTerminator(argv);
  let unknownOption = false;
  for (let index = 0; index < before.length; index++) {
    const argument = before[index] as string;
    if (looksLikeOption(argument)) {
      const spec = optionsOf(known).get(argument.replace(/^--|=.*$/gs, ""));
      if (spec === undefined) unknownOption = true;
      else if (spec.value !== undefined && !argument.includes("=") && looksLikeValue(before[index + 1]))
        index++;
    } else if (isVerbName(argument) || !unknownOption) {
      return { verb: argument, args: [...argv.slice(0, index), ...argv.slice(index + 1)], named: true };
    }
    // Behind an option that is not known here a word may be its value: the verb may still come.
  }
  return { verb: known.name, args: argv, named: false };
}
