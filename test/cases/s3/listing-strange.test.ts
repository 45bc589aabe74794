import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";
import { parameter } from "../../support/s3-server/s3-request.js";

const world = builtWorld();
const OBJECTS = { "p/a": "1", "p/b": "1", "p/c": "1", "p/d": "1" };

/** Changes the pages of the listing of `p/` in a bucket; by their number, from 1. */
const changes = new Map<string, (xml: string, page: number) => string>();

/** The page that a bucket's listing has come to. */
const pages = new Map<string, number>();

beforeAll(() => {
  world.server.alter = (answer, request) => {
    const { bucket = "", operation } = request;
    const change = changes.get(bucket);
    if (change === undefined || operation !== "ListObjectsV2" || parameter(request, "prefix") !== "p/")
      return answer;
    const isFirst = parameter(request, "continuation-token") === undefined;
    const page = isFirst ? 1 : (pages.get(bucket) ?? 1) + 1;
    pages.set(bucket, page);
    return { ...answer, body: Buffer.from(change(answer.body.toString(), page)) };
  };
});

const contents = (key: string) =>
  `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`;
const adding = (key: string) => (xml: string, page: number) =>
  page === 2 ? xml.replace("</ListBucketResult>", `${contents(key)}</ListBucketResult>`) : xml;

const CASES: readonly (readonly [what: string, change: (xml: string, page: number) => string])[] = [
  ["holds a key outside the prefix", adding("q/z")],
  ["holds a key of which the prefix is only the end", adding("z/p/z")],
  ["names a key twice", adding("p/d")],
  ["has an entry by another name", (xml) => xml.replaceAll("Contents>", "contents>")],
  [
    "has its entries in a list of their own",
    (xml) => xml.replace(/(<Contents>.*<\/Contents>)/, "<List>$1</List>"),
  ],
  ["names a key of the page before", adding("p/a")],
  ["is not in order", (xml) => xml.replace(/(<Contents>.*?<\/Contents>)(<Contents>.*?<\/Contents>)/, "$2$1")],
  [
    "has a token, and does not say whether it goes on",
    (xml) => xml.replace(/<IsTruncated>\w+<\/IsTruncated>/, ""),
  ],
  [
    "has a token, and says it goes on in a way of its own",
    (xml) => xml.replace(/<IsTruncated>true</, "<IsTruncated>1<"),
  ],
  [
    "goes on, and has no token",
    (xml) => xml.replace(/<NextContinuationToken>.*<\/NextContinuationToken>/, ""),
  ],
  ["is of another prefix", (xml) => xml.replace("<Prefix>p/</Prefix>", "<Prefix>zzz/</Prefix>")],
  ["is of a prefix below", (xml) => xml.replace("<Prefix>p/</Prefix>", "<Prefix>p/a</Prefix>")],
  ["is by folders", (xml) => xml.replace("<MaxKeys>", "<Delimiter>/</Delimiter><MaxKeys>")],
  [
    "has folders",
    (xml) =>
      xml.replace(
        "</ListBucketResult>",
        "<CommonPrefixes><Prefix>p/e/</Prefix></CommonPrefixes></ListBucketResult>",
      ),
  ],
  [
    "says that it is complete, and has a token",
    (xml) => xml.replace("<IsTruncated>true<", "<IsTruncated>false<"),
  ],
  [
    "is full, and does not say whether it goes on",
    (xml) => xml.replace(/<(IsTruncated|NextContinuationToken)>.*?<\/\1>/g, ""),
  ],
  [
    "says two things of whether it goes on",
    (xml) => xml.replace("<IsTruncated>true", "<IsTruncated>false</IsTruncated><IsTruncated>true"),
  ],
  ["has an entry with two keys", (xml) => xml.replace("<Key>", "<Key>p/zz</Key><Key>")],
  [
    "has its entries deep in a list of their own",
    (xml) => xml.replace(/(<Contents>.*<\/Contents>)/, "<List><Page><P>$1</P></Page></List>"),
  ],
  [
    "comes back to its first page",
    (xml) =>
      xml
        .replace("<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated>")
        .replace(/<NextContinuationToken>.*<\/NextContinuationToken>/, "")
        .replace(
          "</ListBucketResult>",
          "<NextContinuationToken>cC9i</NextContinuationToken></ListBucketResult>",
        ),
  ],
];

