import type { ChildProcess, SpawnOptions } from "node:child_process";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { processSource } from "../../../src/credentials/process.js";
import { processNotRun } from "../../../src/credentials/process-failures.js";
import { runProcess } from "../../../src/credentials/run-process.js";
import { testContext } from "../../support/test-context.js";

/** What was started, and how. */
const started: { child: ChildProcess; options: SpawnOptions }[] = [];
/** The descriptors that are terminals. */
const terminals = new Set<number>();

vi.mock("node:child_process", async (original) => {
  const { spawn, ...others } = await original<typeof import("node:child_process")>();
  return {
    ...others,
    spawn: (file: string, args: readonly string[], options: SpawnOptions) => {
      const child = spawn(file, args, options);
      started.push({ child, options });
      return child;
    },
  };
});
vi.mock("node:tty", () => ({ isatty: (descriptor: number) => terminals.has(descriptor) }));
afterEach(() => {
  started.length = 0;
  terminals.clear();
});

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

  it("that writes a single line beyond that to standard error has none of it", async () => {
    const text = `head -c ${LIMIT + 1} /dev/zero | tr '\\0' x >&2`;
    expect(await runProcess(shell(text), BUDGET, world().context)).toMatchObject({ stderr: "" });
  });

  it("that prints far too much is told so once", async () => {
    const { context, sent } = world();
    const end = await runProcess(shell(`exec head -c ${20 * LIMIT} /dev/zero`), BUDGET, context);
    expect(end).toEqual({ kind: "too-long" });
    expect(sent).toEqual(["SIGTERM", "SIGKILL"]);
  });

  it.each([
    [[], true, "ignore"],
    [[0], false, "inherit"],
    [[1], false, "ignore"],
    [[2], false, "ignore"],
    [[3], true, "ignore"],
  ] as const)(
    "with terminals at %j leads a group: %s, and has as standard input: %s",
    async (at, detached, stdin) => {
      for (const descriptor of at) terminals.add(descriptor);
      const { context, atExit, sent } = world();
      const running = runProcess(["sleep", "1000"], BUDGET, context);
      expect(started[0]?.options).toMatchObject({ detached, stdio: [stdin, "pipe", "pipe"] });
      // Alone, where it is in our group.
      atExit[0]?.();
      await expect(running).resolves.toMatchObject({ kind: "ended", ending: "SIGKILL" });
      expect(sent).toEqual(detached ? ["SIGKILL"] : []);
    },
  );

  it("that could not be started is not ended", async () => {
    const { context, atExit, sent } = world();
    const running = runProcess(["/nonexistent/program"], BUDGET, context);
    atExit[0]?.();
    await expect(running).resolves.toMatchObject({ kind: "not-run", cause: { code: "ENOENT" } });
    expect(sent).toEqual([]);
  });

  it.each([
    ["has ended", "exit 0"],
    ["was killed", "kill -KILL $$"],
  ])("that %s, while another holds its output, is waited for no longer than it may take", async (_, end) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { context, sent } = world();
    // In a group of its own, as what goes to the background has it.
    const running = runProcess(shell(`setsid sleep 1000 & echo $!; ${end}`), BUDGET, context);
    const { child } = started[0]!;
    const lines: string[] = [];
    child.stdout?.on("data", (bytes: Buffer) => lines.push(bytes.toString()));
    while (lines.length === 0 || (child.exitCode ?? child.signalCode) === null)
      await new Promise((resolve) => setImmediate(resolve));
    onTestFinished(() => void process.kill(Number(lines.join("")), "SIGKILL"));
    vi.advanceTimersByTime(BUDGET);
    await expect(running).resolves.toEqual({ kind: "timeout" });
    expect(sent).toEqual(["SIGKILL"]);
    expect([child.stdout, child.stderr].map((stream) => stream?.destroyed)).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
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
