import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { processSource } from "../../../src/credentials/process.js";
import { concealed } from "../../../src/output/concealed.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";
import { until } from "../../support/until.js";

const FROM = "~/.aws/config, profile deploy";
const NAMED = `the credential_process of ${FROM}`;
const KEYS = { Version: 1, AccessKeyId: "AKIA1", SecretAccessKey: "hidden-secret" };

function folder() {
  const made = temporaryFolder();
  onTestFinished(() => made.remove());
  return made;
}

/** A program of the given shell text, and a command that runs it with `args`. */
function program(text: string, args = "") {
  const place = folder();
  const path = place.at("get keys");
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return { command: `"${path}" ${args}`, at: place.at, path };
}

const environment = { PATH: "/usr/bin:/bin" };

const run = (command: string, changes = {}, budgetMs?: number) =>
  processSource(
    { command, from: FROM, profile: "deploy" },
    testContext(environment, changes),
    budgetMs,
  ).fetch();

const printing = (fields: object) => program(`echo '${JSON.stringify({ ...KEYS, ...fields })}'`).command;

describe("a credential_process", () => {
  it("gives what it prints", async () => {
    const source = processSource(
      { command: printing({}), from: FROM, profile: "deploy" },
      testContext(environment),
    );
    expect(source.description).toEqual({ kind: "process", name: FROM, place: "file" });
    await expect(source.fetch()).resolves.toEqual({
      credentials: { accessKeyId: "AKIA1", secretAccessKey: "hidden-secret" },
    });
  });

  it("is run without a shell, with its arguments as they are quoted and our environment", async () => {
    const { command, at } = program(
      `printf '%s\\n' "$@" "$MARK" > "$OUT"; echo '${JSON.stringify(KEYS)}'`,
      `'a b' "c\\"d" $HOME e\\ f | ';'`,
    );
    const env = { ...environment, MARK: "ours", OUT: at("out") };
    await processSource({ command, from: FROM, profile: "deploy" }, testContext(env)).fetch();
    expect(readFileSync(at("out"), "utf8").split("\n")).toEqual([
      "a b",
      'c"d',
      "$HOME",
      "e f",
      "|",
      ";",
      "ours",
      "",
    ]);
  });

  it("is found in PATH", async () => {
    const { path, at } = program(`echo '${JSON.stringify(KEYS)}'`);
    writeFileSync(at("get-keys"), readFileSync(path));
    chmodSync(at("get-keys"), 0o755);
    const context = testContext({ PATH: `${at(".")}:/usr/bin:/bin` });
    const fetched = processSource({ command: "get-keys", from: FROM, profile: "deploy" }, context).fetch();
    await expect(fetched).resolves.toHaveProperty("credentials");
  });

  it("has nothing to read from what is no terminal", async () => {
    const { command } = program(`test -z "$(cat)" && echo '${JSON.stringify(KEYS)}'`);
    await expect(run(command)).resolves.toHaveProperty("credentials");
  });

  it("is run anew at each fetch", async () => {
    const { command, at } = program(`echo x >> "$OUT"; echo '${JSON.stringify(KEYS)}'`);
    const context = testContext({ ...environment, OUT: at("out") });
    const source = processSource({ command, from: FROM, profile: "deploy" }, context);
    await source.fetch();
    await source.fetch();
    expect(readFileSync(at("out"), "utf8")).toBe("x\nx\n");
  });

  it("that fails says its exit code and its last words", async () => {
    const { command } = program("echo first >&2; printf 'no \\033[31msession\\n' >&2; exit 3");
    await expect(run(command)).rejects.toMatchObject({
      id: "process-failed",
      exitCode: 253,
      message: `${NAMED} exited with 3: no \\x1b[31msession`,
      hint: "it wrote to standard error:\nfirst\nno \\x1b[31msession",
    });
    await expect(run("false")).rejects.toMatchObject({ message: `${NAMED} exited with 1` });
  });

  it("that fails repeats no secret that it printed", async () => {
    const printed = JSON.stringify({
      SecretAccessKey: "wJalrXUtnFEMI/K7MDENG",
      SessionToken: "IQoJb3JpZ2luX2Vj",
    });
    const { command } = program(
      `echo '${printed}'; echo 'gave wJalrXUtnFEMI/K7MDENG IQoJb3JpZ2luX2Vj' >&2; exit 1`,
    );
    await expect(run(command)).rejects.toMatchObject({ message: `${NAMED} exited with 1: gave *** ***` });
  });

  it("that a signal ends says which", async () => {
    await expect(run(program("kill -KILL $$").command)).rejects.toMatchObject({
      id: "process-failed",
      message: `${NAMED} was ended by SIGKILL`,
    });
  });

  it("shows its standard error with --debug", async () => {
    const { command } = program(`echo 'the cache is stale' >&2; echo '${JSON.stringify(KEYS)}'`);
    const context = testContext(environment);
    await processSource({ command, from: FROM, profile: "deploy" }, context).fetch();
    expect(context.steps).toEqual([
      `running the credential_process of ${FROM}`,
      "credential_process: the cache is stale",
    ]);
  });

  it.each<[string, () => string, string]>([
    ["not there", () => "no-such-program-here", "no-such-program-here: no such file, in PATH"],
    ["not there by its path", () => "/nonexistent/x hidden", "/nonexistent/x: no such file"],
    ["a folder", () => "/", "/: permission denied"],
    [
      "not executable",
      () => {
        const { path } = program("");
        chmodSync(path, 0o644);
        return `'${path}'`;
      },
      "get keys: permission denied",
    ],
  ])("that is %s is said in words", async (_, command, words) => {
    await expect(run(command())).rejects.toMatchObject({
      id: "process-not-run",
      exitCode: 253,
      message: expect.stringContaining(words),
    });
  });

  it.each([
    ["a 'b", "a quote in it is not closed"],
    ["a\\", "it ends with a backslash"],
    [" ", "it is empty"],
    ["''", "it is empty"],
    ["a\0b", "it holds a NUL character"],
  ])("of %j cannot be split", (command, fault) => {
    expect(() => processSource({ command, from: FROM, profile: "deploy" }, testContext())).toThrow(
      expect.objectContaining({
        id: "process-command",
        exitCode: 253,
        message: `${NAMED} cannot be split into a command and its arguments: ${fault}`,
      }),
    );
  });

  it("that prints something else is a failure, and none of it is shown", async () => {
    const failure = await run(program("echo hidden").command).catch((error: unknown) => error);
    expect(failure).toMatchObject({ id: "process-output", exitCode: 253 });
    expect(JSON.stringify([failure, (failure as Error).message])).not.toContain("hidden");
  });

  it("that prints without end is ended", async () => {
    const { command } = program("exec cat /dev/zero");
    await expect(run(command)).rejects.toMatchObject({
      id: "process-output",
      message: expect.stringContaining("longer than 64 KiB"),
    });
  });

  it("may write any amount to standard error", async () => {
    const { command } = program(`head -c 3000000 /dev/zero >&2; echo '${JSON.stringify(KEYS)}'`);
    await expect(run(command)).resolves.toHaveProperty("credentials");
  });
});