describe.concurrent("sync --delete deletes nothing when the listing of its source or target", () => {
  it.each(CASES)("%s", async (_what, change) => {
    const bucket = world.bucket({ ...OBJECTS, "q/aa": "x", "q/z": "x" });
    const place = world.place({ aa: "x", z: "x" });
    const run = (from: string, to: string) =>
      world.run(["sync", from, to, "--delete", "--page-size", "2"], { cwd: place });
    changes.set(bucket, change);
    for (const result of [
      await run(`s3://${bucket}/p`, "."),
      await run(`s3://${bucket}/p`, `s3://${bucket}/q`),
      await run(".", `s3://${bucket}/p`),
    ]) {
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(/^fetch-creds: /m);
      expect(result.stderr).toMatch(/^warning: Nothing was deleted, because .+\.$/m);
      expect(result.stdout).not.toContain("delete: ");
    }
    expect(filesOf(place)).toMatchObject({ aa: "x", z: "x" });
    expect(objectsOf(world, bucket)).toMatchObject({ ...OBJECTS, "q/aa": "x", "q/z": "x" });
  });
});

describe.concurrent("sync --delete copies, and deletes nothing, when the listing of its source or target", () => {
  const DOUBTS: readonly (readonly [what: string, change: (xml: string) => string, why: RegExp])[] = [
    [
      "has fewer keys than its KeyCount",
      (xml) => xml.replace(/<KeyCount>\d+/, "<KeyCount>900"),
      /the KeyCount of the listing is 900, and it has 4 keys/,
    ],
    [
      "has more keys than its KeyCount",
      (xml) => xml.replace(/<KeyCount>\d+/, "<KeyCount>1"),
      /the KeyCount of the listing is 1, and it has 4 keys/,
    ],
    [
      "does not say whether it is complete",
      (xml) => xml.replace(/<IsTruncated>.*<\/IsTruncated>/, ""),
      /the listing does not say whether it is complete/,
    ],
    [
      "is of another bucket",
      (xml) => xml.replace(/<Name>[^<]+/, "<Name>other"),
      /the listing names another bucket than was asked for/,
    ],
    [
      "repeats no prefix",
      (xml) => xml.replace("<Prefix>p/</Prefix>", "<Prefix/>"),
      /the listing repeats another prefix than was asked for/,
    ],
  ];

  it.each(DOUBTS)("%s", async (_what, change, why) => {
    const bucket = world.bucket({ ...OBJECTS, "q/aa": "x" });
    const place = world.place({ aa: "x", new: "2" });
    const run = (from: string, to: string, ...more: string[]) =>
      world.run(["sync", from, to, "--delete", ...more], { cwd: place });
    const line = new RegExp(`^warning: Nothing was deleted, because ${why.source}\\.\n$`);
    changes.set(bucket, change);
    for (const [from, to] of [
      [`s3://${bucket}/p`, "."],
      [`s3://${bucket}/p`, `s3://${bucket}/q`],
    ] as const) {
      const result = await run(from, to);
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(line);
      // Nothing is said of it where nothing would have been deleted.
      const exclude = ["--exclude", "aa", "--exclude", "new"];
      expect(await run(from, to, ...exclude)).toMatchObject({ code: 0, stdout: "", stderr: "" });
    }
    expect(filesOf(place)).toEqual({ a: "1", aa: "x", b: "1", c: "1", d: "1", new: "2" });
    const up = await world.run(["sync", ".", `s3://${bucket}/p`, "--delete"], {
      cwd: world.place({ new: "2" }),
    });
    expect(up.code).toBe(2);
    expect(up.stderr).toMatch(line);
    const copied = { "q/a": "1", "q/b": "1", "q/c": "1", "q/d": "1" };
    expect(objectsOf(world, bucket)).toEqual({ ...OBJECTS, ...copied, "p/new": "2", "q/aa": "x" });
  });

  it("and ls, cp and cache-key take it as it is", async () => {
    const bucket = world.bucket(OBJECTS);
    const unsaid = /<KeyCount>\d+<\/KeyCount>|<IsTruncated>.*<\/IsTruncated>/g;
    changes.set(bucket, (xml) => xml.replace(unsaid, ""));
    const place = world.place();
    const ls = await world.run(["ls", `s3://${bucket}/p/`]);
    expect(ls).toMatchObject({ code: 0, stderr: "" });
    expect(ls.stdout.trim().split("\n")).toHaveLength(4);
    expect(await world.run(["cache-key", `s3://${bucket}/p`])).toMatchObject({ code: 0, stderr: "" });
    const cp = await world.run(["cp", `s3://${bucket}/p`, place, "--recursive"]);
    expect(cp).toMatchObject({ code: 0, stderr: "" });
    expect(Object.keys(filesOf(place))).toEqual(["a", "b", "c", "d"]);
  });
});

