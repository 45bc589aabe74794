import { describe, expect, it } from "vitest";
import { errorResponse } from "../../../support/s3-server/respond.js";
import { S3Error } from "../../../support/s3-server/s3-error.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const from = { bucket: "b", key: "from" };
const to = { bucket: "b", key: "to" };
const absent = { copyProps: "default", ifAbsent: true } as const;

/** The first CopyObject is done, stores something else if told so, and is answered 500, or with the ETag of that. */
function spoil({ server }: StoreWorld, answersError: boolean, stored?: string) {
  let struck = 0;
  server.alter = (answer, { operation, rawPath }) => {
    if (operation !== "CopyObject" || answer.status !== 200 || struck > 0) return answer;
    struck++;
    const etag = stored === undefined ? undefined : server.put("b", "to", stored).etag;
    if (answersError) return errorResponse(new S3Error(500, "InternalError", "m"), rawPath);
    const text = answer.body.toString().replace(/<ETag>.*<\/ETag>/, `<ETag>"${etag}"</ETag>`);
    return { ...answer, body: Buffer.from(text) };
  };
  return () => struck;
}

describe("an object that a try of the same CopyObject stored", () => {
  it.each([true, false])("wrong is not taken for one that exists (500: %s)", async (answersError) => {
    const world = await storeWorld();
    const { etag } = world.server.put("b", from.key, "hello world");
    const struck = spoil(world, answersError, "hello");
    await expect(world.store.copy(from, to, absent, { size: 11, etag })).rejects.toMatchObject({
      id: "s3-in-doubt",
      exitCode: 1,
    });
    expect(struck()).toBe(1);
  });

  it("right is the copy", async () => {
    const world = await storeWorld();
    const { etag } = world.server.put("b", from.key, "hello world");
    const struck = spoil(world, true);
    await world.store.copy(from, to, absent, { size: 11, etag });
    expect(struck()).toBe(1);
    expect(world.server.object("b", "to")?.body.toString()).toBe("hello world");
  });

  it("is looked at before the first try alone, where the condition is refused", async () => {
    const world = await storeWorld();
    const { etag } = world.server.put("b", from.key, "hello world");
    const struck = spoil(world, false, "hello");
    world.server.instead = ({ headers, rawPath }) =>
      headers["if-none-match"] === undefined
        ? undefined
        : errorResponse(new S3Error(501, "NotImplemented", "If-None-Match"), rawPath);
    await world.store.copy(from, to, absent, { size: 11, etag });
    expect(struck()).toBe(1);
    expect(world.server.object("b", "to")?.body.toString()).toBe("hello world");
  });
});

describe("a source that was replaced while a store without its condition copied it", () => {
  it("leaves a destination that was written, and the hint says so", async () => {
    const { server, store } = await storeWorld();
    server.put("b", from.key, "one", { metadata: { m: "1" } });
    server.put("b", "to", "before");
    server.instead = ({ headers, rawPath }) =>
      headers["x-amz-copy-source-if-match"] === undefined
        ? undefined
        : errorResponse(new S3Error(501, "NotImplemented", "x-amz-copy-source-if-match"), rawPath);
    server.alter = (answer, { operation }) => {
      if (operation === "CopyObject" && answer.status === 200) server.put("b", from.key, "other");
      return answer;
    };
    await expect(store.copy(from, to, { copyProps: "default", contentType: "a/b" })).rejects.toMatchObject({
      id: "s3-changed",
      hint: expect.stringContaining("was written and may mix two versions"),
    });
    expect(server.object("b", "to")?.body.toString()).toBe("one");
  });
});
