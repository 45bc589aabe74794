import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";
import { REFUSALS, refuse } from "../../support/refusing-store.js";

const world = builtWorld();
const MIB = 1024 * 1024;

type Rule = readonly [names: RegExp, how: (typeof REFUSALS)[number]];
const rules = new Map<string, Rule>();

beforeAll(() => {
  world.server.instead = (request) => {
    const rule = rules.get(request.bucket ?? "");
    return rule && refuse(request, ...rule);
  };
});

function refusingBucket(names: RegExp, how: (typeof REFUSALS)[number], objects: Record<string, string> = {}) {
  const bucket = world.bucket(objects);
  rules.set(bucket, [names, how]);
  const requests = () => world.server.requests.filter((request) => request.bucket === bucket);
  return { bucket, requests, refused: () => requests().filter(({ status }) => status >= 400) };
}

const B2 = /^x-amz-(checksum-.*|sdk-checksum-algorithm|optional-object-attributes)$/;
const TREE = { a: "one", "d/b": "two", "d/c": "three", empty: "", large: "l".repeat(9 * MIB) };

describe.concurrent.each(REFUSALS)("a store that refuses optional headers with %i %s %s", (...how) => {
  it("serves trees, single objects and streams, in both directions", async () => {
    const { bucket, refused } = refusingBucket(
      /^x-amz-(checksum-mode|optional-object-attributes)$/,
      how,
      TREE,
    );
    const place = world.place();
    const run = (...args: string[]) => world.run(args, { cwd: place });

    expect(await run("cp", `s3://${bucket}`, "cp", "--recursive", "--concurrency", "1")).toMatchObject({
      code: 0,
    });
    expect(filesOf(`${place}/cp`)).toEqual(TREE);
    // Once for the listing, and once for all that is read.
    expect(refused()).toHaveLength(2);
    expect(await run("sync", `s3://${bucket}`, "sync", "--delete")).toMatchObject({ code: 0 });
    expect(filesOf(`${place}/sync`)).toEqual(TREE);
    expect(await run("cp", `s3://${bucket}/large`, "one")).toMatchObject({ code: 0 });
    expect(readFileSync(`${place}/one`, "utf8")).toBe(TREE.large);
    const streamed = await run("cp", `s3://${bucket}/large`, "-");
    expect(streamed.code).toBe(0);
    expect(streamed.stdoutBytes.equals(Buffer.from(TREE.large))).toBe(true);
    expect(await run("ls", `s3://${bucket}`)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe.concurrent("refused headers", () => {
  it("Backblaze B2 takes and gives files, and Content-MD5 goes along", async () => {
    const { bucket, requests } = refusingBucket(B2, REFUSALS[0] as (typeof REFUSALS)[number]);
    const place = world.place({ "up/s": "small", "up/l": TREE.large });
    const run = (...args: string[]) => world.run(args, { cwd: place });
    expect(await run("cp", "up", `s3://${bucket}`, "--recursive")).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ s: "small", l: TREE.large });
    const bodies = requests().filter(
      ({ operation, status }) => /^(PutObject|UploadPart)$/.test(operation) && status === 200,
    );
    expect(bodies).toHaveLength(3);
    for (const { headers } of bodies) expect(headers["content-md5"]).toMatch(/^.{22}==$/);
    expect(await run("sync", `s3://${bucket}`, "down")).toMatchObject({ code: 0 });
    expect(filesOf(`${place}/down`)).toEqual({ s: "small", l: TREE.large });
  });

  it("a checksum that was asked for is not left out in silence", async () => {
    const refusal = REFUSALS[0] as (typeof REFUSALS)[number];
    const { bucket, refused } = refusingBucket(/^x-amz-checksum-mode$/, refusal, { k: "x" });
    const result = await world.run(["cp", `s3://${bucket}/k`, "asked", "--checksum-mode", "ENABLED"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("There is no checksum to verify the object with");
    expect(refused()).toHaveLength(1);
  });

  it("If-Match: no two versions are mixed without it", async () => {
    const { bucket, refused } = refusingBucket(/^if-match$/, REFUSALS[3] as (typeof REFUSALS)[number], TREE);
    const place = world.place({ large: "before" });
    const copy = () => world.run(["cp", `s3://${bucket}/large`, "large"], { cwd: place });
    let replaced = 0;
    world.server.alter = (answer, { operation, bucket: of, headers }) => {
      if (
        of === bucket &&
        operation === "GetObject" &&
        headers.range?.startsWith("bytes=0-") &&
        replaced++ === 0
      )
        world.server.put(bucket, "large", TREE.large.replace(/l$/, "m"));
      return answer;
    };
    const failed = await copy();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("The object was replaced while it was being copied.");
    expect(readFileSync(`${place}/large`, "utf8")).toBe("before");
    expect(await copy()).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(`${place}/large`, "utf8")).toBe(TREE.large.replace(/l$/, "m"));
    expect(refused().length).toBeGreaterThan(0);
  });

  it.each([3, 9 * MIB])(
    "If-None-Match: --no-overwrite replaces nothing without it, %i bytes",
    async (size) => {
      const { bucket, refused } = refusingBucket(
        /^if-none-match$/,
        REFUSALS[3] as (typeof REFUSALS)[number],
        { k: "there" },
      );
      const place = world.place();
      writeFileSync(`${place}/f`, Buffer.alloc(size, "n"));
      const copy = (key: string) =>
        world.run(["cp", "f", `s3://${bucket}/${key}`, "--no-overwrite"], { cwd: place });
      expect(await copy("k")).toMatchObject({ code: 0 });
      expect(await copy("m")).toMatchObject({ code: 0, stderr: "" });
      expect(world.server.object(bucket, "k")?.body.toString()).toBe("there");
      expect(world.server.object(bucket, "m")?.body).toHaveLength(size);
      expect(refused().length).toBeGreaterThan(0);
    },
  );
});
