import { describe, expect, it } from "vitest";
import { Run } from "../../../src/cli/run.js";
import { VERBS } from "../../../src/cli/verbs.js";
import { testContext } from "../../support/test-context.js";

const ran = async (argv: string[], env: Record<string, string> = {}) => {
  const context = testContext(env);
  const code = await new Run(argv, context).toItsEnd();
  return { code, stdout: context.stdout.text, stderr: context.stderr.text };
};

const COMMANDS = `The commands are ${VERBS.map(({ name }) => name).join(", ")}.`;

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

  it.each([
    [["verify", "--expect-role", "-h"], "--expect-role"],
    [["verify", "--expect-role", "--help"], "--expect-role"],
    [["--expect-role", "--version"], "--expect-role"],
    [["--expect-role", "--version", "export"], "--expect-role"],
    [["exec", "--expect-role", "--help", "--", "true"], "--expect-role"],
    [["exec", "--expect-account", "--debug", "--", "true"], "--expect-account"],
    [["export", "--min-ttl", "--help", "--version"], "--min-ttl"],
    [["sync", "s3://b", ".", "--exclude", "-h"], "--exclude"],
    [["cp", "a", "s3://b", "--metadata", "--version"], "--metadata"],
    [["doctor", "--profile", "--help"], "--profile"],
  ])("takes nothing in %j for --help, --version or --debug: a value is missing", async (argv, option) => {
    const { code, stdout, stderr } = await ran(argv);
    expect({ code, stdout }).toEqual({ code: 252, stdout: argv.includes("export") ? "false\n" : "" });
    expect(stderr).toMatch(`fetch-creds: ${option} needs a value`);
    expect(stderr).not.toContain("debug:");
  });

  it.each([
    [["verify", "--expect-role=-h"], 253],
    [["verify", "--profile=--help"], 253],
    [["export", "--", "--help"], 252],
    [["cp", "--", "--help", "--version"], 252],
  ])("takes nothing in %j for --help or --version: exit %i", async (argv, expected) => {
    const { code, stdout } = await ran(argv);
    expect({ code, help: stdout.includes("Usage:") }).toEqual({ code: expected, help: false });
  });

  it.each([
    [["exec", "-h", "--", "-x"], "exec"],
    [["--debug", "--expect-role", "app", "-h", "ls"], "ls"],
    [["--profile", "-5", "cp", "--help"], "cp"],
    [["sync", "--exclude", "- x", "--help"], "sync"],
    [["cp", "--sse", "--help"], "cp"],
  ])("%j is the help of %s", async (argv, verb) => {
    const { code, stdout } = await ran(argv);
    expect({ code, line: stdout.split("\n")[0] }).toEqual({
      code: 0,
      line: expect.stringContaining(`fetch-creds.js ${verb} `),
    });
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
    [["cp", "-r", "s3://b/p", "."], "--recursive"],
    [["ls", "-lh"], "--human-readable"],
    [["sync", "-q", "a", "b"], "--quiet"],
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

  it("keeps the JSON of a failure on standard output, whatever verify's operands are", async () => {
    const { code, stdout, stderr } = await ran(["verify", "--json", "a", "-"]);
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 252, error: { id: expect.any(String) } });
    expect(stderr).toMatch(/^fetch-creds: /);
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

  // Each with an id of its own: what was learnt stays concealed.
  it.each(
    [
      "verify /v2/credentials/ID",
      "/v2/credentials/ID",
      "export http://169.254.170.2/v2/credentials/ID",
      "verify ID",
      "verify -- ID",
      "--uri/v2/credentials/ID",
      "exec AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/ID -- true",
      "cp a s3://b /v2/credentials/ID",
      "verify --debug /v3/credentials/ID",
      "verify --min-ttl /v2/credentials/ID",
      "help /v2/credentials/ID",
      "export SECRET",
    ].map((line, index) => ({ line, index })),
  )("conceals what $line gives away", async ({ line, index }) => {
    const id = `0a1b2c3d-4e5f-6789-abcd-${String(index).padStart(12, "0")}`;
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const { code, stderr } = await ran(line.replace("ID", id).replace("SECRET", secret).split(" "));
    expect(code).toBe(252);
    expect(stderr).not.toMatch(/0a1b2c3d|bPxRfiCY/);
    expect(stderr).toContain("***");
  });

  it("shows a variable that nobody replaced where an id belongs", async () => {
    expect((await ran(["verify", "/v2/credentials/$THE_ID"])).stderr).toContain("/v2/credentials/$THE_ID");
  });

  it("conceals nothing of the names of objects", async () => {
    const name = "0a1b2c3d-4e5f-6789-abcd-ef9876543210";
    expect((await ran(["cp", "a", "s3://b", `s3://c/${name}`])).stderr).toContain(name);
  });

  it("says a bug in one line, with the stack in --debug alone", async () => {
    const broken = (argv: string[]) => {
      const context = testContext({ AWS_SESSION_TOKEN: "a-token-that-nobody-may-see" });
      Object.defineProperty(context, "secretsFolder", {
        get() {
          throw new TypeError("broken\u001b by a-token-that-nobody-may-see");
        },
      });
      return { context, code: new Run(argv, context).toItsEnd() };
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

  it("ends a copy that a bug stops with one summary in --json", async () => {
    const broken = () => {
      throw new TypeError("broken");
    };
    const context = testContext(
      { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "s" },
      { random: broken },
    );
    const target = ["s3://b", "nowhere", "--endpoint-url", "http://127.0.0.1:1", "--region", "us-east-1"];
    expect(await new Run(["sync", ...target, "--json"], context).toItsEnd()).toBe(255);
    const events = context.stdout.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(["error", "summary"]);
    expect(events[0].error).toMatchObject({ id: "internal-error", message: "internal error: broken" });
    expect(context.stderr.text).toBe(
      "fetch-creds: internal error: broken\n  Please report it, with the output of --debug.\n",
    );
  });

  it("says what nobody caught in the same words", async () => {
    const context = testContext();
    const run = new Run(["export"], context);
    expect(await run.toItsEnd()).toBe(253);
    expect(run.failed(new Error("lost"))).toBe(255);
    expect(context.stdout.text).toBe("false\nfalse\n");
    expect(context.stderr.text).toContain("fetch-creds: internal error: lost\n");
  });

  it("--debug tells the steps with their times", async () => {
    const { stderr } = await ran(["--debug"]);
    expect(stderr).toMatch(/^fetch-creds: debug: \+ +0 ms {2}verify, Node\.js v20\.19\.0$/m);
  });
});
