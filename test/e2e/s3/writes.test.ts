import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, objectsOf } from "../../support/built-world.js";
import { errorResponse } from "../../support/s3-server/respond.js";
import { S3Error } from "../../support/s3-server/s3-error.js";
import { startS3Server } from "../../support/s3-server/s3-server.js";

const world = builtWorld();

const MIB = 1024 * 1024;

function patterned(size: number): Buffer {
  return Buffer.from(Uint32Array.from({ length: size / 4 }, (_, index) => index).buffer);
}

describe.concurrent("an upload", () => {
  it("is right though each read of the file is short, also without checksums", async () => {
    const bucket = world.bucket();
    const place = world.place();
    const body = patterned(12 * MIB);
    writeFileSync(`${place}/f`, body);
    // The last read of a buffer brings less than was asked for, so that a socket keeps it instead of sending it.
    writeFileSync(
      `${place}/short.cjs`,
      `const fs = require("node:fs");
       const { readSync } = fs;
       fs.readSync = (fd, buffer, offset, length, position) =>
         typeof position === "number" && length > 1000
           ? readSync(fd, buffer, offset, Math.min(length, 1000), position)
           : readSync(fd, buffer, offset, length, position);`,
    );
    const result = await world.run(["cp", "f", `s3://${bucket}/f`], {
      cwd: place,
      nodeOptions: ["--require", `${place}/short.cjs`],
      env: { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" },
    });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(world.server.object(bucket, "f")?.body.equals(body)).toBe(true);
  });

  it.each([
    ["5GB", []],
    ["1GB", ["--expected-size", "10000000000000"]],
  ])("from a stream takes --part-size %s %j", async (size, more) => {
    const bucket = world.bucket();
    const args = ["cp", "-", `s3://${bucket}/k`, "--part-size", size, ...more];
    expect(await world.run(args, { input: "piped" })).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ k: "piped" });
  });

  it("from a stream that memory could not hold the parts of is refused in one line: 252", async () => {
    const bucket = world.bucket();
    const args = ["cp", "-", `s3://${bucket}/k`, "--expected-size", "45000000000000"];
    const result = await world.run(args, { input: "piped" });
    expect(result.code).toBe(252);
    expect(result.stderr).toMatch(/--expected-size 45000000000000 is more than a stream can have: /);
    expect(result.stderr).not.toContain("internal error");
    expect(objectsOf(world, bucket)).toEqual({});
  });

  it.each([
    ["86400", "Fri, 02 Jan 1970 00:00:00 GMT"],
    ["2030-01-02T03:04:05", "Wed, 02 Jan 2030 03:04:05 GMT"],
  ])("--expires %s is the AWS CLI's time, in any zone", async (expires, date) => {
    const bucket = world.bucket();
    const place = world.place({ f: "x" });
    const args = ["cp", "f", `s3://${bucket}/f`, "--expires", expires];
    expect(await world.run(args, { cwd: place, env: { TZ: "Asia/Tokyo" } })).toMatchObject({ code: 0 });
    expect(world.server.object(bucket, "f")?.headers.expires).toBe(date);
  });

  it("--expires '30 Feb 2030' is no time", async () => {
    const bucket = world.bucket();
    const place = world.place({ f: "x" });
    const result = await world.run(["cp", "f", `s3://${bucket}/f`, "--expires", "30 Feb 2030"], {
      cwd: place,
    });
    expect(result).toMatchObject({ code: 252, stdout: "" });
    expect(result.stderr).toContain("--expires '30 Feb 2030' is not a valid time");
    expect(objectsOf(world, bucket)).toEqual({});
  });

  it("looks at an object under a customer's key with that key: --if-size-differ", async () => {
    const bucket = world.bucket();
    const place = world.place({ f: "same", key: "k".repeat(32) });
    const args = ["cp", "f", `s3://${bucket}/f`, "--sse-c", "--sse-c-key", "fileb://key"];
    expect(await world.run(args, { cwd: place })).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ f: "same" });
    const result = await world.run([...args, "--if-size-differ"], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "", stdout: "" });
  });
});

describe.concurrent("a copy", () => {
  it("looks at its source without the key of its target, and at its target with it", async () => {
    const bucket = world.bucket({ from: "plain" });
    const place = world.place({ key: "k".repeat(32), other: "o".repeat(32) });
    const key = ["--sse-c", "--sse-c-key", "fileb://key"];
    const first = await world.run(["cp", `s3://${bucket}/from`, `s3://${bucket}/to`, ...key], { cwd: place });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    for (const rule of ["--if-size-differ", "--no-overwrite"]) {
      const again = ["cp", `s3://${bucket}/from`, `s3://${bucket}/to`, ...key, rule];
      const result = await world.run(again, { cwd: place });
      expect(result).toMatchObject({ code: 0, stderr: "", stdout: "" });
    }
    const onward = ["--sse-c-copy-source", "--sse-c-copy-source-key", "fileb://key"];
    const under = ["--sse-c", "--sse-c-key", "fileb://other"];
    const second = ["cp", `s3://${bucket}/to`, `s3://${bucket}/on`, ...onward, ...under];
    expect(await world.run(second, { cwd: place })).toMatchObject({ code: 0, stderr: "" });
    expect(world.server.object(bucket, "on")?.body.toString()).toBe("plain");
  });

  it("--no-overwrite skips what nobody may look at, by the condition alone: exit 0", async ({
    onTestFinished,
  }) => {
    const server = await startS3Server({ buckets: ["b"] });
    onTestFinished(() => server.close());
    server.put("b", "from", "new");
    server.put("b", "to", "old");
    const denied = errorResponse(new S3Error(403, "AccessDenied", "Access Denied"), "/");
    server.instead = ({ operation, key }) =>
      key === "to" && (operation === "HeadObject" || operation === "GetObject") ? denied : undefined;
    const result = await world.run(["cp", "s3://b/from", "s3://b/to", "--no-overwrite"], {
      env: { ...server.env, AWS_ENDPOINT_URL: server.url },
    });
    expect(result).toMatchObject({ code: 0, stderr: "", stdout: "" });
    expect(server.requests.filter(({ status }) => status === 412)).toHaveLength(1);
    expect(server.object("b", "to")?.body.toString()).toBe("old");
  });

  it("that changes properties of an object which is replaced meanwhile is one clear failure", async ({
    onTestFinished,
  }) => {
    const server = await startS3Server({ buckets: ["b"] });
    onTestFinished(() => server.close());
    server.put("b", "from", "old", { metadata: { m: "1" } });
    let replaced = 0;
    server.instead = ({ operation }) => {
      if (operation !== "CopyObject") return undefined;
      server.put("b", "from", "new", { metadata: { m: "2" } });
      replaced++;
      return undefined;
    };
    const result = await world.run(["cp", "s3://b/from", "s3://b/to", "--content-type", "a/b"], {
      env: { ...server.env, AWS_ENDPOINT_URL: server.url },
    });
    expect(result.code).toBe(1);
    expect(replaced).toBe(1);
    expect(result.stderr).toMatch(/^copy failed: .*The object was replaced while it was being copied\./);
    expect(server.object("b", "to")).toBeUndefined();
  });
});
