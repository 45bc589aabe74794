import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { startBuilt } from "../../support/run-built.js";
import { until } from "../../support/until.js";

const world = builtWorld();
const DENIED = "An error occurred (AccessDenied)";

/** In their order. */
const linesOf = (text: string) => text.trimEnd().split("\n");

/** A bucket with three objects, one of which cannot be read. */
function bucketWithOneDenied(): string {
  const bucket = world.bucket({ "p/a": "1", "p/b": "2", "p/c": "3" });
  world.server.instead = ({ operation, key }) =>
    key?.endsWith("/b") && (operation === "GetObject" || operation === "CopyObject")
      ? {
          status: 403,
          headers: {},
          body: Buffer.from("<Error><Code>AccessDenied</Code><Message>no</Message></Error>"),
        }
      : undefined;
  onTestFinished(() => {
    world.server.instead = undefined;
  });
  return bucket;
}

/** What begins as the line of a failure does. */
const failures = (stderr: string) =>
  linesOf(stderr).filter((line) => /^(\w+ failed|fetch-creds): /.test(line));

describe("a run of several transfers of which one fails", () => {
  it.each([
    { how: "cp", more: ["--recursive"] },
    { how: "cp", more: ["--recursive", "--only-show-errors"] },
    { how: "sync", more: [] },
  ])("ends with the failure in a line of its own: $how $more", async ({ how, more }) => {
    const bucket = bucketWithOneDenied();
    const { code, stderr } = await world.run([how, `s3://${bucket}/p`, world.place(), ...more]);
    expect(code).toBe(1);
    expect(failures(stderr)).toHaveLength(1);
    expect(failures(stderr)[0]).toMatch(`download failed: s3://${bucket}/p/b to `);
    expect(linesOf(stderr).at(-1)).toMatch(
      `1 of 3 transfers failed, the first: download of s3://${bucket}/p/b to `,
    );
    expect(linesOf(stderr).at(-1)).toContain(`: ${DENIED}`);
  });

  it("does so in a copy within S3", async () => {
    const bucket = bucketWithOneDenied();
    const { stderr } = await world.run(["sync", `s3://${bucket}/p`, `s3://${bucket}/q`]);
    expect(linesOf(stderr).at(-1)).toMatch(
      `1 of 3 transfers failed, the first: copy of s3://${bucket}/p/b to s3://${bucket}/q/b: ${DENIED}`,
    );
  });

  it("says nothing with --quiet", async () => {
    const bucket = bucketWithOneDenied();
    for (const more of [[], ["--json"]]) {
      const args = ["cp", `s3://${bucket}/p`, world.place(), "--recursive", "--quiet", ...more];
      expect(await world.run(args)).toMatchObject({ code: 1, stderr: "" });
    }
  });

  it("says so on stderr with --json, and in the summary", async () => {
    const bucket = bucketWithOneDenied();
    const { stdout, stderr } = await world.run([
      "cp",
      `s3://${bucket}/p`,
      world.place(),
      "--recursive",
      "--json",
    ]);
    const [last] = linesOf(stderr);
    expect(linesOf(stderr)).toHaveLength(1);
    expect(last).toMatch(`1 of 3 transfers failed, the first: download of s3://${bucket}/p/b to `);
    const summary = JSON.parse(linesOf(stdout).at(-1) ?? "");
    expect(summary).toMatchObject({ event: "summary", done: 2, failed: 1 });
    expect(last).toBe(`1 of 3 transfers failed, the first: ${summary.first}`);
  });

  it("hides a secret in it, and shows escaped what a terminal would obey", async () => {
    const secret = world.server.env.AWS_SECRET_ACCESS_KEY ?? "";
    const bucket = world.bucket({ [`\u001b[2J${secret}`]: "1", [`\u001b[2Jx/${secret}`]: "2" });
    world.server.bucket(bucket).denied.add("s3:GetObject");
    const { stderr } = await world.run(["cp", `s3://${bucket}`, world.place(), "--recursive"]);
    expect(linesOf(stderr).at(-1)).toMatch(/^2 of 2 transfers failed, the first: download of .*\\x1b\[2J/);
    expect(secret.length).toBeGreaterThan(20);
    for (const hidden of ["\u001b", secret]) expect(stderr).not.toContain(hidden);
  });
});

describe("a run of one transfer", () => {
  it.each([
    ["cp", "p/b", ""],
    ["cp", "p", "--recursive --exclude=* --include=b"],
    ["sync", "p", "--exclude=* --include=b"],
  ])("says its failure once: %s %s %s", async (how, key, more) => {
    const bucket = bucketWithOneDenied();
    const args = [how, `s3://${bucket}/${key}`, `${world.place()}/x`, ...more.split(" ").filter(Boolean)];
    const { code, stderr } = await world.run(args);
    expect(code).toBe(1);
    expect(stderr.split(DENIED)).toHaveLength(2);
    expect(stderr).not.toContain("the first:");
  });
});

it("deletes that failed are named as well", async () => {
  const bucket = world.bucket({ "p/a": "1", "p/b": "2" });
  world.server.bucket(bucket).denied.add("s3:DeleteObject");
  const { code, stderr } = await world.run(["sync", world.place(), `s3://${bucket}/p`, "--delete"]);
  expect(code).toBe(1);
  expect(linesOf(stderr).at(-1)).toMatch(
    new RegExp(`^2 of 2 transfers failed, the first: delete of s3://${bucket}/p/[ab]: An error occurred`),
  );
});

it("a run whose listing fails ends with that, below what failed before", async () => {
  const bucket = world.bucket({ a: "1", b: "2", c: "3", d: "4" });
  world.server.bucket(bucket).denied.add("s3:GetObject");
  world.server.instead = ({ operation, parameters }) =>
    operation === "ListObjectsV2" && parameters.some(([name]) => name === "continuation-token")
      ? { status: 403, headers: {}, body: Buffer.from("<Error><Code>AccessDenied</Code></Error>") }
      : undefined;
  onTestFinished(() => {
    world.server.instead = undefined;
  });
  const args = ["cp", `s3://${bucket}`, world.place(), "--recursive", "--page-size", "2"];
  const { code, stderr } = await world.run(args);
  expect(code).toBe(1);
  const lines = linesOf(stderr);
  const last = lines.findIndex((line) => line.startsWith("2 of 2 transfers failed, the first: "));
  expect(last).toBeGreaterThan(0);
  expect(lines[last + 1]).toMatch(
    /^fetch-creds: An error occurred \(AccessDenied\) when calling the ListObjectsV2/,
  );
});

it("a run that a signal ends says what had failed, and last that it was cancelled", async () => {
  const place = world.place();
  const bucket = world.bucket({ "p/a": "1", "p/b": "2", "p/stuck": "3" });
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  let stuck = false;
  world.server.instead = ({ operation, key }) => {
    if (operation !== "GetObject") return undefined;
    if (key !== "p/stuck")
      return { status: 403, headers: {}, body: Buffer.from("<Error><Code>AccessDenied</Code></Error>") };
    stuck = true;
    return held;
  };
  onTestFinished(() => {
    release();
    world.server.instead = undefined;
  });
  const { child, finished } = startBuilt(["cp", `s3://${bucket}/p`, place, "--recursive", "--no-progress"], {
    env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
  });
  let stderr = "";
  child.stderr.on("data", (bytes) => {
    stderr += bytes;
  });
  await until(() => stuck && failures(stderr).length === 2, child);
  child.kill("SIGTERM");
  expect((await finished).code).toBe(143);
  expect(linesOf(stderr).slice(-2)).toEqual([
    expect.stringMatching(`2 of 2 transfers failed, the first: download of s3://${bucket}/p/[ab] to `),
    "cancelled: SIGTERM received",
  ]);
});

it("a file that is left out is no transfer", async () => {
  const place = world.place({ a: "1" });
  mkdirSync(`${place}/in`);
  writeFileSync(`${place}/in/b`, "2");
  const bucket = world.bucket();
  world.server.bucket(bucket).denied.add("s3:PutObject");
  const args = ["cp", place, `s3://${bucket}`, "--recursive", "--exclude", "a"];
  const { code, stderr } = await world.run(args);
  expect(code).toBe(1);
  expect(stderr).not.toContain("the first:");
});
