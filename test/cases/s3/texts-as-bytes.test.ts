import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const world = builtWorld();
const secure = builtWorld({ tls: true });

/** As the headers of `node:http` show bytes. */
const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const TEXT = 'attachment; filename="č Ċ 日本 😀.txt"';

/** By size: in memory, streamed, and in several parts. */
const SIZES = [3, 100_000, 20 * 1024 * 1024];

describe.concurrent.each([
  ["http", () => world],
  ["https", () => secure],
] as const)("over %s", (_scheme, of) => {
  it.each(SIZES)("a header outside ASCII is signed and sent as UTF-8 (%i bytes)", async (size) => {
    const { server, run, bucket, place } = of();
    const name = bucket();
    const folder = place({ f: "x".repeat(size) });
    const args = [
      ["--content-disposition", TEXT],
      ["--cache-control", "č"],
      ["--content-language", "à"],
      ["--website-redirect", "/ü\u00a0"],
    ].flat();
    const result = await run(["cp", "f", `s3://${name}/k`, ...args], {
      cwd: folder,
      env: { AWS_CA_BUNDLE: server.certificateFile },
    });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(server.object(name, "k")?.headers).toMatchObject({
      "content-disposition": utf8(TEXT),
      "cache-control": utf8("č"),
      "content-language": utf8("à"),
      "x-amz-website-redirect-location": utf8("/ü\u00a0"),
    });
  });
});

describe.concurrent("a text that cannot be a header", () => {
  it.each([
    ['{"a":"\\ud800"}', "non-ASCII characters found in the value of 'a'"],
    ["a=ü", "non-ASCII characters found in the value of 'a'"],
    ['{"a":"\\u000a"}', "--metadata holds a line break"],
  ])("--metadata %j: exit 252, nothing sent", async (metadata, line) => {
    const name = world.bucket();
    const result = await world.run(["cp", "f", `s3://${name}/k`, "--metadata", metadata], {
      cwd: world.place({ f: "x" }),
    });
    expect(result.code).toBe(252);
    expect(result.stderr).toContain(line);
    expect(world.server.requests.filter(({ bucket }) => bucket === name)).toEqual([]);
  });

  it("a letter whose low byte is a line feed starts no header and no request of its own", async () => {
    const name = world.bucket();
    const value = "\u010d\u010aX-Evil: 1\u010d\u010a\u010d\u010aGET /evil HTTP/1.1";
    const result = await world.run(["cp", "f", `s3://${name}/k`, "--cache-control", value], {
      cwd: world.place({ f: "x" }),
    });
    expect(result.code).toBe(0);
    const requests = world.server.requests.filter(({ bucket }) => bucket === name);
    expect(requests.map(({ operation, headers }) => [operation, headers["x-evil"]])).toEqual([
      ["PutObject", undefined],
    ]);
    expect(world.server.object(name, "k")?.headers["cache-control"]).toBe(utf8(value));
  });
});

describe.concurrent("cp s3://b/k s3://b/j", () => {
  const metadata = {
    utf8: utf8("grüße č 日本"),
    latin1: "caf\xe9",
    rfc2047: "=?UTF-8?B?w7w=?=",
    percent: "a%20b%C3%BC",
    plain: "a  b",
  };
  const headers = {
    "content-type": "text/plain",
    "cache-control": utf8("ü"),
    // node:http, which the test's server is made of, recodes this one when it answers.
    "content-disposition": "attachment; filename*=UTF-8''%C4%8D.txt",
    "content-language": "de",
    expires: "0",
  };

  it.each([
    [[], {}],
    [["--metadata-directive", "COPY"], {}],
    [["--content-language", "fr"], { "content-language": "fr" }],
    [["--cache-control", "č"], { "cache-control": utf8("č") }],
  ])("with %j leaves metadata and headers as they were", async (args, changed) => {
    const name = world.bucket();
    world.server.put(name, "k", "x", { metadata, headers });
    const result = await world.run(["cp", `s3://${name}/k`, `s3://${name}/j`, ...args]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    const copy = world.server.object(name, "j");
    expect(copy?.metadata).toEqual(metadata);
    expect(copy?.headers).toEqual({ ...headers, ...changed });
  });

  it("sync does as cp", async () => {
    const [from, to] = [world.bucket(), world.bucket()];
    world.server.put(from, "k", "x", { metadata, headers });
    const result = await world.run(["sync", `s3://${from}`, `s3://${to}`, "--content-language", "fr"]);
    expect(result.code).toBe(0);
    expect(world.server.object(to, "k")).toMatchObject({
      metadata,
      headers: { ...headers, "content-language": "fr" },
    });
  });
});
