import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const world = builtWorld();

/** A home whose configuration files are fifos, which would be waited for, for ever, when they are opened. */
function homeOfFifos(): Record<string, string> {
  const home = world.place();
  mkdirSync(`${home}/.aws`);
  execFileSync("mkfifo", [`${home}/.aws/config`, `${home}/.aws/credentials`]);
  return { HOME: home, AWS_CONFIG_FILE: `${home}/.aws/config` };
}

describe.concurrent("no configuration file of the AWS SDK is read", () => {
  it.each([
    ["ls", [], []],
    ["cp", ["s3://BUCKET/k", "s3://BUCKET/j"], ["j"]],
    ["cp", ["s3://BUCKET/k", "s3://BUCKET/j", "--content-type", "a/b"], ["j"]],
    ["cp", ["big", "s3://BUCKET/big"], ["big"]],
  ])("%s %j", async (verb, operands, written) => {
    const bucket = world.bucket({ k: "x" });
    const args = [verb, ...operands.map((operand) => operand.replace("BUCKET", bucket))];
    const cwd = world.place({ big: "x".repeat(9 * 1024 * 1024) });
    const result = await world.run(args, { env: homeOfFifos(), cwd });
    expect(result).toMatchObject({ code: 0, timedOut: false });
    expect(result.stdout).toContain(bucket);
    expect([...world.server.bucket(bucket).keys()].sort()).toEqual([...written, "k"].sort());
  });

  it("cp of an object so large that its tags are carried over", async () => {
    const bucket = world.bucket({ k: "x" });
    const size = 6 * 1024 ** 3;
    const { alter } = world.server;
    world.server.alter = (answer, request) => {
      const before = alter?.(answer, request) ?? answer;
      return request.bucket === bucket && request.operation === "HeadObject"
        ? { ...before, headers: { ...before.headers, "content-length": String(size) } }
        : before;
    };
    const result = await world.run(["cp", `s3://${bucket}/k`, `s3://${bucket}/j`], { env: homeOfFifos() });
    // The parts are none of an object of one byte; the tags come before them.
    expect(result).toMatchObject({ code: 1, timedOut: false });
    const seen = world.server.requests.filter((request) => request.bucket === bucket);
    expect(seen.map(({ operation }) => operation)).toContain("GetObjectTagging");
  });
});
