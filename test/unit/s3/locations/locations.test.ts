import { describe, expect, it } from "vitest";
import { displayBelow, displayPath } from "../../../../src/s3/locations/display-path.js";
import { parseRoute } from "../../../../src/s3/locations/location.js";
import { meantS3Uri } from "../../../../src/s3/locations/meant-uri.js";
import { formatS3Uri, parseS3Uri, requireKey } from "../../../../src/s3/locations/uri.js";

describe("parseS3Uri", () => {
  const arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine";
  const outpost = "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/mine";
  const cases: readonly (readonly [text: string, bucket: string, key: string])[] = [
    ["s3://b", "b", ""],
    ["s3://b/", "b", ""],
    ["s3://b/k", "b", "k"],
    ["s3://b//k", "b", "/k"],
    ["s3://b/a/b c%20", "b", "a/b c%20"],
    ["s3://b/line\nbreak", "b", "line\nbreak"],
    ["b/k", "b", "k"],
    [`s3://${arn}`, arn, ""],
    [`s3://${arn}/d/k`, arn, "d/k"],
    [`s3://${outpost}/d/k`, outpost, "d/k"],
  ];
  it.each(cases)("%j", (text, bucket, key) => {
    expect(parseS3Uri(text)).toEqual({ bucket, key });
  });

  it.each([
    ["s3://", "s3-uri-without-bucket"],
    ["s3:///k", "s3-uri-without-bucket"],
    ["s3:/b/k", "s3-uri-without-bucket"],
    ["S3://b/k", "s3-uri-without-bucket"],
    ["s3://arn:aws:s3::123456789012:accesspoint/x.mrap/k", "s3-arn-unsupported"],
    ["s3://arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/x/k", "s3-arn-unsupported"],
    ["s3://arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/bucket/b/k", "s3-arn-unsupported"],
  ])("refuses %j: %s", (text, id) => {
    expect(() => parseS3Uri(text)).toThrow(expect.objectContaining({ id, exitCode: 252 }));
  });

  it("needs a key where one object is meant", () => {
    expect(() => requireKey({ bucket: "b", key: "" })).toThrow(
      expect.objectContaining({ id: "s3-uri-without-key" }),
    );
    expect(requireKey({ bucket: "b", key: "k" })).toEqual({ bucket: "b", key: "k" });
    expect(formatS3Uri("b", "k")).toBe("s3://b/k");
  });
});

describe("meantS3Uri", () => {
  it.each([
    ["s3:/b/k", "s3://b/k"],
    ["s3:b/k", "s3://b/k"],
    ["s3:///b/k", "s3://b/k"],
    ["S3://b/k", "s3://b/k"],
    ["s3//b", "s3://b"],
    ["s3a://b/k", "s3://b/k"],
    ["s3n://b/k", "s3://b/k"],
    ["arn:aws:s3:::b/d/k:1", "s3://b/d/k:1"],
    ["s3://arn:aws-cn:s3:::b", "s3://b"],
    ["https://b.s3.eu-west-1.amazonaws.com/d/k", "s3://b/d/k"],
    ["https://b.s3.amazonaws.com/a%20b?X-Amz-Signature=abc", "s3://b/a b"],
    ["HTTPS://my.b.s3-eu-west-1.amazonaws.com/k", "s3://my.b/k"],
    ["https://b.s3.dualstack.cn-north-1.amazonaws.com.cn/k", "s3://b/k"],
    ["https://b.s3-accelerate.amazonaws.com/k", "s3://b/k"],
    ["https://s3-like.s3.amazonaws.com/k", "s3://s3-like/k"],
    ["https://s3.eu-west-1.amazonaws.com/b/d/k", "s3://b/d/k"],
    ["https://s3-us-west-2.amazonaws.com/b/k", "s3://b/k"],
    ["https://s3.amazonaws.com/b", "s3://b"],
    ["http://b.s3-website-eu-west-1.amazonaws.com/k", "s3://b/k"],
    ["http://b.s3-website.eu-central-1.amazonaws.com/", "s3://b/"],
    ["https://s3.console.aws.amazon.com/s3/object/b?region=us-east-1&prefix=d/k", "s3://b/d/k"],
    ["https://us-east-1.console.aws.amazon.com/s3/buckets/b?prefix=d%2F&showversions=false", "s3://b/d/"],
    ["https://console.amazonaws.cn/s3/buckets/b", "s3://b/"],
    ["https://b.s3.us-west-001.backblazeb2.com/k", "s3://b/k"],
    ["https://storage.googleapis.com/b/k", "s3://b/k"],
    ["https://0123.r2.cloudflarestorage.com/b/k", "s3://b/k"],
    ["http://localhost:9000/b/k", "s3://b/k"],
    ["http://10.0.0.1/b/k", "s3://b/k"],
    ["s3://https://b.s3.amazonaws.com/k", "s3://b/k"],
  ])("%j: %s", (text, meant) => {
    expect(meantS3Uri(text)).toBe(meant);
  });

  it.each([
    "s3://b/k",
    "s3://",
    "s3:",
    "s3",
    "s3/b",
    "b/k",
    "./s3:/b",
    "-",
    "arn:aws:s3:eu-west-1:1:accesspoint/x",
    "https://example.com/file.tgz",
    "https://s3.eu-west-1.amazonaws.com/",
    "https://console.aws.amazon.com/s3/home",
    "https://",
    "./https:/x",
  ])("%j: nothing else", (text) => {
    expect(meantS3Uri(text)).toBeUndefined();
  });
});

describe("parseRoute", () => {
  it("tells the direction", () => {
    expect(parseRoute("s3://b/k", "x", false).direction).toBe("download");
    expect(parseRoute("s3://b/k", "-", false).target).toEqual({ kind: "stream" });
    expect(parseRoute("-", "s3://b/k", false)).toMatchObject({
      direction: "upload",
      source: { kind: "stream" },
    });
    expect(parseRoute("s3://b/k", "s3://c/k", true).direction).toBe("copy");
  });

  it("refuses local copies, and streams of many", () => {
    expect(() => parseRoute("s3:/b/k", "b", false)).toThrow(
      expect.objectContaining({ id: "no-s3-side", hint: "Did you mean s3://b/k?" }),
    );
    expect(() => parseRoute("a", "b", false)).toThrow(expect.objectContaining({ id: "no-s3-side" }));
    expect(() => parseRoute("-", "s3://b/k", true)).toThrow(
      expect.objectContaining({ id: "stream-of-many" }),
    );
  });
});

describe("displayPath, as os.path.relpath of the folder", () => {
  const cases: readonly (readonly [path: string, shown: string])[] = [
    ["/w/d/f", "./f"],
    ["/w/d/sub/f", "sub/f"],
    ["/w/f", "../f"],
    ["/f", "../../f"],
    ["/x/y/f", "../../x/y/f"],
  ];
  it.each(cases)("%s from /w/d is %s", (path, shown) => {
    expect(displayPath(path, "/w/d")).toBe(shown);
  });

  it("says the same of files below a root", () => {
    for (const root of ["/w/d", "/w", "/", "/w/d/sub", "/x", "/w/dd"]) {
      const below = displayBelow(root, "/w/d");
      for (const name of ["f", "d/f", "e/f", "w/d/f"]) {
        expect(below(name)).toBe(displayPath(`${root === "/" ? "" : root}/${name}`, "/w/d"));
      }
    }
  });
});
