import { Notice } from "./notice.js";
import type { TransferNames } from "./transfer-events.js";

/** Below the failures that are shown one by one. */
export function moreFailures(failed: number, shown: number): Notice {
  return new Notice(
    "more-failures",
    `${failed} transfers failed; ${failed - shown} more than shown here (--json shows all)`,
  );
}

/** An object that came in several parts, and could not be compared with its checksum. */
export function notVerified({ transfer, reason }: { transfer: TransferNames; reason: string }): Notice {
  return new Notice("not-verified", `${transfer.source} was not verified: ${reason}`);
}
