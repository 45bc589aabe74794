import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCredentialEndpoint } from "../support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../support/key-ring.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";

const keys = new KeyRing();
let endpoint: Awaited<ReturnType<typeof startCredentialEndpoint>>;
let refusing: Awaited<ReturnType<typeof startCredentialEndpoint>>;
let server: S3Server;
let tls: S3Server;
beforeAll(async () => {
  endpoint = await startCredentialEndpoint({ keys });
  refusing = await startCredentialEndpoint({ instead: () => ({ status: 404, body: "" }) });
  server = await startS3Server({ keys, buckets: ["b"] });
  tls = await startS3Server({ tls: true });
  server.put("b", "k", "x");
});
afterAll(() => Promise.all([endpoint, refusing, server, tls].map((each) => each.close())));

const linesOf = (text: string): Record<string, unknown>[] =>
  text === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));

const SUMMARY = { event: "summary", done: 0, failed: 0, skipped: 0, warnings: 0 };

/** By what is wrong: options, the exit code, and the failure's id. */
const WRONG: readonly (readonly [what: string, options: () => string[], code: number, id: string])[] = [
  ["a wrong option", () => ["--nonsense"], 252, "unknown-option"],
  ["a wrong value", () => ["--timeout", "soon"], 252, "bad-duration"],
  ["no source", () => [], 253, "no-source"],
  ["an endpoint that refuses", () => ["--uri", refusing.uri], 254, "endpoint-404"],
  // Another try would not change it.
  ["an endpoint that nobody certifies", () => ["--uri", `${tls.url}/x`], 255, "endpoint-certificate"],
  ["another role", () => ["--uri", endpoint.uri, "--expect-role", "nobody"], 1, "unexpected-role"],
];

describe.concurrent("a failure before the work, with --json", () => {
  it.each(WRONG)("verify, %s: one object with the error", async (_, options, code, id) => {
    const result = await runBuilt(["verify", "--json", ...options()]);
    expect(result.code).toBe(code);
    const [first = ""] = result.stderr.split("\n");
    const message = first.replace(/^fetch-creds: /, "");
    expect(linesOf(result.stdout)).toMatchObject([{ error: { id, message } }]);
  });

  it.each(["##teamcity[buildStop]", "##vso[task.complete]", "x ##[error]y\u202e\u009b", "##octopus[z]"])(
    "verify, which is given %j: escaped, and the same when it is read",
    async (word) => {
      const { code, stdout, stderr } = await runBuilt(["verify", "--json", word]);
      expect(code).toBe(252);
      expect(stdout).toMatch(/^[ -~]*\n$/);
      expect(stdout + stderr).not.toContain("##");
      expect(linesOf(stdout)).toMatchObject([{ error: { message: `verify does not take '${word}'` } }]);
    },
  );

  it("verify, an endpoint that is not there: the same after all tries", async () => {
    // Longer than they take: at its end the failure would be another one.
    const args = ["verify", "--json", "--uri", "http://127.0.0.1:1/x", "--timeout", "40s"];
    const { code, stdout } = await runBuilt(args);
    expect(code).toBe(255);
    expect(linesOf(stdout)).toMatchObject([{ error: { id: "endpoint-refused" } }]);
  });

  it.each(WRONG)("cp, sync, %s: an error event, and the summary", async (_, options, code, id) => {
    for (const verb of ["cp", "sync"]) {
      const result = await runBuilt([verb, "s3://b/k", "x", "--json", ...options()], {
        env: { AWS_ENDPOINT_URL: server.url },
      });
      expect(result.code).toBe(code);
      expect(linesOf(result.stdout)).toEqual([
        { event: "error", error: expect.objectContaining({ id }) },
        SUMMARY,
      ]);
    }
  });

  it.each(WRONG)("ls, %s: one line with the error", async (_, options, code, id) => {
    const result = await runBuilt(["ls", "s3://b", "--json", ...options()], {
      env: { AWS_ENDPOINT_URL: server.url },
    });
    expect(result.code).toBe(code);
    expect(linesOf(result.stdout)).toMatchObject([{ error: { id } }]);
  });

  it("doctor: a wrong command line", async () => {
    const { code, stdout } = await runBuilt(["doctor", "--json", "--nonsense"]);
    expect(code).toBe(252);
    expect(linesOf(stdout)).toMatchObject([{ error: { id: "unknown-option" } }]);
  });

  it("cp to -: on stderr, for stdout is the object's", async () => {
    const { code, stdout, stderr } = await runBuilt(["cp", "s3://b/k", "-", "--json"]);
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    expect(linesOf(stderr.split("\n").slice(0, 2).join("\n"))).toMatchObject([
      { event: "error", error: { id: "no-source" } },
      SUMMARY,
    ]);
  });

  it("without --json, and where it is a value, stdout is empty", async () => {
    for (const args of [["verify"], ["verify", "--profile=--json"], ["cp", "s3://b/k", "x"]])
      expect(await runBuilt(args)).toMatchObject({
        code: 253,
        stdout: "",
        stderr: expect.stringMatching(/^fetch-creds: /),
      });
  });
});

describe.concurrent("--if-available without a source, with --json", () => {
  it("cp and sync: a note, and the summary", async () => {
    for (const verb of ["cp", "sync"]) {
      const { code, stdout } = await runBuilt([verb, "s3://b/k", "x", "--json", "--if-available"]);
      expect(code).toBe(0);
      expect(linesOf(stdout)).toEqual([
        { event: "note", id: "nothing-to-do", message: expect.stringContaining("does nothing") },
        SUMMARY,
      ]);
    }
  });

  it("verify and ls: that none is available", async () => {
    for (const args of [["verify"], ["ls"], ["ls", "s3://b"]]) {
      const { code, stdout } = await runBuilt([...args, "--json", "--if-available"]);
      expect({ code, lines: linesOf(stdout) }).toEqual({ code: 0, lines: [{ available: false }] });
    }
  });
});
