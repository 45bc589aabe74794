import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf } from "../../support/built-world.js";
import { errorOf } from "../../support/refusing-store.js";
import { header } from "../../support/s3-server/s3-request.js";

const world = builtWorld();

/** The server under a name that it serves buckets below, too; the proxy that leads there is the server itself. */
const named = () => ({ AWS_ENDPOINT_URL: "http://s3.test", HTTP_PROXY: world.server.url });

/** Buckets that must not be named in the path, and the code of the refusal. */
const demanding = new Map<string, string>();

beforeAll(() => {
  world.server.instead = (request) => {
    const code = demanding.get(request.bucket ?? "");
    const isInPath = header(request, "host") === "s3.test";
    return code !== undefined && isInPath
      ? errorOf(403, request.method === "HEAD" ? "" : code, "Please use virtual hosted style to access.")
      : undefined;
  };
});

const hostsOf = (bucket: string) =>
  world.server.requests.filter((request) => request.bucket === bucket).map((one) => header(one, "host"));

describe.concurrent("a custom endpoint", () => {
  it.each([
    ["path", "s3.test"],
    ["auto", "s3.test"],
    ["virtual", "BUCKET.s3.test"],
  ])("is given the bucket by --addressing-style %s at %s", async (style, host) => {
    const bucket = world.bucket({ k: "hello" });
    const place = world.place();
    const args = ["cp", `s3://${bucket}/k`, "f", "--addressing-style", style];
    expect(await world.run(args, { cwd: place, env: named() })).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(place)).toEqual({ f: "hello" });
    expect(new Set(hostsOf(bucket))).toEqual(new Set([host.replace("BUCKET", bucket)]));
  });

  it("is asked in the path for a bucket that no URL's host can have", async () => {
    world.server.createBucket("xn--a");
    world.server.put("xn--a", "k", "hello");
    const args = ["cp", "s3://xn--a/k", "-", "--addressing-style", "virtual"];
    expect(await world.run(args, { env: named() })).toMatchObject({ code: 0, stderr: "", stdout: "hello" });
    expect(new Set(hostsOf("xn--a"))).toEqual(new Set(["s3.test"]));
  });

  it.each([
    ["the profile in force", "[default]\ns3 =\n  addressing_style = virtual\n", []],
    [
      "--profile",
      "[profile x]\ns3 =\n    max_concurrent_requests = 5\n    addressing_style=virtual\n",
      ["--profile", "x"],
    ],
  ])("is given the bucket as addressing_style of %s says", async (_what, config, args) => {
    const bucket = world.bucket({ k: "hello" });
    const place = world.place({ config });
    const env = { ...named(), AWS_CONFIG_FILE: `${place}/config` };
    const run = (more: readonly string[]) =>
      world.run(["ls", `s3://${bucket}`, "--no-sign-request", ...args, ...more], { cwd: place, env });
    world.server.bucket(bucket).isPublic = true;
    expect(await run([])).toMatchObject({ code: 0, stderr: "" });
    expect(hostsOf(bucket)).toEqual([`${bucket}.s3.test`]);
    expect(await run(["--addressing-style", "path"])).toMatchObject({ code: 0, stderr: "" });
    expect(hostsOf(bucket).at(-1)).toBe("s3.test");
  });

  it.each(["SecondLevelDomainForbidden", "PathStyleDomainForbidden"])(
    "that demands the bucket in its host with %s is given it there, and hears of it once",
    async (code) => {
      const objects = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, "x"]));
      const bucket = world.bucket(objects);
      demanding.set(bucket, code);
      const place = world.place({ "up/f": "up" });
      const run = (...args: string[]) => world.run(args, { cwd: place, env: named() });
      expect(await run("cp", `s3://${bucket}`, "down", "--recursive")).toMatchObject({ code: 0, stderr: "" });
      expect(filesOf(`${place}/down`)).toEqual(objects);
      expect(hostsOf(bucket).filter((host) => host === "s3.test")).toHaveLength(1);
      expect(await run("cp", `s3://${bucket}/k1`, "one")).toMatchObject({ code: 0, stderr: "" });
      expect(readFileSync(`${place}/one`, "utf8")).toBe("x");
      expect(await run("cp", "up", `s3://${bucket}/up`, "--recursive")).toMatchObject({
        code: 0,
        stderr: "",
      });
      expect(await run("cp", `s3://${bucket}/up/f`, "f", "--dryrun")).toMatchObject({ code: 0, stderr: "" });
      expect(world.server.object(bucket, "up/f")?.body.toString()).toBe("up");
    },
  );

  it("that demands it in vain gets a failure: of --addressing-style path, and of what is no label", async () => {
    const bucket = world.bucket({ k: "x" });
    demanding.set(bucket, "SecondLevelDomainForbidden");
    const args = ["cp", `s3://${bucket}/k`, "-", "--addressing-style", "path"];
    const result = await world.run(args, { env: named() });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("SecondLevelDomainForbidden");
    expect(hostsOf(bucket)).toHaveLength(1);
  });
});

