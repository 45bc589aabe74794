import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import type { Response } from "../../support/s3-server/operation.js";
import type { S3Request } from "../../support/s3-server/s3-request.js";

const world = builtWorld();

const FOREIGN = '"0123456789abcdef0123456789abcdef"';
const NAMES = Array.from({ length: 12 }, (_, index) => `file-${String(index).padStart(2, "0")}`);
const FILES = Object.fromEntries(NAMES.map((name) => [name, `the text of ${name}`]));

/** Answers in place of the server to every third request of its kind to a bucket, as a connection does that is one ahead. */
function strayIn(bucket: string, operation: string, answer: Response) {
  const before = world.server.instead;
  let seen = 0;
  let struck = 0;
  world.server.instead = (request: S3Request, body: Buffer) => {
    if (request.bucket !== bucket || request.operation !== operation) return before?.(request, body);
    if (++seen % 3 !== 1) return undefined;
    struck++;
    return answer;
  };
  return () => struck;
}

const textsIn = (bucket: string) =>
  Object.fromEntries(NAMES.map((name) => [name, world.server.object(bucket, name)?.body.toString()]));

describe("a response to another request confirms nothing", () => {
  it("that was not stored", async () => {
    const bucket = world.bucket();
    const place = world.place(FILES);
    const struck = strayIn(bucket, "PutObject", {
      status: 200,
      headers: { etag: FOREIGN },
      body: Buffer.alloc(0),
    });
    const result = await world.run(["cp", place, `s3://${bucket}`, "--recursive"]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(struck()).toBeGreaterThan(3);
    expect(textsIn(bucket)).toEqual(FILES);
  });

  it("that was not copied", async () => {
    const from = world.bucket(FILES);
    const bucket = world.bucket();
    const xml = `<CopyObjectResult><ETag>${FOREIGN}</ETag></CopyObjectResult>`;
    const struck = strayIn(bucket, "CopyObject", { status: 200, headers: {}, body: Buffer.from(xml) });
    const result = await world.run(["sync", `s3://${from}`, `s3://${bucket}`]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(struck()).toBeGreaterThan(3);
    expect(textsIn(bucket)).toEqual(FILES);
  });

  it("as the page of a listing, by which sync --delete would delete", async () => {
    const bucket = world.bucket(Object.fromEntries(NAMES.map((name) => [`p/${name}`, FILES[name] ?? ""])));
    const place = world.place(FILES);
    const xml = "<ListBucketResult><Prefix>q/</Prefix><IsTruncated>false</IsTruncated></ListBucketResult>";
    const struck = strayIn(bucket, "ListObjectsV2", { status: 200, headers: {}, body: Buffer.from(xml) });
    const args = ["sync", `s3://${bucket}/p`, place, "--delete", "--size-only", "--page-size", "5"];
    const result = await world.run(args);
    expect(result).toMatchObject({ code: 0, stderr: "", stdout: "" });
    expect(struck()).toBeGreaterThan(0);
    expect(readdirSync(place).sort()).toEqual(NAMES);
    for (const name of NAMES) expect(readFileSync(`${place}/${name}`, "utf8")).toBe(FILES[name]);
  });
});
