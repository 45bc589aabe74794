import { Notice } from "./notice.js";

/** Below the failures that are shown one by one. @param more than those */
export function moreFailures(more: number): Notice {
  const failures = more === 1 ? "failure" : "failures";
  return new Notice("more-failures", `${more} more ${failures}, not shown here (--json shows all)`);
}

/**
 * Docker repeats the last ten lines of a failed step, and the failure may stand thousands above. The line does not begin as
 * that of a failure does, which would count it twice.
 *
 * @param first what failed first, and why
 */
export function transfersFailed(failed: number, all: number, first: string): Notice {
  return new Notice("transfers-failed", `${failed} of ${all} transfers failed, the first: ${first}`);
}

/** An object that could not be compared with a checksum. */
export function notVerified(source: string, reason: string): Notice {
  return new Notice("not-verified", `${source} was not verified: ${reason}`);
}
