import { run } from "./cli/run.js";
import type { Output } from "./context.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function onSignal(handler: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of SIGNALS) process.on(signal, handler);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
}

/** Resolves when all that was written has been handed to the system, so that leaving cannot cut an answer short. */
function flushed(stream: Output): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

run(process.argv.slice(2), {
  env: process.env,
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  secretsFolder: "/run/secrets",
  onSignal,
  debug: () => undefined,
  scriptPath: process.argv[1] ?? "",
}).then(async (exitCode) => {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(exitCode);
});
