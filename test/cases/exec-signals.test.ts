import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { inOrphanedGroup } from "../support/orphaned-group.js";
import { startBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** All that can be caught but those that a fault raises, those that Node has for itself, and CHLD. */
const SIGNALS = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGABRT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGPIPE",
  "SIGALRM",
  "SIGTERM",
  "SIGCONT",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGURG",
  "SIGXCPU",
  "SIGVTALRM",
  "SIGPROF",
  "SIGWINCH",
  "SIGIO",
  "SIGSYS",
] as const satisfies readonly NodeJS.Signals[];

/** More than Node's execve is trusted with, so that the command becomes a child on every Node. */
const AS_CHILD = { LONG: "x".repeat(70_000), LONGER: "x".repeat(70_000) };

/** Runs a script of sh under exec, until it says that it is ready. */
async function started(script: string, env: Record<string, string>) {
  const running = startBuilt(["exec", "--if-available", "--", "sh", "-c", script], { env });
  let said = "";
  running.child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await until(() => said.includes("ready\n"), running.child);
  return { ...running, said };
}

/** `T`: stopped; `S`: asleep. */
function stateOf(pid: number | undefined): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2)[0];
}

for (const [how, env] of [
  ["by the way that this Node has", {}],
  ["as a child", AS_CHILD],
] as const) {
  describe.concurrent(`exec passes signals on, ${how}`, () => {
    it.each(SIGNALS)("%s", async (signal) => {
      const name = signal.slice("SIG".length);
      const script = `trap 'echo caught; exit 7' ${name}; echo ready; while :; do sleep 0.05; done`;
      const { child, finished } = await started(script, env);
      child.kill(signal);
      expect(await finished).toMatchObject({ code: 7, stdout: "ready\ncaught\n", stderr: "" });
    });

    it.each(["SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM"] as const)(
      "%s ends it where it is not caught",
      async (signal) => {
        const { child, finished } = await started("echo ready; exec sleep 60", env);
        child.kill(signal);
        const ended = await finished;
        expect(ended.signal ?? ended.code).toBeOneOf([signal, 128 + constants.signals[signal]]);
      },
    );

    it.skipIf(process.platform !== "linux")("stops with it and goes on with it", async ({ skip }) => {
      if (inOrphanedGroup()) skip("its process group is orphaned: the kernel stops nothing there");
      const go = folder.at(`go-${how.replaceAll(" ", "-")}`);
      const script = `echo $$; echo ready; while [ ! -e ${go} ]; do sleep 0.05; done; echo went on`;
      const { child, finished, said } = await started(script, env);
      const command = Number(said.split("\n")[0]);
      child.kill("SIGTSTP");
      await until(() => stateOf(child.pid) === "T" && stateOf(command) === "T");
      writeFileSync(go, "");
      child.kill("SIGCONT");
      expect(await finished).toMatchObject({ code: 0, stdout: `${said}went on\n`, stderr: "" });
    });
  });
}
