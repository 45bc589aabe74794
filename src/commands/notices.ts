import { Notice } from "../output/notice.js";

/** What `--if-available` says when there is nothing to use. */
export function nothingToDo(verb: string): Notice {
  return new Notice(
    "nothing-to-do",
    `no credential source is configured, ${verb} does nothing (--if-available)`,
  );
}
