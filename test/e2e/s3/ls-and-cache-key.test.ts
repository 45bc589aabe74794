import { describe, expect, it } from "vitest";
import { builtWorld, linesOf } from "./world.js";

const world = builtWorld();
const AT = { lastModified: Date.UTC(2026, 0, 2, 3, 4, 5) };

describe.concurrent("ls", () => {
  it("lists prefixes and objects in the AWS CLI's columns", async () => {
    const bucket = world.bucket();
    world.server.put(bucket, "p/d/x", "1", AT);
    world.server.put(bucket, "p/f", "x".repeat(1536), AT);
    const ls = async (...args: string[]) => (await world.run(["ls", ...args])).stdout;
    expect(await ls(`s3://${bucket}/p/`)).toBe(
      "                           PRE d/\n2026-01-02 03:04:05       1536 f\n",
    );
    expect(await ls(`${bucket}/p/`, "--recursive", "--human-readable", "--summarize")).toBe(
      [
        "2026-01-02 03:04:05     1 Byte p/d/x",
        "2026-01-02 03:04:05    1.5 KiB p/f",
        "",
        "Total Objects: 2",
        "   Total Size: 1.5 KiB",
        "",
      ].join("\n"),
    );
    const zone = { TZ: "America/New_York" };
    expect((await world.run(["ls", `s3://${bucket}/p/f`], { env: zone })).stdout).toBe(
      "2026-01-01 22:04:05       1536 f\n",
    );
    expect((await world.run(["ls"])).stdout).toMatch(
      new RegExp(`^\\d{4}-\\d\\d-\\d\\d [\\d:]{8} ${bucket}$`, "m"),
    );
    expect(linesOf(await ls(`s3://${bucket}/p/`, "--json")).map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ key: "p/f", size: 1536, lastModified: "2026-01-02T03:04:05.000Z" }),
      { prefix: "p/d/" },
    ]);
  });

  it("nothing there is 1, an empty bucket 0, an error of S3 254, no answer 255", async () => {
    const bucket = world.bucket();
    expect(await world.run(["ls", `s3://${bucket}/x`])).toMatchObject({ code: 1, stdout: "", stderr: "" });
    expect((await world.run(["ls", `s3://${bucket}`])).code).toBe(0);
    expect(await world.run(["ls", "s3://no-such-bucket"])).toMatchObject({
      code: 254,
      stderr: expect.stringContaining("NoSuchBucket"),
    });
    const dead = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    expect((await world.run(["ls", `s3://${bucket}`], { env: dead })).code).toBe(255);
  });
});

describe.concurrent("cache-key", () => {
  const key = async (...args: string[]) => {
    const result = await world.run(["cache-key", ...args]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    return result.stdout;
  };

  it("is the same for the same objects, whatever paging and order, and another when one changes", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/b": "2", "p/c": "3", one: "1" });
    const [p, one] = [`s3://${bucket}/p`, `s3://${bucket}/one`];
    const first = await key(p);
    expect(await key(p, "--page-size", "1")).toBe(first);
    expect(await key(`${p}/`)).toBe(first);
    expect(await key(p, one)).toBe(await key(one, p));
    expect(await key(p, one)).not.toBe(first);
    world.server.put(bucket, "p/b", "changed");
    const second = await key(p);
    expect(second).not.toBe(first);
    world.server.put(bucket, "p/b", "2");
    expect(await key(p)).toBe(first);
    world.server.put(bucket, "p/d", "4");
    expect(await key(p)).not.toBe(first);
    expect(await key(p, "--exclude", "d")).toBe(first);
  });

  it("of nothing is a failure", async () => {
    const bucket = world.bucket();
    expect(await world.run(["cache-key", `s3://${bucket}/p`])).toMatchObject({ code: 1, stdout: "" });
    world.server.put(bucket, "p/a", "1");
    expect(await world.run(["cache-key", `s3://${bucket}/p`, "--exclude", "*"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("the filters leave no object"),
    });
  });
});

it("an error of S3 is 254 to cache-key as to ls, with and without a slash at the end", async () => {
  for (const uri of ["s3://no-such-bucket", "s3://no-such-bucket/x", "s3://no-such-bucket/x/"])
    expect(await world.run(["cache-key", uri])).toMatchObject({ code: 254, stdout: "" });
  const dead = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
  expect((await world.run(["cache-key", "s3://b/x"], { env: dead })).code).toBe(255);
});

describe.concurrent("credentials", () => {
  it("--if-available: one line, exit 0, nothing done; without it 253; --no-sign-request needs none", async () => {
    const bucket = world.bucket({ k: "x" });
    world.server.bucket(bucket).isPublic = true;
    const env = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
    };
    for (const args of [
      ["cp", `s3://${bucket}/k`, "-"],
      ["sync", `s3://${bucket}`, "synced"],
      ["ls", `s3://${bucket}`],
      ["cache-key", `s3://${bucket}`],
    ]) {
      const lenient = await world.run([...args, "--if-available"], { env });
      expect(lenient).toMatchObject({ code: 0, stdout: "" });
      expect(linesOf(lenient.stderr)).toHaveLength(1);
      if (args[0] === "cp" || args[0] === "sync") {
        const quiet = await world.run([...args, "--if-available", "--quiet"], { env });
        expect(quiet).toMatchObject({ code: 0, stdout: "", stderr: "" });
      }
      expect((await world.run(args, { env })).code).toBe(253);
    }
    expect((await world.run(["cp", `s3://${bucket}/k`, "-", "--no-sign-request"], { env })).stdout).toBe("x");
  });

  it("an expectation that does not hold stops before any request", async () => {
    const bucket = world.bucket({ k: "x" });
    const result = await world.run(["cp", `s3://${bucket}/k`, "-", "--expect-account", "999999999999"]);
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(world.server.requests.filter((request) => request.bucket === bucket)).toEqual([]);
  });
});
