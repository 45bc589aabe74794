import { afterCrash, run } from "./cli/run.js";
import { THREAD_ARGUMENT } from "./cli/thread-argument.js";
import { ProcessContext } from "./process-context.js";

const context = new ProcessContext();

const argv = process.argv.slice(2);

if (argv[0] === THREAD_ARGUMENT) import("./s3-side.js").then(({ serveTransfers }) => serveTransfers(context));
else {
  /** What was thrown where nobody waits for it. */
  process.on("uncaughtException", (error) => process.exit(afterCrash(error, argv, context)));

  run(argv, context).then(async (exitCode) => {
    await context.flushed();
    process.exit(exitCode);
  });
}
