import { Notice } from "./notice.js";

/** Below the failures that are shown one by one. */
export function moreFailures(failed: number, shown: number): Notice {
  return new Notice(
    "more-failures",
    `${failed} transfers failed; ${failed - shown} more than shown here (--json shows all)`,
  );
}

/** An object that could not be compared with a checksum. */
export function notVerified(source: string, reason: string): Notice {
  return new Notice("not-verified", `${source} was not verified: ${reason}`);
}
