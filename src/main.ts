import { afterCrash, run } from "./cli/run.js";
import { ProcessContext, refuseDebugger } from "./process-context.js";

refuseDebugger();

const context = new ProcessContext();

const argv = process.argv.slice(2);

/** What was thrown where nobody waits for it. */
process.on("uncaughtException", (error) => process.exit(afterCrash(error, argv, context)));

run(argv, context).then(async (exitCode) => {
  await context.flushed();
  process.exit(exitCode);
});