describe("a credential_process whose keys have expired", () => {
  it("is run once more", async () => {
    const { command, at } = program(
      [
        `echo x >> "$OUT"`,
        `end=2020-01-01T00:00:00Z; test "$(wc -l < "$OUT")" -gt 1 && end=2030-01-01T00:00:00Z`,
        `echo "{\\"Version\\":1,\\"AccessKeyId\\":\\"A\\",\\"SecretAccessKey\\":\\"S\\",\\"Expiration\\":\\"$end\\"}"`,
      ].join("\n"),
    );
    const context = testContext({ ...environment, OUT: at("out") });
    const { credentials } = await processSource({ command, from: FROM, profile: "deploy" }, context).fetch();
    expect(credentials.expiration?.text).toBe("2030-01-01T00:00:00Z");
    expect(readFileSync(at("out"), "utf8")).toBe("x\nx\n");
  });

  it.each(["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"])("is a failure then: %s", async (Expiration) => {
    await expect(run(printing({ Expiration }))).rejects.toMatchObject({
      id: "process-expired",
      exitCode: 253,
      message: `${NAMED} gave credentials that expired at ${Expiration}; the local clock says 2026-01-01T00:00:00.000Z`,
    });
  });
});

/** A program that says its process id and that of a child, and then waits; `handler` is what it does first. */
function waiting(handler = "") {
  const place = program(
    `${handler}\nsleep 1000 & echo $$ $! > "$OUT.new"; mv "$OUT.new" "$OUT"\nwhile :; do sleep 0.05; done`,
  );
  const out = place.at("pid");
  return {
    ...place,
    env: { ...environment, OUT: out },
    pids: () => readFileSync(out, "utf8").trim().split(" ").map(Number),
    out,
  };
}

