import { beforeAll, describe, expect, it } from "vitest";
import { parameter } from "../../support/s3-server/s3-request.js";
import { builtWorld, filesOf, objectsOf } from "./world.js";

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
  expect(ls.stderr).toContain("The server listed q/z, which does not begin with p/ as was asked for.");
  const cp = await world.run(["cp", `s3://${bucket}/p`, place, "--recursive"]);
  expect(cp.code).toBe(1);
  expect(filesOf(place)).toEqual({});
});
