import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { builtWorld, linesOf } from "../../support/built-world.js";
import { parameter } from "../../support/s3-server/s3-request.js";

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

  it("lists the buckets of a prefix, of a region, in pages, each as the AWS CLI asks for it", async () => {
    for (const [name, region] of [
      ["zz-app-1", "us-east-1"],
      ["zz-app-2", "eu-west-1"],
      ["zz-app-3", "us-east-1"],
      ["zz-other", "eu-west-1"],
    ] as const)
      world.server.createBucket(name, region);
    const asked = () =>
      world.server.requests
        .filter(({ operation, parameters }) => operation === "ListBuckets" && parameters.length > 0)
        .map((request) => ({
          signed: /\/\d{8}\/([\w-]+)\/s3\//.exec(`${request.headers.authorization}`)?.[1],
          ...Object.fromEntries(request.parameters.filter(([name]) => name !== "x-id")),
        }));
    const ls = async (...args: string[]) => {
      const before = asked().length;
      const { code, stdout, stderr } = await world.run(["ls", ...args]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const names = stdout.split("\n").flatMap((line) => line.split(" ")[2] ?? []);
      return { names: names.filter((name) => name.startsWith("zz-")), asked: asked().slice(before) };
    };
    const app = ["--bucket-name-prefix", "zz-app"];
    const all = ["zz-app-1", "zz-app-2", "zz-app-3"];
    expect(await ls(...app)).toEqual({
      names: all,
      asked: [{ signed: "us-east-1", prefix: "zz-app" }],
    });
    expect(await ls("s3://", ...app, "--page-size", "2")).toEqual({
      names: all,
      asked: [
        { signed: "us-east-1", prefix: "zz-app", "max-buckets": "2" },
        {
          signed: "us-east-1",
          prefix: "zz-app",
          "max-buckets": "2",
          "continuation-token": expect.stringMatching(/./),
        },
      ],
    });
    // S3 tells of the buckets of a region in that region only.
    expect(await ls("--bucket-region", "eu-west-1")).toEqual({
      names: ["zz-app-2", "zz-other"],
      asked: [{ signed: "eu-west-1", "bucket-region": "eu-west-1" }],
    });
    const named = await ls("--bucket-region", "eu-west-1", "--region", "us-east-1", "--page-size", "20000");
    expect(named).toEqual({
      names: ["zz-app-2", "zz-other"],
      asked: [{ signed: "us-east-1", "bucket-region": "eu-west-1", "max-buckets": "10000" }],
    });
    expect((await ls("--bucket-name-prefix", "", "--bucket-region=")).names).toEqual([...all, "zz-other"]);
  });

  it("--bucket-region is checked as every region is: 252; with a bucket neither option has a meaning", async () => {
    const bucket = world.bucket({ k: "x" });
    const wrong = await world.run(["ls", "--bucket-region", "x@evil.example#"]);
    expect(wrong).toMatchObject({ code: 252, stdout: "" });
    const given = ["--bucket-name-prefix", "no", "--bucket-region", "us-east-1", "--page-size", "5000"];
    expect(await world.run(["ls", `s3://${bucket}`, ...given])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/ k\n$/),
    });
    const last = world.server.requests.filter((request) => request.bucket === bucket).at(-1);
    expect(last && parameter(last, "max-keys")).toBe("1000");
  });

  it("nothing there is 1, an empty bucket 0, an error of S3 254, no response 255", async () => {
    const bucket = world.bucket();
    expect(await world.run(["ls", `s3://${bucket}/x`])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("no key begins with"),
    });
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

  it("is what it was in 0.1.0, so that no layer is built anew for nothing", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/b": "22" });
    const entries = ["p/a", "p/b"].map((key) => {
      const { body, etag } = world.server.object(bucket, key)!;
      return createHash("sha256")
        .update(JSON.stringify([bucket, key, body.length, `"${etag}"`]))
        .digest();
    });
    const whole = createHash("sha256").update(Buffer.concat(entries.sort(Buffer.compare)));
    expect(await key(`s3://${bucket}/p`)).toBe(`${whole.digest("hex")}\n`);
  });

  it("takes in what is below a prefix that is an object's name as well", async () => {
    const bucket = world.bucket({ p: "file", "p/a": "1", q: "file", "r/a": "1" });
    const [uri, alone] = [`s3://${bucket}/p`, `s3://${bucket}/q`];
    const first = await key(uri);
    world.server.put(bucket, "p/a", "2");
    const second = await key(uri);
    expect(second).not.toBe(first);
    world.server.put(bucket, "p", "changed");
    expect(await key(uri)).not.toBe(second);
    world.server.put(bucket, "p", "file");
    expect(await key(uri)).toBe(second);
    // What lies beside the two changes nothing.
    const before = await key(alone);
    world.server.put(bucket, "q2", "x");
    expect(await key(alone)).toBe(before);
  });

  it("does not change with the marker of a folder", async () => {
    const bucket = world.bucket({ "p/a": "1" });
    const first = await key(`s3://${bucket}/p`);
    for (const marker of ["p/", "p/d/", "p/a/"]) world.server.put(bucket, marker, "");
    expect(await key(`s3://${bucket}/p`)).toBe(first);
    expect(await key(`s3://${bucket}/p/`)).toBe(first);
    world.server.put(bucket, "q/", "");
    expect(await world.run(["cache-key", `s3://${bucket}/q`])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nothing is below it"),
    });
  });

  it("heeds filters for the object that a URI names, as cp does", async () => {
    const bucket = world.bucket({ "d/k": "1", "d/l": "1" });
    const [one, other] = [`s3://${bucket}/d/k`, `s3://${bucket}/d/l`];
    expect(await world.run(["cache-key", one, "--exclude", "*"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^fetch-creds: .*--exclude and --include leave no object/),
    });
    expect(await key(one, other, "--exclude", "l")).toBe(await key(one));
    expect(await key(one, "--exclude", "d/*")).toBe(await key(one));
  });

  it("is made with the ETag, from a HEAD where the listing has none; without any it fails", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/b": "2" });
    const first = await key(`s3://${bucket}/p`);
    world.server.alter = (answer, request) => {
      if (request.bucket !== bucket) return answer;
      const { etag: _, ...headers } = answer.headers;
      const bare = {
        ...answer,
        body: Buffer.from(answer.body.toString().replaceAll(/<ETag>.*?<\/ETag>/g, "")),
      };
      return parameter(request, "prefix") === undefined && heads === "without" ? { ...bare, headers } : bare;
    };
    let heads: "with" | "without" = "with";
    expect(await key(`s3://${bucket}/p`)).toBe(first);
    world.server.put(bucket, "p/b", "3");
    expect(await key(`s3://${bucket}/p`)).not.toBe(first);
    heads = "without";
    for (const uri of [`s3://${bucket}/p`, `s3://${bucket}/p/a`]) {
      expect(await world.run(["cache-key", uri])).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining(`s3://${bucket}/p/a has no ETag`),
      });
    }
    world.server.alter = undefined;
  });

  it("of an object that a role may read and not list is the object's", async () => {
    const bucket = world.bucket({ k: "1" });
    const first = await key(`s3://${bucket}/k`);
    world.server.bucket(bucket).denied.add("s3:ListBucket");
    expect(await key(`s3://${bucket}/k`)).toBe(first);
    expect(await world.run(["cache-key", `s3://${bucket}/none`])).toMatchObject({ code: 254, stdout: "" });
  });

  it("of a whole bucket asks for its listing alone", async () => {
    const bucket = world.bucket({ a: "1" });
    const result = await world.run(["cache-key", `s3://${bucket}`]);
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
    const seen = world.server.requests.filter((request) => request.bucket === bucket);
    expect(seen.map(({ operation }) => operation)).toEqual(["ListObjectsV2"]);
  });

  it("of nothing is a failure", async () => {
    const bucket = world.bucket();
    expect(await world.run(["cache-key", `s3://${bucket}/p`])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^fetch-creds: .* names no object, and nothing is below it\n/),
    });
    world.server.put(bucket, "p/a", "1");
    expect(await world.run(["cache-key", `s3://${bucket}/p`, "--exclude", "*"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("--exclude and --include leave no object"),
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
    expect(result).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^fetch-creds: expected the account 999999999999[,;]/),
    });
    expect(world.server.requests.filter((request) => request.bucket === bucket)).toEqual([]);
  });
});