const isGone = (pid: number) =>
  !existsSync(`/proc/${pid}/stat`) || /\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

describe("a credential_process that goes on", () => {
  it.each([
    ["ends at SIGTERM", ""],
    ["is killed where it does not", "trap '' TERM"],
  ])("after --timeout %s", async (_, handler) => {
    const { command, env, pids, out } = waiting(handler);
    const context = testContext(env);
    // On a busy machine the time may be over before it has begun.
    const fetched = processSource({ command, from: FROM, profile: "deploy" }, context, 1000).fetch();
    await expect(fetched).rejects.toMatchObject({
      id: "process-timeout",
      exitCode: 255,
      message: expect.stringMatching(/ did not end within [^,]+, and was ended$/),
    });
    if (existsSync(out)) await until(() => pids().every(isGone));
  });

  it("is ended by what ends us", async () => {
    const { command, env, pids, out } = waiting();
    let signalled: ((signal: NodeJS.Signals) => void) | undefined;
    let released = false;
    const onSignal = (handler: (signal: NodeJS.Signals) => void) => {
      signalled = handler;
      return () => {
        released = true;
      };
    };
    const context = testContext(env, { onSignal });
    const fetched = processSource({ command, from: FROM, profile: "deploy" }, context).fetch();
    const failed = expect(fetched).rejects.toMatchObject({
      id: "process-interrupted",
      exitCode: 143,
      message: `SIGTERM received: ${NAMED} was ended`,
    });
    await until(() => existsSync(out));
    signalled?.("SIGTERM");
    await failed;
    expect(released).toBe(true);
    expect(pids()).toHaveLength(2);
    await until(() => pids().every(isGone));
  });
});

describe("what a credential_process writes to standard error", () => {
  const failing = async (text: string) => {
    try {
      await run(program(text).command);
    } catch (error) {
      const { message, hint } = error as { message: string; hint?: string };
      return { message: concealed(message), hint };
    }
    throw new Error("it did not fail");
  };

  it("is shown from its end, without what was cut", async () => {
    const line = "head -c 70000 /dev/zero | tr '\\0' a >&2; echo >&2";
    const { message, hint } = await failing(`echo first >&2; ${line}; echo last >&2; exit 1`);
    expect(message).toBe(`${NAMED} exited with 1: last`);
    expect(hint).not.toContain("aaa");
  });

  it.each([
    [`echo '{"SecretAccessKey": "leaked-secret-1", "SessionToken":"leaked-token-1"}' >&2`, "leaked"],
    ["echo 'aws_secret_access_key = leaked-secret-2' >&2; echo end >&2", "leaked"],
    ["echo 'export AWS_SESSION_TOKEN=leaked-token-3' >&2; echo end >&2", "leaked"],
  ])("has no keys in it: %s", async (text, secret) => {
    const { message, hint = "" } = await failing(`${text}; exit 3`);
    expect(message).toMatch(/ exited with 3: /);
    expect(message + hint).not.toContain(secret);
  });

  it("is shown in its last ten lines", async () => {
    const { message, hint } = await failing("for i in $(seq 1 12); do echo line-$i >&2; done; exit 1");
    expect(message).toBe(`${NAMED} exited with 1: line-12`);
    const shown = Array.from({ length: 10 }, (_, index) => `line-${index + 3}`);
    expect(hint).toBe(["it wrote to standard error:", ...shown].join("\n"));
    expect((await failing("echo alone >&2; exit 1")).hint).toMatch(/^run the command by itself/);
  });

  it("names our own failure, not its hint", async () => {
    const { message } = await failing(
      "echo 'fetch-creds: what failed' >&2; echo '  what to do' >&2; exit 253",
    );
    expect(message).toBe(`${NAMED} exited with 253: fetch-creds: what failed`);
  });
});

