import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import {
  environmentWithEndpoint,
  environmentWithKeys,
  environmentWithoutKeys,
} from "../../../src/exec/child-environment.js";
import { findCommand } from "../../../src/exec/find-command.js";
import { ignoredIn } from "../../../src/exec/ignored-signals.js";
import { openFilesLimit } from "../../../src/exec/open-files-limit.js";
import { RELAYED_SIGNALS } from "../../../src/exec/relayed-signals.js";
import { surelyRunnable } from "../../../src/exec/replaceable.js";
import { runCommand } from "../../../src/exec/run-command.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

function file(name: string, content: string | Uint8Array, mode = 0o755): string {
  writeFileSync(folder.at(name), content);
  chmodSync(folder.at(name), mode);
  return folder.at(name);
}

const KEYS = { accessKeyId: "ASIA", secretAccessKey: "secret" };

describe("the child's environment", () => {
  it("has no token of other keys when these have none", () => {
    const env = environmentWithKeys(
      { AWS_SESSION_TOKEN: "old", AWS_SECURITY_TOKEN: "old", A: "1" },
      KEYS,
      undefined,
    );
    expect(env).toEqual({ AWS_ACCESS_KEY_ID: "ASIA", AWS_SECRET_ACCESS_KEY: "secret", A: "1" });
  });

  it("names the account of these keys, never that of others", () => {
    const env = { AWS_ACCOUNT_ID: "210987654321", AWS_CREDENTIAL_SCOPE: "old" };
    expect(environmentWithKeys(env, KEYS, undefined)).not.toHaveProperty("AWS_ACCOUNT_ID");
    expect(environmentWithKeys(env, { ...KEYS, accountId: "123456789012" }, undefined)).toMatchObject({
      AWS_ACCOUNT_ID: "123456789012",
    });
    expect(environmentWithEndpoint(env, {}, undefined)).toEqual({});
  });

  it("has no keys and no profile where there are none to give", () => {
    const env = {
      AWS_ACCESS_KEY_ID: "old",
      AWS_SECRET_KEY: "old",
      AWS_PROFILE: "old",
      AWS_REGION: "a",
      A: "1",
    };
    expect(environmentWithoutKeys(env)).toEqual({ AWS_REGION: "a", A: "1" });
  });

  it.each([
    [{ AWS_REGION: "a" }, { AWS_REGION: "a", AWS_DEFAULT_REGION: "a" }],
    [{ AWS_DEFAULT_REGION: "b" }, { AWS_REGION: "b", AWS_DEFAULT_REGION: "b" }],
    [
      { AWS_REGION: "", AWS_DEFAULT_REGION: "b" },
      { AWS_REGION: "b", AWS_DEFAULT_REGION: "b" },
    ],
    [
      { AWS_REGION: "a", AWS_DEFAULT_REGION: "b" },
      { AWS_REGION: "a", AWS_DEFAULT_REGION: "b" },
    ],
    [{ AWS_REGION: "" }, { AWS_REGION: "" }],
  ] as const)("region %j", (env, expected) => {
    const { AWS_REGION, AWS_DEFAULT_REGION }: Record<string, string> = env;
    const found = AWS_REGION || AWS_DEFAULT_REGION;
    expect(environmentWithEndpoint(env, { X: "1" }, found)).toEqual({ ...expected, X: "1" });
  });

  it("fills a region in that is named elsewhere, under the names that have no value", () => {
    expect(environmentWithEndpoint({ AWS_DEFAULT_REGION: "b" }, {}, "c")).toEqual({
      AWS_DEFAULT_REGION: "b",
      AWS_REGION: "c",
    });
    expect(environmentWithEndpoint({}, {}, "not a region")).toEqual({});
  });

  it("keeps nothing of an endpoint's variables but those given", () => {
    const env = {
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/old",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t",
    };
    const given = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/x" };
    expect(environmentWithEndpoint(env, given, undefined)).toEqual(given);
  });
});