describe.concurrent("before any packet", () => {
  const ACCELERATE = "S3 Transfer Acceleration is not supported here";

  it.each([
    [
      ["cp", "s3://logs--usw2-az1--x-s3/k", "-"],
      "'logs--usw2-az1--x-s3' is a directory bucket (S3 Express One Zone)",
    ],
    [["cp", "f", "s3://logs--usw2-az1--xa-s3/k"], "is a directory bucket"],
    [["sync", "s3://logs--usw2-az1--x-s3", "."], "is a directory bucket"],
    [["ls", "s3://logs--usw2-az1--x-s3"], "is a directory bucket"],
    [["ls", "s3://b", "--endpoint-url", "https://s3-accelerate.amazonaws.com"], ACCELERATE],
    [["ls", "s3://b", "--endpoint-url", "https://s3-accelerate.dualstack.amazonaws.com"], ACCELERATE],
    [["ls", "s3://b", "--endpoint-url", "https://b.s3-accelerate.amazonaws.com/"], ACCELERATE],
    [["ls", "s3://b", "--addressing-style", "host"], "--addressing-style"],
  ])("%j ends with 252 in one line and its fix", async (args, words) => {
    const place = world.place({ f: "x" });
    const before = world.server.requests.length;
    const result = await world.run(args, { cwd: place });
    expect(result).toMatchObject({ code: 252, stdout: "" });
    expect(result.stderr).toContain(words);
    expect(result.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
    expect(
      world.server.requests.slice(before).filter(({ bucket }) => /^(b|logs.*)$/.test(bucket ?? "")),
    ).toEqual([]);
  });

  it.each([
    ["s3 =\n  use_accelerate_endpoint = true\n", ACCELERATE],
    ["s3 =\n  addressing_style = host\n", "addressing_style 'host' in AWS_CONFIG_FILE, profile default"],
  ])("the profile's %j does as well", async (config, words) => {
    const place = world.place();
    writeFileSync(`${place}/config`, `[default]\n${config}`);
    const result = await world.run(["ls", "s3://b"], { env: { AWS_CONFIG_FILE: `${place}/config` } });
    expect(result).toMatchObject({ code: 252, stdout: "" });
    expect(result.stderr).toContain(words);
  });
});

const OUTPOST = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/point";

it.each(["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])(
  "%s is not ignored for S3 on Outposts, which has no such endpoint",
  async (name) => {
    // Whatever were asked would be asked through it.
    const env = {
      AWS_ENDPOINT_URL: "",
      AWS_REGION: "us-west-2",
      HTTPS_PROXY: world.server.url,
      [name]: "true",
    };
    const result = await world.run(["ls", `s3://${OUTPOST}/k`], { env });
    expect(result).toMatchObject({ code: 252, stdout: "" });
    expect(result.stderr).toBe(
      `fetch-creds: ${OUTPOST} cannot be used: S3 on Outposts has no FIPS and no dual-stack endpoints.\n`,
    );
  },
);