describe("a credential_process that starts us for the same profile", () => {
  it("is not run again", async () => {
    const { command, at } = program(
      `printf %s "$FETCH_CREDS_PROCESSES" > "$OUT"; echo '${JSON.stringify(KEYS)}'`,
    );
    const env = { ...environment, OUT: at("out") };
    await processSource({ command, from: FROM, profile: "deploy" }, testContext(env)).fetch();
    const inside = { ...env, FETCH_CREDS_PROCESSES: readFileSync(at("out"), "utf8") };
    await expect(
      processSource({ command, from: FROM, profile: "deploy" }, testContext(inside)).fetch(),
    ).rejects.toMatchObject({
      id: "process-loop",
      exitCode: 253,
    });
    // Of another profile it is; and there both are known.
    const other = `${FROM}-too`;
    await processSource({ command, from: other, profile: "other" }, testContext(inside)).fetch();
    expect(readFileSync(at("out"), "utf8").split("\n")).toEqual([FROM, other]);
  });

  it.each<[string, boolean]>([
    ["deploy", true],
    ["other,deploy", true],
    ['"my, ""team""",deploy', true],
    ['"deploy"', true],
    ["", false],
    ["other", false],
    ["deploy-too", false],
    ['"other,deploy"', false],
  ])("is not run again where the AWS CLI runs for these profiles: %s", async (chain, isLoop) => {
    const { command } = program(`echo '${JSON.stringify(KEYS)}'`);
    const context = testContext({ ...environment, _AWS_CLI_PROFILE_CHAIN: chain });
    const fetched = processSource({ command, from: FROM, profile: "deploy" }, context).fetch();
    await (isLoop
      ? expect(fetched).rejects.toMatchObject({ id: "process-loop" })
      : expect(fetched).resolves.toBeDefined());
  });

  it("is named by its innermost words, also within those of the AWS CLI", async () => {
    const inner = "fetch-creds: no credential source found";
    const { command } = program(
      `echo "aws: [ERROR]: ${"long ".repeat(50)}: fetch-creds: y exited with 253: ${inner}" >&2; echo "  its hint" >&2; exit 255`,
    );
    await expect(run(command)).rejects.toMatchObject({ message: `${NAMED} exited with 255: ${inner}` });
  });

  it("is no circle where words of one go on", async () => {
    const words = "fetch-creds: the credential_process of y starts itself too late";
    await expect(run(program(`echo "${words}" >&2; exit 3`).command)).rejects.toMatchObject({
      id: "process-failed",
      message: `${NAMED} exited with 3: ${words}`,
    });
  });

  it.each([
    "the credential_process of ~/.aws/config, profile b starts itself",
    "Credential process resolution detected an infinite loop, profile cycle: b -> b",
  ])("is a circle where a program that it starts says so: %s", async (words) => {
    const { command } = program(
      `echo "aws: [ERROR]: ${"long ".repeat(50)}: fetch-creds: the credential_process of y: ${words}" >&2; echo "  a hint" >&2; exit 255`,
    );
    await expect(run(command)).rejects.toMatchObject({
      id: "process-loop",
      exitCode: 253,
      message: `${NAMED} exited with 255: ${words.startsWith("the ") ? "fetch-creds: " : ""}${words}`,
    });
  });
});