describe("findCommand", () => {
  it("takes the first of PATH that can be run", () => {
    for (const name of ["one", "two", "three"]) mkdirSync(folder.at(name));
    mkdirSync(folder.at("one", "tool"));
    file("two/tool", "", 0o755);
    file("three/tool", "", 0o755);
    const path = ["/no/such", folder.at("one"), folder.at("two"), folder.at("three")].join(":");
    expect(findCommand("tool", path)).toBe(folder.at("two", "tool"));
  });

  it("an empty entry of PATH is the working folder", () => {
    expect(findCommand("package.json".replace("package.json", "sh"), ":/bin")).toBe("/bin/sh");
    expect(() => findCommand("build", "")).toThrow(expect.objectContaining({ exitCode: 126 }));
  });

  it("without PATH searches /bin and /usr/bin", () => {
    expect(findCommand("sh", undefined)).toBe("/bin/sh");
  });

  it("says 126 for what is there and cannot be run, 127 for what is not", () => {
    file("plain", "", 0o644);
    expect(() => findCommand("plain", folder.path)).toThrow(expect.objectContaining({ exitCode: 126 }));
    expect(() => findCommand(folder.at("plain"), "")).toThrow(expect.objectContaining({ exitCode: 126 }));
    expect(() => findCommand("absent", folder.path)).toThrow(expect.objectContaining({ exitCode: 127 }));
    symlinkSync("nowhere", folder.at("dangling"));
    expect(() => findCommand("dangling", folder.path)).toThrow(expect.objectContaining({ exitCode: 127 }));
    expect(() => findCommand(`${folder.at("plain")}/x`, "")).toThrow(
      expect.objectContaining({ exitCode: 127 }),
    );
  });
});

describe("a command that is meant for a shell", () => {
  it.each([
    ["aws s3 ls", "exec -- sh -c 'aws s3 ls'"],
    ["FOO=1", "exec -- env NAME=VALUE COMMAND"],
    ["PATH+=:/opt", "exec -- env NAME=VALUE COMMAND"],
    ["cd", "exec -- sh -c 'cd …'"],
    ["source", "sh -c 'source …'"],
    [".", "sh -c '. …'"],
    ["if", "sh -c 'if …'"],
    ["make && make install", "exec -- sh -c 'LINE'"],
    ["echo $HOME", "exec -- sh -c 'LINE'"],
    ["it's here", "exec -- sh -c 'LINE'"],
    ["/opt/no such/tool", "sh -c"],
  ])("%s: says sh -c", (command, hint) => {
    const failure = expect.objectContaining({ hint: expect.stringContaining(hint) });
    expect(() => findCommand(command, "/bin:/usr/bin")).toThrow(failure);
  });

  it.each([["no-such-command"], ["python4.2"], ["./builder"], [""]] as const)(
    "%j may be missing all the same",
    (command) => {
      const failure = expect.objectContaining({ hint: "Is it installed in this image, and in PATH?" });
      expect(() => findCommand(command, "/bin:/usr/bin")).toThrow(failure);
    },
  );

  it("is run when there is a program of that name", () => {
    expect(findCommand(file("a name with spaces", "#!/bin/sh\n"), "")).toBe(folder.at("a name with spaces"));
  });
});

describe("the limit of open files", () => {
  it.each([
    [
      "Max open files            777                  20000                files     ",
      { soft: 777, hard: 20_000 },
    ],
    ["Max open files            unlimited            unlimited            files     ", undefined],
    ["Max cpu time              unlimited            unlimited            seconds   ", undefined],
    ["", undefined],
  ])("%j", (line, expected) => {
    expect(openFilesLimit(`Limit  Soft Limit  Hard Limit  Units\n${line}\n`)).toEqual(expected);
  });
});

