import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, objectsOf } from "../../support/built-world.js";

const world = builtWorld();

/** What a bucket's deletes are answered in place of the server, and how often. */
const answers = new Map<string, { status: number; body: string; left: number; struck: number }>();

beforeAll(() => {
  world.server.instead = ({ operation, bucket = "" }) => {
    const answer = operation === "DeleteObject" ? answers.get(bucket) : undefined;
    if (answer === undefined || answer.left === 0) return undefined;
    answer.left--;
    answer.struck++;
    return { status: answer.status, headers: {}, body: Buffer.from(answer.body) };
  };
});

async function syncWith(status: number, body: string, left: number) {
  const bucket = world.bucket({ "p/gone": "x" });
  const answer = { status, body, left, struck: 0 };
  answers.set(bucket, answer);
  const place = world.place({ a: "1" });
  const result = await world.run(["sync", ".", `s3://${bucket}/p`, "--delete"], { cwd: place });
  return { bucket, result, struck: answer.struck, keys: Object.keys(objectsOf(world, bucket)) };
}

describe.concurrent("an object", () => {
  it.each([
    [200, "<html><body>Please log in</body></html>", "200"],
    [202, "<html><body>Please log in</body></html>", "202"],
    [202, "", "202"],
    [200, "<Error><Code>InternalError</Code><Message>m</Message></Error>", "InternalError"],
    [202, "<Error><Code>InternalError</Code><Message>m</Message></Error>", "InternalError"],
  ])("is not deleted by a response of %i with %j: it is asked for again", async (status, body, code) => {
    const twice = await syncWith(status, body, 2);
    expect(twice.result).toMatchObject({ code: 0, stderr: "" });
    expect(twice).toMatchObject({ struck: 2, keys: ["p/a"] });
    const always = await syncWith(status, body, Number.POSITIVE_INFINITY);
    expect(always).toMatchObject({ struck: 5, keys: ["p/a", "p/gone"] });
    expect(always.result.code).toBe(1);
    expect(always.result.stderr).toContain(
      `delete failed: s3://${always.bucket}/p/gone An error occurred (${code}) when calling the DeleteObject operation: `,
    );
    expect(always.result.stdout).not.toContain("delete: ");
  });

  it("is deleted by a response of 200 with nothing in it", async () => {
    const { result, struck, bucket } = await syncWith(200, "", 1);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toContain(`delete: s3://${bucket}/p/gone\n`);
    expect(struck).toBe(1);
  });
});
