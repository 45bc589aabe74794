import { beforeAll, describe, expect, it } from "vitest";
import type { World } from "../../support/built-world.js";
import { builtWorld, filesOf } from "../../support/built-world.js";

const world: World = builtWorld();

const FILES = { "a&b": "one", c: "two" };

/** The form of a bucket's listing, and how many were changed to it. */
const forms = new Map<string, { change: (xml: string) => string; changed: number }>();

beforeAll(() => {
  world.server.alter = (answer, { bucket = "", operation }) => {
    const form = operation === "ListObjectsV2" ? forms.get(bucket) : undefined;
    if (form === undefined) return answer;
    const before = answer.body.toString();
    const body = form.change(before);
    if (body !== before) form.changed++;
    return { ...answer, body: Buffer.from(body) };
  };
});

/** `sync --delete` into a folder that has what the bucket has, when its listing comes in another form. */
async function syncWhen(change: (xml: string) => string) {
  const bucket = world.bucket(FILES);
  const place = world.place({ ...FILES, stranger: "x" });
  const form = { change, changed: 0 };
  forms.set(bucket, form);
  const result = await world.run(["sync", `s3://${bucket}`, ".", "--delete", "--size-only"], { cwd: place });
  return { result, files: filesOf(place), changed: form.changed };
}

describe.concurrent("sync --delete", () => {
  it.each([
    ["CDATA", (xml: string) => xml.replace("<Key>a%26b</Key>", "<Key><![CDATA[a%26b]]></Key>")],
    [
      "attributes",
      (xml: string) => xml.replaceAll("<Contents>", '<Contents a="<>">'.replace("<>", "&lt;&gt;")),
    ],
    ["prefixes", (xml: string) => xml.replaceAll(/<(\/?)([A-Z])/g, "<$1s3:$2")],
    ["comments", (xml: string) => xml.replaceAll("<Key>", "<!-- <Key>no</Key> --><Key><!-- x -->")],
    ["processing instructions", (xml: string) => xml.replaceAll("<Size>", "<?p <Size>1</Size>?><Size>")],
    ["character references", (xml: string) => xml.replace("<Key>c<", "<Key>&#99;<")],
    ["a byte order mark", (xml: string) => `\ufeff${xml}`],
    ["white space", (xml: string) => xml.replaceAll("><", ">\r\n  <")],
    [
      "another encoding of keys",
      (xml: string) => xml.replace("<EncodingType>url</EncodingType>", "").replace("a%26b", "a&amp;b"),
    ],
  ])("reads a listing with %s", async (_name, change) => {
    const { result, files, changed } = await syncWhen(change);
    expect(changed).toBe(1);
    expect(result).toMatchObject({ code: 0, stdout: "delete: ./stranger\n", stderr: "" });
    expect(files).toEqual(FILES);
  });

  it.each([
    ["is cut", (xml: string) => xml.slice(0, -30)],
    ["has an entry without a key", (xml: string) => xml.replace("<Key>c</Key>", "")],
    ["has an entry with an empty key", (xml: string) => xml.replace("<Key>c</Key>", "<Key/>")],
    ["has a key that is not what it says it is", (xml: string) => xml.replace("a%26b", "a%2")],
    ["has a size that is none", (xml: string) => xml.replace("<Size>3</Size>", "<Size>0x3</Size>")],
    ["has an unknown entity", (xml: string) => xml.replace("<Key>c<", "<Key>&cee;<")],
    ["is nested wrongly", (xml: string) => xml.replace("</Contents>", "")],
    ["has another root", (xml: string) => xml.replaceAll("ListBucketResult", "ListBucketsResult")],
    ["is empty", () => ""],
    ["is no XML", () => "<html><body>Please log in<br></body></html>"],
  ])("deletes nothing when the listing %s", async (_name, change) => {
    const { result, files, changed } = await syncWhen(change);
    expect(changed).toBeGreaterThan(0);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("The response to the ListObjectsV2 operation is not S3's XML.");
    expect(files).toEqual({ ...FILES, stranger: "x" });
  });
});
