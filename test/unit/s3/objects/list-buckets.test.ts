import { describe, expect, it } from "vitest";
import type { BucketsQuery } from "../../../../src/s3/store.js";
import { xmlResponse } from "../../../support/s3-server/operation.js";
import { document } from "../../../support/s3-server/xml.js";
import { storeWorld } from "../../../support/store-world.js";

const page = (names: readonly string[], more = "") => {
  const buckets = names.map((name) => {
    const region = name.startsWith("eu") ? "<BucketRegion>eu-west-1</BucketRegion>" : "";
    return `<Bucket><Name>${name}</Name>${region}</Bucket>`;
  });
  return xmlResponse(document("ListAllMyBucketsResult", `<Buckets>${buckets.join("")}</Buckets>${more}`));
};

async function listed(query: BucketsQuery, ...pages: ReturnType<typeof page>[]): Promise<string[]> {
  const world = await storeWorld();
  let asked = 0;
  world.server.instead = () => pages[Math.min(asked++, pages.length - 1)];
  const names: string[] = [];
  for await (const buckets of world.store.listBuckets(query)) names.push(...buckets.map(({ name }) => name));
  return names;
}

const token = (text: string) => `<ContinuationToken>${text}</ContinuationToken>`;

describe("listBuckets", () => {
  it("reads all pages, empty ones too", async () => {
    const pages = [page(["a", "b"], token("1")), page([], token("2")), page(["c"], "<ContinuationToken/>")];
    expect(await listed({}, ...pages)).toEqual(["a", "b", "c"]);
  });

  it("leaves out what a store lists that does not know the conditions", async () => {
    const all = page(["app-1", "eu-1", "other"]);
    expect(await listed({ prefix: "app" }, all)).toEqual(["app-1"]);
    expect(await listed({ region: "us-east-1" }, all)).toEqual(["app-1", "other"]);
    expect(await listed({ prefix: "", region: "" }, all)).toEqual(["app-1", "eu-1", "other"]);
  });

  it.each([
    ["the same token", [page(["a"], token("1")), page(["b"], token("1"))]],
    ["the same buckets", [page(["a"], token("1")), page(["a"], token("2"))]],
  ])("%s again is a failure and no circle", async (_, pages) => {
    await expect(listed({}, ...pages)).rejects.toMatchObject({ id: "s3-listing-loops" });
  });
});
