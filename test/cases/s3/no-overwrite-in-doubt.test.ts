import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { head, rawServer } from "../../support/raw-server.js";
import { errorResponse } from "../../support/s3-server/respond.js";
import { S3Error } from "../../support/s3-server/s3-error.js";

const world = builtWorld();

/** The first such request to a bucket is done, stores something else if told so, and is answered 500. */
function failOnce(operation: string, bucket: string, stored: string | undefined) {
  let struck = 0;
  world.server.alter = (answer, request) => {
    const { rawPath, key = "" } = request;
    const isIt = request.operation === operation && request.bucket === bucket && answer.status === 200;
    if (!isIt || struck > 0) return answer;
    struck++;
    if (stored !== undefined) world.server.put(bucket, key, stored);
    return errorResponse(new S3Error(500, "InternalError", "m"), rawPath);
  };
  return () => struck;
}

describe("--no-overwrite, where a first try was done and answered 500", () => {
  it.each(["PutObject", "CopyObject"])(
    "%s: what is there is what was sent, or a failure",
    async (operation) => {
      for (const stored of ["corrupt", undefined]) {
        const source = world.bucket({ f: "hello world" });
        const place = world.place({ f: "hello world" });
        const bucket = world.bucket();
        const from = operation === "PutObject" ? `${place}/f` : `s3://${source}/f`;
        const struck = failOnce(operation, bucket, stored);
        const { code, stdout, stderr } = await world.run(["cp", from, `s3://${bucket}/k`, "--no-overwrite"]);
        expect(struck()).toBe(1);
        if (stored === undefined) {
          expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
          expect(stdout).toMatch(/^(upload|copy): /);
        } else {
          expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
          expect(stderr).toContain("The object at the destination may be wrong: ");
        }
      }
    },
  );
});

describe("--no-overwrite, where the first try's connection broke", () => {
  it.each([
    ["what was sent", "hello world".length, 0],
    ["something else", 5, 1],
  ])("%s is found by HEAD", async (_what, size, exit) => {
    let puts = 0;
    const raw = await rawServer(({ method }, socket) => {
      if (method === "PUT" && puts++ === 0) return void socket.destroy();
      const now = new Date().toUTCString();
      const there = { "content-length": size, "last-modified": now, date: now, etag: '"opaque"' };
      socket.end(method === "PUT" ? head(412, { "content-length": 0 }) : head(200, there));
    });
    const args = ["cp", `${world.place({ f: "hello world" })}/f`, "s3://b/k", "--no-overwrite"];
    const { code, stderr } = await world.run(args, { env: { AWS_ENDPOINT_URL: raw.url } });
    expect(code).toBe(exit);
    expect(stderr.includes("The object at the destination may be wrong: ")).toBe(exit === 1);
    expect(raw.requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "HEAD"]);
  });
});
