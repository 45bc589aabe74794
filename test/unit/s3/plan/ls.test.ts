import { beforeEach, describe, expect, it } from "vitest";
import { LocalTimes } from "../../../../src/output/listing-lines.js";
import { type LsRequest, listBuckets, listObjects } from "../../../../src/s3/plan/ls.js";
import type { ListPage, Store } from "../../../../src/s3/store.js";

const PLAIN: LsRequest = {
  recursive: false,
  humanReadable: false,
  summarize: false,
  json: false,
  pageSize: undefined,
};
const T = Date.UTC(2026, 0, 2, 3, 4, 5);
const time = new LocalTimes().text(T);

let asked: unknown[];
let written: string[];
beforeEach(() => {
  asked = [];
  written = [];
});
const write = (text: string) => {
  written.push(text);
  return undefined;
};
const text = () => written.join("");
const json = () =>
  text()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

function storeOf(...pages: ListPage[]): Store {
  async function* list(query: unknown) {
    asked.push(query);
    yield* pages;
  }
  return { list } as unknown as Store;
}
const ls = (key: string, more: Partial<LsRequest>, ...pages: ListPage[]) =>
  listObjects(storeOf(...pages), { bucket: "b", key }, { ...PLAIN, ...more }, write);

const PAGE: ListPage = {
  objects: [
    { key: "p/a", size: 1, lastModified: T, etag: '"e"', storageClass: "STANDARD" },
    { key: "p/b", size: 2048 },
  ],
  prefixes: ["p/in/"],
};

describe("ls of objects", () => {
  it("shows prefixes, then the last part of each key, with blanks where there is no time", async () => {
    expect(await ls("p/", {}, PAGE)).toBe(true);
    expect(asked).toEqual([{ bucket: "b", prefix: "p/", delimiter: "/" }]);
    expect(text()).toBe(`${" ".repeat(27)}PRE in/\n${time}          1 a\n${" ".repeat(19)}       2048 b\n`);
  });

  it("--recursive shows whole keys, and asks for no delimiter", async () => {
    await ls("p/", { recursive: true, pageSize: 7 }, PAGE);
    expect(asked).toEqual([{ bucket: "b", prefix: "p/", pageSize: 7 }]);
    expect(text()).toContain(" 1 p/a\n");
  });

  it("--human-readable and --summarize, over pages of which one is empty", async () => {
    const empty = { objects: [], prefixes: [] };
    await ls("p/", { humanReadable: true, summarize: true }, PAGE, empty, PAGE);
    expect(text()).toContain("  2.0 KiB b\n");
    expect(text().replace(/\s+/g, " ")).toContain("Total Objects: 4 Total Size: 4.0 KiB");
    expect(written).toHaveLength(3);
  });

  it("--json has a line for each, with what is known, and the totals", async () => {
    await ls("p/", { json: true, summarize: true }, PAGE);
    expect(json()).toEqual([
      { prefix: "p/in/" },
      {
        key: "p/a",
        size: 1,
        lastModified: "2026-01-02T03:04:05.000Z",
        etag: '"e"',
        storageClass: "STANDARD",
      },
      { key: "p/b", size: 2048 },
      { totalObjects: 2, totalSize: 2049 },
    ]);
  });

  it("of what nothing begins with is a failure, after its totals; an empty bucket is none", async () => {
    await expect(ls("none", { summarize: true })).rejects.toMatchObject({
      id: "s3-nothing-listed",
      message: "no key begins with s3://b/none",
    });
    expect(text()).toContain("Total Objects: 0");
    expect(await ls("", {})).toBe(false);
    expect(await ls("", {}, PAGE)).toBe(true);
  });

  it("waits for a reader that is slower", async () => {
    let hasRead = false;
    const slowly = async () => {
      await new Promise(setImmediate);
      hasRead = true;
    };
    await listObjects(storeOf(PAGE), { bucket: "b", key: "" }, PLAIN, slowly);
    expect(hasRead).toBe(true);
  });
});

describe("ls of buckets", () => {
  const lsBuckets = (more: Partial<LsRequest>, ...pages: { name: string; created: number }[][]) => {
    async function* pagesOf() {
      yield* pages;
    }
    const store = { listBuckets: pagesOf } as unknown as Store;
    return listBuckets(store, {}, { ...PLAIN, ...more }, write);
  };

  it("shows when each was made, over pages", async () => {
    expect(await lsBuckets({}, [{ name: "a", created: T }], [], [{ name: "b", created: T }])).toBe(true);
    expect(text()).toBe(`${time} a\n${time} b\n`);
  });

  it("tells whether there were any", async () => {
    expect(await lsBuckets({}, [])).toBe(false);
    expect(await lsBuckets({}, [{ name: "a", created: T }], [])).toBe(true);
  });

  it("--summarize counts objects, of which a list of buckets has none; --json has no such line", async () => {
    await lsBuckets({ summarize: true }, [{ name: "a", created: T }]);
    expect(text().replace(/\s+/g, " ")).toContain("Total Objects: 0 Total Size: 0");
    written.length = 0;
    await lsBuckets({ summarize: true, json: true }, [{ name: "a", created: T }]);
    expect(json()).toEqual([{ bucket: "a", created: "2026-01-02T03:04:05.000Z" }]);
  });
});
