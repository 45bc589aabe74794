import type { Failure } from "../failure.js";
import { Notice } from "../output/notice.js";

/** What `--if-available` says when there is nothing to use. */
export function nothingToDo(verb: string): Notice {
  return new Notice(
    "nothing-to-do",
    `no credential source is configured, ${verb} does nothing (--if-available)`,
  );
}

/** Of the profile in force, where `verify` only shows it. */
export function regionNotRead({ message }: Pick<Failure, "message">): Notice {
  return new Notice("region-not-read", `the profile's region is not read: ${message}`);
}
