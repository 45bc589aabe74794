import { debuglog } from "node:util";
import { nodeWouldPrint } from "./failures.js";

/**
 * Refuses what Node would print in our log by NODE_DEBUG: `stream` shows the first bytes of all that is read, an endpoint's
 * answer too, and `child_process` the variables of the command that is started. No code can turn it off any more.
 *
 * @param starts  whether a command is started
 * @throws Failure `node-debug` (252)
 */
export function refuseNodeDebug(starts: boolean): void {
  // Node's own reading of it: a list, with `*`, in either case.
  if (debuglog("stream").enabled) throw nodeWouldPrint("stream", starts);
  if (starts && debuglog("child_process").enabled) throw nodeWouldPrint("child_process", starts);
}
