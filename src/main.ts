import { Run } from "./cli/run.js";
import { ProcessContext, refuseDebugger } from "./process-context.js";

refuseDebugger();

const context = new ProcessContext();
const run = new Run(process.argv.slice(2), context);

/** What was thrown where nobody waits for it. */
process.on("uncaughtException", (error) => process.exit(run.failed(error)));

// From here on nothing may wait in a system call: no signal would be heard.
context.endAtSignal(() => run.failEvaluation());

run.toItsEnd().then((exitCode) => context.end(exitCode));
