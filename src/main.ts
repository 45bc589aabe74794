import { run } from "./cli/run.js";
import { sayBug } from "./cli/say.js";
import { ExitCode } from "./failure.js";
import { ProcessContext } from "./process-context.js";

const context = new ProcessContext();

/** What was thrown where nobody waits for it. */
process.on("uncaughtException", (error) => {
  sayBug(error, context);
  process.exit(ExitCode.other);
});

run(process.argv.slice(2), context).then(async (exitCode) => {
  await context.flushed();
  process.exit(exitCode);
});
