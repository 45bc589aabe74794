import { describe, expect, it } from "vitest";
import { afterCrash, run } from "../../../src/cli/run.js";
import { MAIN_VERBS, S3_VERBS } from "../../../src/cli/verbs.js";
import { testContext } from "../../support/test-context.js";

const ran = async (argv: string[], env: Record<string, string> = {}) => {
  const context = testContext(env);
  const code = await run(argv, context);
  return { code, stdout: context.stdout.text, stderr: context.stderr.text };
};

const COMMANDS = `The commands are ${[...MAIN_VERBS, ...S3_VERBS].map(({ name }) => name).join(", ")}.`;

describe("run", () => {
  it("runs verify without a verb, and says in two lines that there is no source", async () => {
    const { code, stdout, stderr } = await ran([]);
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    expect(stderr).toMatch(/^fetch-creds: no credential source found.*\n( {2}.*\n)+$/);
  });

  it.each([[["--help"]], [["-h"]], [["help"]], [["--help", "--nonsense"]]])(
    "%j is the help of all",
    async (argv) => {
      const { code, stdout } = await ran(argv);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: node fetch-creds\.js \[COMMAND\]/);
      expect(stdout).toContain("In a Dockerfile:");
    },
  );

  it.each([
    [["verify", "--help"], "[verify]"],
    [["export", "-h"], "export"],
    [["exec", "--help"], "exec"],
    [["help", "exec"], "exec"],
    [["export", "--nonsense", "--help"], "export"],
  ])("%j is the help of one verb, with a Dockerfile", async (argv, word) => {
    const { code, stdout } = await ran(argv);
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toContain(`Usage: node fetch-creds.js ${word}`);
    expect(stdout).toContain("In a Dockerfile:\n  RUN ");
  });

  it("leaves --help after -- to the command", async () => {
    expect((await ran(["exec", "--", "aws", "--help"])).code).toBe(253);
  });

  it("shows version, sha256 and Node's version", async () => {
    const { code, stdout } = await ran(["--version"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fetch-creds \d+\.\d+\.\d+\nsha256 [0-9a-f]{64}\nNode\.js v20\.19\.0\n$/);
  });

  it.each([
    [["verfy"], "verify"],
    [["exce", "--", "x"], "exec"],
    [["--jsn"], "--json"],
    [["export", "--fromat", "env"], "--format"],
    [["exec", "--refreshble", "--", "x"], "--refreshable"],
  ])("%j: 252 and the nearest word", async (argv, word) => {
    const { code, stderr } = await ran(argv);
    expect(code).toBe(252);
    expect(stderr).toContain(`Did you mean ${word}?`);
  });

  it.each([
    [["help", "nosuch"], COMMANDS],
    [["help", "--debug", "exprot"], `Did you mean export? ${COMMANDS}`],
    [["nosuch"], COMMANDS],
    [["nosuch", "--help"], COMMANDS],
  ])("%j: 252 and the commands there are", async (argv, hint) => {
    const { code, stderr } = await ran(argv);
    expect(code).toBe(252);
    expect(stderr).toContain(`\n  ${hint}\n`);
  });

  it.each([
    [["exprot"], "false\n"],
    [["expor", "--format", "fish"], "false\n"],
    [["export.", "--format=process"], ""],
    [["exprot", "--output", "FILE"], ""],
    [["verfy"], ""],
    [["exce"], ""],
    [["nosuch"], ""],
  ])("%j prints %j for whoever evaluates it", async (argv, expected) => {
    const { code, stdout } = await ran(argv);
    expect({ code, stdout }).toEqual({ code: 252, stdout: expected });
  });

  it("annotates a failure for GitHub Actions", async () => {
    const { stderr } = await ran(["verfy"], { GITHUB_ACTIONS: "true" });
    expect(stderr.split("\n")[2]).toBe(
      `::error title=fetch-creds::there is no command 'verfy'%0ADid you mean verify? ${COMMANDS}`,
    );
  });

  it("colours only where it is wanted", async () => {
    expect((await ran(["verfy"])).stderr).not.toContain("\u001b");
    expect((await ran(["verfy"], { FORCE_COLOR: "1" })).stderr).toContain("\u001b[31mfetch-creds:\u001b[0m");
  });

  it("shows escapes on the command line as text", async () => {
    expect((await ran(["\u001b[31mx\u202e"])).stderr).toContain("'\\x1b[31mx\\u202e'");
  });

  it("conceals what the environment holds when it is typed again", async () => {
    const id = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";
    const env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: `/v2/credentials/${id}` };
    const { stderr } = await ran([`/v2/credentials/${id}`], env);
    expect(stderr).not.toContain(id);
    expect(stderr).toContain("***");
  });

  it("says a bug in one line, with the stack in --debug alone", async () => {
    const broken = (argv: string[]) => {
      const context = testContext({ AWS_SESSION_TOKEN: "a-token-that-nobody-may-see" });
      Object.defineProperty(context, "secretsFolder", {
        get() {
          throw new TypeError("broken\u001b by a-token-that-nobody-may-see");
        },
      });
      return { context, code: run(argv, context) };
    };
    const quiet = broken([]);
    expect(await quiet.code).toBe(255);
    expect(quiet.context.stderr.text).toBe(
      "fetch-creds: internal error: broken\\x1b by ***\n  Please report it, with the output of --debug.\n",
    );
    const loud = broken(["export", "--debug"]);
    expect(await loud.code).toBe(255);
    expect(loud.context.stdout.text).toBe("false\n");
    expect(loud.context.stderr.text).toMatch(/^fetch-creds: debug: .* {2}at /m);
  });

  it("says what nobody caught in the same words", () => {
    const context = testContext();
    expect(afterCrash(new Error("lost"), ["export"], context)).toBe(255);
    expect(context.stdout.text).toBe("false\n");
    expect(context.stderr.text).toContain("fetch-creds: internal error: lost\n");
  });

  it("--debug tells the steps with their times", async () => {
    const { stderr } = await ran(["--debug"]);
    expect(stderr).toMatch(/^fetch-creds: debug: \+ +0 ms {2}verify, Node\.js v20\.19\.0$/m);
  });
});
