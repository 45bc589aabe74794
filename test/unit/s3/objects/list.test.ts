import { describe, expect, it } from "vitest";
import type { ListQuery } from "../../../../src/s3/store.js";
import { parameter } from "../../../support/s3-server/s3-request.js";
import { storeWorld } from "../../../support/store-world.js";

/** Lists the bucket `b` on a server whose pages name these tokens, one after the other; the last has none. */
async function listedWith(tokens: readonly string[]) {
  const { server, store } = await storeWorld();
  const asked: (string | undefined)[] = [];
  server.instead = (request) => {
    asked.push(parameter(request, "continuation-token"));
    const token = tokens[asked.length - 1];
    const next =
      token === undefined
        ? "<IsTruncated>false</IsTruncated>"
        : `<IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>`;
    const key = `k${asked.length}`;
    return {
      status: 200,
      headers: {},
      body: Buffer.from(
        `<ListBucketResult>${next}<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>`,
      ),
    };
  };
  const keys: string[] = [];
  const list = async () => {
    for await (const page of store.list({ bucket: "b", prefix: "" }))
      keys.push(...page.objects.map(({ key }) => key));
  };
  const failure = await list().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { asked, keys, failure };
}

describe("a listing", () => {
  it("is asked for with each page's token", async () => {
    const { asked, keys, failure } = await listedWith(["a", "b"]);
    expect({ asked, keys, failure }).toEqual({
      asked: [undefined, "a", "b"],
      keys: ["k1", "k2", "k3"],
      failure: undefined,
    });
  });

  it.each(["InternalError", "SlowDown"])("that is answered 200 with %s is asked for again", async (code) => {
    const { server, store } = await storeWorld();
    server.put("b", "k", "x");
    let struck = 0;
    server.instead = () =>
      ++struck > 2
        ? undefined
        : {
            status: 200,
            headers: {},
            body: Buffer.from(`<Error><Code>${code}</Code><Message>m</Message></Error>`),
          };
    const keys: string[] = [];
    for await (const page of store.list({ bucket: "b", prefix: "" }))
      keys.push(...page.objects.map(({ key }) => key));
    expect({ keys, struck }).toEqual({ keys: ["k"], struck: 3 });
  });

  it.each([
    [["a", "a"], 2],
    [["a", "b", "a"], 3],
  ])("whose tokens are %j goes in a circle: a failure, and no further request", async (tokens, pages) => {
    const { asked, failure } = await listedWith([...tokens, ...tokens, ...tokens]);
    expect(failure).toMatchObject({ id: "s3-listing-loops", exitCode: 254 });
    expect(asked).toHaveLength(pages);
  });
});

const contents = (key: string) =>
  `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`;
const more = (token: string) =>
  `<IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>`;
const LAST = "<IsTruncated>false</IsTruncated>";

/** Lists `p/` on a server whose pages are written by the test; the number counts from 1. */
async function listedFrom(page: (number: number) => string, query: Partial<ListQuery> = {}, id = "") {
  const { server, store } = await storeWorld();
  let pages = 0;
  server.instead = () => ({
    status: 200,
    headers: { "x-amz-request-id": id },
    body: Buffer.from(`<ListBucketResult>${page(++pages)}</ListBucketResult>`),
  });
  const names: string[] = [];
  const doubts = new Set<string>();
  const list = async () => {
    for await (const { objects, prefixes, doubt } of store.list({ bucket: "b", prefix: "p/", ...query })) {
      names.push(...objects.map(({ key }) => key), ...prefixes);
      if (doubt !== undefined) doubts.add(doubt);
    }
  };
  const failure = await list().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { names, doubts: [...doubts], failure, pages: () => pages };
}

const numbered = (number: number) => `p/${String(number).padStart(6, "0")}`;

describe("a listing without an end", () => {
  it.each([
    ["the same key on each page", () => ["p/a"], 2],
    ["the same page", () => ["p/a", "p/b", "p/c"], 2],
    ["the last key once more", (page: number) => [numbered(page), numbered(page + 1)], 2],
    ["two pages in turn", (page: number) => [page % 2 ? "p/a" : "p/b"], 3],
    ["keys that go down", (page: number) => [numbered(1000 - page)], 2],
  ])("is given up: %s", async (_what, keys, asked) => {
    const { failure, names, pages } = await listedFrom(
      (page) => more(`t${page}`) + keys(page).map(contents).join(""),
    );
    expect(failure).toMatchObject({ id: "s3-listing-loops", exitCode: 254 });
    // The page that shows it is not taken, and none is asked for after it.
    expect(pages()).toBe(asked);
    expect(new Set(names).size).toBe(names.length);
  });

  it("is given up when a folder comes again", async () => {
    const prefixes = "<CommonPrefixes><Prefix>p/d/</Prefix></CommonPrefixes>";
    const { failure, names } = await listedFrom((page) => more(`t${page}`) + prefixes, { delimiter: "/" });
    expect(failure).toMatchObject({ id: "s3-listing-loops" });
    expect(names).toEqual(["p/d/"]);
  });

  it("is given up after a thousand empty pages in a row", async () => {
    const { failure, pages } = await listedFrom((page) => more(`t${page}`));
    expect(failure).toMatchObject({
      id: "s3-listing-loops",
      message: "The listing does not advance: page after page is empty.",
    });
    expect(pages()).toBe(1001);
  });

  it("is none while keys come between empty pages, or in another order than S3's", async () => {
    const some = await listedFrom((page) => {
      const rest = page % 800 === 0 ? contents(numbered(page)) : "";
      return (page < 2400 ? more(`t${page}`) : LAST) + rest;
    });
    expect(some).toMatchObject({ failure: undefined, names: [800, 1600, 2400].map(numbered) });
    const keys = [
      ["p/a/x", "p/c"],
      ["p/a-b", "p/d"],
    ];
    const other = await listedFrom((page) => {
      const here = (keys[page - 1] ?? []).map(contents).join("");
      return (page === 1 ? more("t") : LAST) + here;
    });
    expect(other).toMatchObject({ failure: undefined, names: keys.flat() });
  });
});

