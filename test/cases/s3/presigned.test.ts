import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const world = builtWorld();

const SIGNATURE = "0123456789abcdef";
const HOST = "https://b.s3.us-east-1.amazonaws.com/k";

/** The spellings one by one: test/unit/output/signatures.test.ts. */
const URLS: readonly (readonly [what: string, url: string])[] = [
  [
    "AWS's",
    `${HOST}?X-Amz-Credential=ASIA${SIGNATURE}%2F1&X-Amz-Security-Token=t${SIGNATURE}&X-Amz-Signature=${SIGNATURE}`,
  ],
  [
    "others, and percent-encoded",
    `${HOST}?x%2Damz%2dsignature%3D${SIGNATURE}&AWSAccessKeyId=AKIA${SIGNATURE}&Signature=${SIGNATURE}%3D&X-Goog-Signature=${SIGNATURE}`,
  ],
];

function expectNothingOf(output: string): void {
  expect(output).toContain("b.s3.us-east-1.amazonaws.com/k");
  expect(output).not.toContain(SIGNATURE);
  expect(output).toMatch(/\*\*\*|\?\u2026/);
}

describe.each(URLS)("a presigned URL, %s, is printed without its signature", (_what, url) => {
  it.concurrent.each([
    [["cp", "s3://URL", "."]],
    [["cp", "URL", "s3://b/k"]],
    [["cp", "./URL", "s3://b/k"]],
    [["cp", "s3://b/k", ".", "URL"]],
    [["ls", "s3://URL"]],
    [["ls", "URL"]],
    [["cache-key", "s3://URL"]],
    [["doctor", "s3://URL"]],
    [["verify", "URL"]],
    [["URL"]],
    [["ls", "s3://b", "--region", "URL"]],
    [["ls", "s3://b", "--endpoint-url", "xURL"]],
    [["cp", "s3://b/k", ".", "--expires", "URL"]],
  ])("of %j", async (words) => {
    const args = words.map((word) => word.replace("URL", () => url));
    for (const more of args[0] === "cache-key" ? [[]] : [[], ["--json"]]) {
      const { code, stdout, stderr } = await world.run([...args, ...more]);
      expect([1, 252, 255]).toContain(code);
      expectNothingOf(stdout + stderr);
    }
  });

  it.each([[[]], [["--json"]], [["--dryrun"]], [["--debug"]]])(
    "of cp to it, which is taken for a local path, %j",
    async (more: string[]) => {
      const bucket = world.bucket({ k: "hello" });
      const cwd = world.place();
      const { code, stdout, stderr } = await world.run(["cp", `s3://${bucket}/k`, url, ...more], { cwd });
      expect(code, stderr).toBe(0);
      expectNothingOf(stdout);
      expectNothingOf(stderr);
      // It is copied there all the same.
      expect(readdirSync(cwd)).toEqual(more[0] === "--dryrun" ? [] : ["https:"]);
    },
  );
});

it("other queries are printed as they are", async () => {
  const bucket = world.bucket({ "k?versionId=1&x=2": "hello" });
  const { code, stdout } = await world.run(["cp", `s3://${bucket}/k?versionId=1&x=2`, "copy"]);
  expect(code).toBe(0);
  expect(stdout).toContain(`s3://${bucket}/k?versionId=1&x=2 to `);
});
