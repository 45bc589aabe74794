import { describe, expect, it, onTestFinished, vi } from "vitest";
import { processSource } from "../../../src/credentials/process.js";
import { processNotRun } from "../../../src/credentials/process-failures.js";
import { runProcess } from "../../../src/credentials/run-process.js";
import { testContext } from "../../support/test-context.js";

const env = { PATH: "/usr/bin:/bin" };
const BUDGET = 120_000;

/** Notes the signals that are sent, and sends SIGKILL alone. */
function world() {
  const sent: string[] = [];
  const held = new Set<string>();
  const atExit: (() => void)[] = [];
  const { signalGroup } = testContext();
  const hold = (name: string) => {
    held.add(name);
    return () => void held.delete(name);
  };
  const changes = {
    onSignal: () => hold("signals"),
    atExit: (handler: () => void) => {
      atExit.push(handler);
      return hold("exit");
    },
    signalGroup: (id: number, signal: NodeJS.Signals) => {
      sent.push(signal);
      if (signal === "SIGKILL") signalGroup(id, signal);
    },
  };
  return { sent, held, atExit, context: testContext(env, changes) };
}

const LIMIT = 64 * 1024;
const shell = (text: string) => ["sh", "-c", text];

describe("a process", () => {
  it.each([
    [LIMIT - 1, "ended"],
    [LIMIT, "ended"],
    [LIMIT + 1, "too-long"],
  ])("that prints %i bytes has %s", async (bytes, kind) => {
    const end = await runProcess(shell(`head -c ${bytes} /dev/zero`), BUDGET, world().context);
    expect(end.kind).toBe(kind);
    if (end.kind === "ended") expect(end.stdout).toHaveLength(bytes);
  });

  it.each([
    [LIMIT, "first\n"],
    // Half a line may be half a secret.
    [LIMIT + 1, "second\n"],
  ])("that writes %i bytes to standard error has them from %j on", async (bytes, start) => {
    const rest = bytes - "first\nsecond\n".length;
    const text = `printf 'first\\nsecond\\n' >&2; head -c ${rest} /dev/zero | tr '\\0' x >&2`;
    const end = await runProcess(shell(text), BUDGET, world().context);
    expect(end).toMatchObject({ kind: "ended", ending: 0, stderr: expect.stringMatching(`^${start}`) });
  });

  it("leaves nothing behind when it has ended", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { context, held, sent } = world();
    const running = runProcess(["true"], BUDGET, context);
    expect(held).toEqual(new Set(["signals", "exit"]));
    expect(vi.getTimerCount()).toBe(1);
    await expect(running).resolves.toMatchObject({ kind: "ended", ending: 0 });
    expect(held).toEqual(new Set());
    expect(vi.getTimerCount()).toBe(0);
    expect(sent).toEqual([]);
  });

  it("that cannot even be tried is not run, and leaves nothing behind", async () => {
    const { context, held } = world();
    const end = await runProcess(["true"], BUDGET, { ...context, env: { ...env, X: "a\0b" } });
    expect(end).toMatchObject({ kind: "not-run", cause: { code: "ERR_INVALID_ARG_VALUE" } });
    expect(held).toEqual(new Set());
  });

  it("is killed with all that it has started when we end", async () => {
    const { context, atExit, sent } = world();
    const running = runProcess(["sleep", "1000"], BUDGET, context);
    atExit[0]?.();
    await expect(running).resolves.toMatchObject({ kind: "ended", ending: "SIGKILL" });
    expect(sent).toEqual(["SIGKILL"]);
  });

  it("of a profile is told to end after a minute, and killed a second later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { context, sent } = world();
    const given = { command: "sleep 1000", from: "~/.aws/config, profile x", profile: "x" };
    const failed = expect(processSource(given, context).fetch()).rejects.toMatchObject({
      id: "process-timeout",
      exitCode: 255,
      message: expect.stringContaining("did not end within 60 s,"),
    });
    vi.advanceTimersByTime(59_999);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(["SIGTERM"]);
    vi.advanceTimersByTime(999);
    expect(sent).toEqual(["SIGTERM"]);
    vi.advanceTimersByTime(1);
    await failed;
    // Whoever is left of its group has been told once more.
    expect(sent).toEqual(["SIGTERM", "SIGKILL", "SIGKILL"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that is not run is said by the system's code, or by its words", () => {
    const cause = Object.assign(new Error("spawn x EMFILE"), { code: "EMFILE" });
    expect(processNotRun("f", "x", cause).message).toMatch(/ cannot be run: x: EMFILE$/);
    expect(processNotRun("f", "x", new Error("odd words")).message).toMatch(/ cannot be run: x: odd words$/);
  });
});