describe("a page that contradicts itself, or what was asked,", () => {
  it.each([
    ["<Prefix>zzz/</Prefix>", "it is of the prefix zzz/, and p/ was asked for"],
    ["<Prefix>p/d/</Prefix>", "it is of the prefix p/d/, and p/ was asked for"],
    ["<Delimiter>/</Delimiter>", "it is by folders, which was not asked for"],
    ["<CommonPrefixes><Prefix>p/d/</Prefix></CommonPrefixes>", "it is by folders, which was not asked for"],
    [
      "<NextContinuationToken>t</NextContinuationToken>",
      "it says that it is complete, and names a next page",
    ],
  ])("is a failure once it has come twice: %s", async (said, why) => {
    const { failure, names, pages } = await listedFrom(() => LAST + said + contents("p/a"));
    expect(failure).toMatchObject({
      id: "s3-listing-contradicts",
      exitCode: 254,
      message: `The listing cannot be trusted: ${why}.`,
    });
    expect({ names, pages: pages() }).toEqual({ names: [], pages: 2 });
  });

  it.each([["<Delimiter>,</Delimiter>", "it is by the delimiter ,, which was not asked for"]])(
    "also by folders: %s",
    async (said, why) => {
      const { failure } = await listedFrom(() => LAST + said, { delimiter: "/" });
      expect(failure).toMatchObject({ message: `The listing cannot be trusted: ${why}.` });
    },
  );

  it("is a failure when it is full, and does not say whether another one follows", async () => {
    const two = ["p/a", "p/b"].map(contents).join("");
    for (const [query, said] of [
      [{ pageSize: 2 }, ""],
      [{}, "<MaxKeys>2</MaxKeys>"],
    ] as const) {
      const { failure } = await listedFrom(() => said + two, query);
      expect(failure).toMatchObject({
        message:
          "The listing cannot be trusted: the page is full, and does not say whether another one follows.",
      });
    }
  });

  it("is told with the id of its request", async () => {
    const { failure } = await listedFrom(() => "<IsTruncated", {}, "4442587FB7D0A2F9");
    expect(failure).toMatchObject({
      id: "s3-listing-unreadable",
      message: "The response to the ListObjectsV2 operation is not S3's XML. (request ID 4442587FB7D0A2F9)",
    });
  });

  it("is none when the store writes what was asked in its own way", async () => {
    for (const said of [
      "<Prefix>p%2F</Prefix>",
      "<EncodingType>url</EncodingType><Prefix>p%2F</Prefix>",
      "<Prefix>p</Prefix>",
      "<Prefix>/p/</Prefix>",
      "<Prefix>\n  p/\n</Prefix>",
      "<Delimiter/><NextContinuationToken/><Marker/>",
      "<KeyCount> 1 </KeyCount>",
      "<KeyCount/>",
      "<Name>B</Name>",
      "<Name/>",
      "<MaxKeys>0</MaxKeys>",
    ])
      expect(await listedFrom(() => LAST + said + contents("p/a"))).toMatchObject({
        failure: undefined,
        names: ["p/a"],
        doubts: [],
      });
  });

  it("is none when a prefix that looks encoded is repeated as it is", async () => {
    for (const [prefix, said] of [
      ["p+q/", "p+q/"],
      ["p+q/", "p%2Bq/"],
      ["50%/", "50%/"],
      ["50%/", "50%25/"],
      ["a b/", "a+b/"],
      ["a&b/", "a&amp;b/"],
    ] as const) {
      const page = `${LAST}<EncodingType>url</EncodingType><Prefix>${said}</Prefix>`;
      expect(await listedFrom(() => page, { prefix })).toMatchObject({ failure: undefined, doubts: [] });
    }
  });

  it.each([
    ["<KeyCount>1000</KeyCount>", "the KeyCount of the listing is 1000, and it has 1 key"],
    ["<KeyCount>0</KeyCount>", "the KeyCount of the listing is 0, and it has 1 key"],
    ["<KeyCount>many</KeyCount>", "the KeyCount of the listing is many, and it has 1 key"],
    ["<Prefix/>", "the listing repeats another prefix than was asked for"],
    ["<Name>other</Name>", "the listing names another bucket than was asked for"],
    ["<ContinuationToken>x</ContinuationToken>", "a page of the listing repeats another token than was sent"],
  ])("is taken with a doubt: %s", async (said, doubt) => {
    const { failure, names, doubts } = await listedFrom(() => LAST + said + contents("p/a"));
    expect({ failure, names, doubts }).toEqual({ failure: undefined, names: ["p/a"], doubts: [doubt] });
  });

  it("is taken with a doubt when it does not say whether it is complete", async () => {
    const { failure, names, doubts } = await listedFrom(() => contents("p/a"));
    const doubt = "the listing does not say whether it is complete";
    expect({ failure, names, doubts }).toEqual({ failure: undefined, names: ["p/a"], doubts: [doubt] });
  });
});
