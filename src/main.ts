import { Run } from "./cli/run.js";
import { ProcessContext, refuseDebugger } from "./process-context.js";

refuseDebugger();

const context = new ProcessContext();
const run = new Run(process.argv.slice(2), context);

/** What was thrown where nobody waits for it. */
process.on("uncaughtException", (error) => process.exit(run.failed(error)));

const listen = () => context.endAtSignal(() => run.failEvaluation());
// Until the first wait a signal ends us as it ends every program, also one that is stuck in a system call.
if (run.isEvaluated) listen();
else setImmediate(listen);

run.toItsEnd().then((exitCode) => context.end(exitCode));
