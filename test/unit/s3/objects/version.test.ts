import { describe, expect, it } from "vitest";
import { isSameVersion, matchableETag } from "../../../../src/s3/objects/version.js";

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";

describe("an ETag for If-Match", () => {
  it.each([`"${MD5}"`, `"${MD5}-12"`, '"0x8DC"', '"CKq="', `"${"1".repeat(32)}"`])("%s", (etag) => {
    expect(matchableETag(etag)).toBe(etag);
  });

  it.each([undefined, "", '""', MD5, `W/"${MD5}"`, `"${MD5.toUpperCase()}"`, `"${MD5.toUpperCase()}-2"`])(
    "is not %s",
    (etag) => {
      expect(matchableETag(etag)).toBeUndefined();
    },
  );
});

describe("the same version", () => {
  it.each([
    [{ etag: `"${MD5}"`, lastModified: 1 }, { etag: `"${MD5}"`, lastModified: 2 }, true],
    [{ etag: '"AbC"' }, { etag: '"abc"' }, false],
    [{ etag: `W/"${MD5}"`, lastModified: 1 }, { etag: `"${MD5}"`, lastModified: 1 }, true],
    [{ etag: `W/"${MD5}"`, lastModified: 1 }, { etag: `W/"${MD5}"`, lastModified: 2 }, false],
    [{ etag: MD5, lastModified: 1 }, { etag: `"${MD5.toUpperCase()}"`, lastModified: 1 }, true],
    [{ etag: `"${MD5}"` }, {}, false],
    [{ lastModified: 1 }, { lastModified: 1 }, true],
    [{ lastModified: 1 }, { lastModified: 2 }, false],
    [{}, { lastModified: 1 }, true],
  ])("%j and %j: %s", (a, b, same) => {
    expect(isSameVersion(a, b)).toBe(same);
    expect(isSameVersion(b, a)).toBe(same);
  });
});
