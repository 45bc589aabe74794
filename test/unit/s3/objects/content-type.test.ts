import { describe, expect, it } from "vitest";
import { contentTypeOf } from "../../../../src/s3/objects/content-type.js";
import { PYTHON_TYPES } from "./python-types.js";

/** By Python's rule a suffix of a compression is taken off first. */
const COMPRESSIONS = ["gz", "bz2", "xz", "br", "Z"];

describe("contentTypeOf, as Python's mimetypes", () => {
  const table = PYTHON_TYPES.trim()
    .split("\n")
    .map((line) => line.split(" ") as [string, string]);

  it("knows every extension that Python does", () => {
    expect(table.length).toBeGreaterThan(190);
    const known = table.filter(([extension]) => !COMPRESSIONS.includes(extension));
    const ours = known.map(([extension]) => [extension, contentTypeOf(`dir.x/name.${extension}`)]);
    expect(ours).toEqual(known);
    expect(known.map(([extension]) => [extension, contentTypeOf(`N.${extension.toUpperCase()}`)])).toEqual(
      known,
    );
  });

  it.each(["jar", "toml", "ts", "tsx", "map", "log", "jsonl", "conf", "gz", "br", "zst", "midi", "pict"])(
    "knows no more than Python: %s",
    (extension) => expect(contentTypeOf(`name.${extension}`)).toBeUndefined(),
  );

  it.each([
    ["x/y.txt", "text/plain"],
    ["Y.HTML", "text/html"],
    ["app.js", "text/javascript"],
    ["feed.xml", "text/xml"],
    ["a.tar.gz", "application/x-tar"],
    ["a.tar.Z", "application/x-tar"],
    ["a.tar.z", undefined],
    ["a.txt.GZ", "application/gzip"],
    ["a.txt.gz", "text/plain"],
    ["a.js.br", "text/javascript"],
    ["a.gz.gz", "application/gzip"],
    ["a.TGZ", "application/x-tar"],
    ["a.tbz2", "application/x-tar"],
    ["a.tgz.gz", undefined],
    ["a.svgz", "image/svg+xml"],
    ["a.unknown", undefined],
    [".txt", undefined],
    ["..txt", undefined],
    ["d.txt/noext", undefined],
    ["a.", undefined],
    ["a.constructor", undefined],
  ])("%s: %s", (name, type) => {
    expect(contentTypeOf(name)).toBe(type);
  });
});