describe.concurrent("a listing that has no end is given up by", () => {
  const endless = (page: string) => (_xml: string, number: number) =>
    `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${btoa(`p/${number}`)}</NextContinuationToken>${page}</ListBucketResult>`;
  const KINDS = [
    ["empty pages", endless(""), "page after page is empty", 1001],
    ["the same key", endless(contents("p/a")), "p/a is listed behind p/a", 2],
  ] as const;
  const VERBS: readonly (readonly [line: string, code: number])[] = [
    ["ls s3://BUCKET/p/", 254],
    ["ls s3://BUCKET/p/ --recursive", 254],
    ["cp s3://BUCKET/p out --recursive --dryrun", 1],
    ["cp s3://BUCKET/p/* out --dryrun", 1],
    ["cp s3://BUCKET/p s3://BUCKET/q --recursive --dryrun", 1],
    ["sync s3://BUCKET/p out --delete", 1],
    ["sync . s3://BUCKET/p --delete", 1],
    ["sync s3://BUCKET/p s3://BUCKET/q --delete", 1],
    ["cache-key s3://BUCKET/p/", 254],
  ];

  /** A thousand requests each: these stand for the others. */
  const PATIENT = ["ls s3://BUCKET/p/", "sync . s3://BUCKET/p --delete", "cp s3://BUCKET/p/* out --dryrun"];
  const CASES = VERBS.flatMap(([line, code]) =>
    KINDS.filter(([kind]) => kind !== "empty pages" || PATIENT.includes(line)).map(
      (kind) => [line, code, ...kind] as const,
    ),
  );

  it.each(CASES)("%s (%i), with %s", async (line, code, _kind, change, why, asked) => {
    const bucket = world.bucket({ ...OBJECTS, "q/mine": "x" });
    const place = world.place({ mine: "x", "out/mine": "x" });
    changes.set(bucket, change);
    const words = line.split(" ").map((word) => word.replace("BUCKET", bucket));
    const result = await world.run(words, { cwd: place, timeoutMs: 200_000 });
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(`fetch-creds: The listing does not advance: ${why}.`);
    const pagesOfIt = world.server.requests.filter(
      (request) =>
        request.bucket === bucket &&
        request.operation === "ListObjectsV2" &&
        parameter(request, "prefix") === "p/",
    );
    expect(pagesOfIt).toHaveLength(asked);
    expect(filesOf(place)).toMatchObject({ mine: "x", "out/mine": "x" });
    expect(objectsOf(world, bucket)).toMatchObject({ ...OBJECTS, "q/mine": "x" });
  });

  it("doctor, with empty pages", async () => {
    const bucket = world.bucket();
    changes.set(bucket, endless(""));
    const result = await world.run(["doctor", `s3://${bucket}/p/`, "--json"]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain("s3-listing-loops");
  });
});

it("sync --delete deletes in each of these ways when nothing is wrong with the listing", async () => {
  const bucket = world.bucket({ ...OBJECTS, "q/aa": "x" });
  const place = world.place({ aa: "x" });
  for (const [from, to] of [
    [`s3://${bucket}/p`, "."],
    [`s3://${bucket}/p`, `s3://${bucket}/q`],
    [".", `s3://${bucket}/p`],
  ] as const) {
    const dry = await world.run(["sync", from, to, "--delete", "--dryrun"], { cwd: place });
    expect(dry.stdout).toContain("(dryrun) delete: ");
  }
});

it("ls and cp --recursive take no key that was not asked for", async () => {
  const bucket = world.bucket(OBJECTS);
  changes.set(bucket, (xml) => xml.replace("</ListBucketResult>", `${contents("q/z")}</ListBucketResult>`));
  const place = world.place();
  const ls = await world.run(["ls", `s3://${bucket}/p/`]);
  expect(ls).toMatchObject({ code: 254, stdout: "" });
  expect(ls.stderr).toContain("The server listed q/z, which does not begin with the requested prefix p/.");
  const cp = await world.run(["cp", `s3://${bucket}/p`, place, "--recursive"]);
  expect(cp.code).toBe(1);
  expect(filesOf(place)).toEqual({});
});
