import { type Failure, usageFailure } from "../failure.js";
import { printable, shortened } from "../output/printable.js";

export function badDuration(option: string, value: string): Failure {
  return usageFailure(
    "bad-duration",
    `--${option} '${value}' is not a valid duration`,
    "Examples: 500ms, 30s, 15m, 1h30m",
  );
}

/** @param name  the option or variable that gave it */
export function badRegion(value: string, name: string): Failure {
  return usageFailure(
    "bad-region",
    `the region '${shortened(printable(value))}' of ${name} is not a valid region`,
    `Set ${name} to a region such as eu-central-1, without spaces or line breaks around it.`,
  );
}

/** An expectation that is empty would hold for nothing, or be thought to hold for all. */
export function emptyExpectation(option: string): Failure {
  return usageFailure(
    "empty-expectation",
    `--${option} was given an empty value`,
    "The variable was empty where it was passed on.",
  );
}

/** A guard that is given twice: the last one would silently win over the other. */
export function contradictingValues(option: string): Failure {
  return usageFailure(
    "contradicting-values",
    `--${option} was given more than once, with different values`,
    "Give it once.",
  );
}

export function conflictingOptions(one: string, other: string): Failure {
  return usageFailure(
    "conflicting-options",
    `--${one} and --${other} exclude each other`,
    "Leave one of them out.",
  );
}

export function optionNeeds(option: string, needed: string): Failure {
  return usageFailure(
    "option-needs",
    `--${option} has no effect without ${needed}`,
    `Add ${needed}, or leave it out.`,
  );
}