describe("the signals that stay ignored", () => {
  const status = (...names: NodeJS.Signals[]) => {
    const mask = names.reduce((bits, name) => bits | (1n << BigInt(constants.signals[name] - 1)), 0n);
    return `SigBlk:\t0000000000000000\nSigIgn:\t${mask.toString(16).padStart(16, "0")}\nSigCgt:\t0\n`;
  };

  it.each([
    [["SIGHUP"], ["SIGHUP"]],
    [
      ["SIGHUP", "SIGUSR2", "SIGTERM"],
      ["SIGHUP", "SIGUSR2", "SIGTERM"],
    ],
    [[], []],
    // Node, Python and others for themselves.
    [["SIGPIPE", "SIGXFSZ", "SIGCHLD"], []],
    // bash that a person types into, and with `trap '' HUP`.
    [["SIGQUIT", "SIGTERM", "SIGTSTP", "SIGTTIN", "SIGTTOU"], []],
    [["SIGHUP", "SIGQUIT", "SIGTERM", "SIGTSTP", "SIGTTIN", "SIGTTOU"], ["SIGHUP"]],
  ] as [NodeJS.Signals[], NodeJS.Signals[]][])("of a parent that ignores %j: %j", (ignored, expected) => {
    const numbers = expected.map((name) => constants.signals[name]).sort((a, b) => a - b);
    expect(ignoredIn(status(...ignored))).toEqual(numbers);
  });

  it("are none where the system does not tell", () => {
    expect(ignoredIn("")).toEqual([]);
  });
});

describe("the signals that are passed on", () => {
  it("are all that can be caught, each once", () => {
    const numbers = RELAYED_SIGNALS.map((name) => constants.signals[name]);
    expect(new Set(numbers).size).toBe(numbers.length);
    const all = new Set(Object.values(constants.signals));
    const rest = [...all].filter((number) => !numbers.includes(number));
    // KILL and STOP; what a fault raises; CHLD.
    expect(rest.sort((a, b) => a - b)).toEqual(
      (["SIGILL", "SIGTRAP", "SIGBUS", "SIGFPE", "SIGKILL", "SIGSEGV", "SIGCHLD", "SIGSTOP"] as const)
        .map((name) => constants.signals[name])
        .sort((a, b) => a - b),
    );
  });
});

describe.runIf(process.platform === "linux")("surelyRunnable", () => {
  const program = readFileSync(process.execPath).subarray(0, 4096);
  const foreign = Buffer.from(program);
  foreign.writeUInt16LE(0x1234, 18);

  it.each([
    ["this Node", () => process.execPath, true],
    ["a script of sh", () => file("script", "#!/bin/sh\n"), true],
    ["a script with an argument", () => file("script-e", "#! /bin/sh -e\n"), true],
    ["a script of a script", () => file("nested", `#!${file("inner", "#!/bin/sh\n")}\n`), true],
    ["a script that interprets itself", () => file("loop", `#!${folder.at("loop")}\n`), false],
    ["a script whose interpreter is missing", () => file("lost", "#!/no/such\n"), false],
    ["a text", () => file("text", "echo\n"), false],
    ["an empty file", () => file("empty", ""), false],
    ["a program for another machine", () => file("foreign", foreign), false],
    ["a program cut short", () => file("short", program.subarray(0, 30)), false],
    ["a file that is not there", () => folder.at("absent"), false],
  ])("%s: %s", (_, path, expected) => {
    // Two hours later nobody is looked for who may have the file open: a machine with many processes would not tell.
    expect(surelyRunnable(path(), ["x"], {}, Date.now() + 7_200_000)).toBe(expected);
  });

  it("not with a command line that the kernel may refuse", () => {
    expect(surelyRunnable("/bin/sh", ["x".repeat(200_000)], {}, Date.now())).toBe(false);
    expect(surelyRunnable("/bin/sh", [], { A: "x".repeat(200_000) }, Date.now())).toBe(false);
  });
});

describe("runCommand", () => {
  it("becomes the command where Node can", async () => {
    const calls: unknown[] = [];
    const replaceProcess = (...call: unknown[]): never => {
      calls.push(call);
      throw new Error("replaced");
    };
    const context = testContext({}, { replaceProcess });
    await expect(runCommand(["sh", "-c", "exit"], { PATH: "/bin" }, [], context)).rejects.toThrow("replaced");
    expect(calls).toEqual([["/bin/sh", ["sh", "-c", "exit"], { PATH: "/bin" }]]);
  });

  it("starts a child when it is not sure", async () => {
    const script = file("no-first-line", "exit 9\n");
    const replaceProcess = (): never => {
      throw new Error("replaced");
    };
    expect(await runCommand([script], {}, [], testContext({}, { replaceProcess }))).toBe(9);
  });

  it("gives 128+n for a signal", async () => {
    expect(await runCommand(["sh", "-c", "kill -TERM $$"], { PATH: "/bin" }, [], testContext())).toBe(143);
  });
});
