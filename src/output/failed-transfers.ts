import { concealed } from "./concealed.js";
import type { Notice } from "./notice.js";
import { transfersFailed } from "./notices.js";
import { LONGEST_NAME, printable, shortened } from "./printable.js";
import type { TransferNames, TransferTotals } from "./transfer-events.js";

/** A name, or what else comes from outside, on a line. */
const shown = (name: string) => printable(shortened(name, LONGEST_NAME));

/**
 * `download: s3://b/k to ./k`, as the AWS CLI has it.
 *
 * @param failed ` failed` where it did
 */
export function named({ operation, source, destination }: TransferNames, failed = ""): string {
  const to = destination === undefined ? "" : ` to ${shown(destination)}`;
  // A name may be a secret, or hold one, as any text may.
  return concealed(`${operation}${failed}: ${shown(source)}${to}`);
}

/** `download of s3://b/k to ./k: An error …`; undefined in a run of one transfer, whose failure is said once. */
export function firstFailure({ transfers, first }: TransferTotals): string | undefined {
  if (first === undefined || transfers < 2) return undefined;
  const { transfer, failure } = first;
  return `${named(transfer).replace(": ", " of ")}: ${concealed(printable(failure.message))}`;
}

/** The last line of a run of several transfers of which some failed. */
export function failedTransfers(totals: TransferTotals): Notice | undefined {
  const first = firstFailure(totals);
  return first === undefined ? undefined : transfersFailed(totals.failed, totals.transfers, first);
}
