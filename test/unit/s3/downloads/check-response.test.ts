import { describe, expect, it } from "vitest";
import {
  checkResponse,
  isSurelyObject,
  type Question,
  UnknownSize,
} from "../../../../src/s3/downloads/check-response.js";

const TIME = "Fri, 02 Jan 2026 03:04:05 GMT";
const question = (more: Partial<Question> = {}): Question => ({
  asked: { start: 0, end: 10 },
  known: undefined,
  expected: undefined,
  isAlone: true,
  ...more,
});
const check = (status: number, headers: Record<string, string>, more: Partial<Question> = {}) => {
  const { known, end } = checkResponse({ status, headers }, question(more));
  return [known.total, end];
};
const WHOLE = { asked: undefined };
const LATER = { asked: { start: 10, end: 20 }, known: { total: 25, etag: '"e"' } };

describe("checkResponse takes", () => {
  it.each<[string, number, Record<string, string>, Partial<Question>, number, number]>([
    ["a range", 206, { "content-range": "bytes 0-9/25" }, {}, 25, 10],
    [
      "a range that ends with the object",
      206,
      { "content-range": "bytes 0-4/5", "content-length": "5" },
      {},
      5,
      5,
    ],
    ["a range with an ETag", 206, { "content-range": "bytes 0-9/25", etag: '"e"' }, {}, 25, 10],
    ["a unit in capitals", 206, { "content-range": "Bytes 0-9/25" }, {}, 25, 10],
    [
      "a later range",
      206,
      { "content-range": "bytes 10-19/25", "content-length": "10", etag: '"e"' },
      LATER,
      25,
      20,
    ],
    [
      "a later range of an unknown whole",
      206,
      { "content-range": "bytes 10-19/*", etag: '"e"' },
      LATER,
      25,
      20,
    ],
    ["a range of a listed whole", 206, { "content-range": "bytes 0-9/*" }, { expected: 25 }, 25, 10],
    ["nothing as 0--1/0", 206, { "content-range": "bytes 0--1/0", "content-length": "0" }, {}, 0, 0],
    ["nothing as 0-0/0", 206, { "content-range": "bytes 0-0/0" }, {}, 0, 0],
    ["nothing as */0", 206, { "content-range": "bytes */0" }, {}, 0, 0],
    ["the whole by its ETag", 200, { "content-length": "25", etag: '"e"' }, {}, 25, 25],
    ["the whole by its time", 200, { "content-length": "5", "last-modified": TIME }, {}, 5, 5],
    ["the whole by a header of S3's", 200, { "content-length": "5", "x-amz-request-id": "1" }, {}, 5, 5],
    [
      "a page of the store",
      200,
      { "content-length": "5", "last-modified": TIME, "x-amz-request-id": "1", "content-type": "text/html" },
      {},
      5,
      5,
    ],
    [
      "a page of Google's store",
      200,
      { "content-length": "5", "last-modified": TIME, "x-goog-hash": "1", "content-type": "text/html" },
      {},
      5,
      5,
    ],
    [
      "a page with an ETag",
      200,
      { "content-length": "5", etag: '"e"', "content-type": "text/html" },
      {},
      5,
      5,
    ],
    [
      "the whole with its range",
      200,
      { "content-length": "5", "content-range": "bytes 0-4/5", etag: '"e"' },
      {},
      5,
      5,
    ],
    ["nothing with its range", 200, { "content-length": "0", "content-range": "bytes 0-0/0" }, WHOLE, 0, 0],
    ["a whole that was asked for", 200, { "content-length": "5" }, WHOLE, 5, 5],
    [
      "what only mentions a page by its type",
      200,
      { "content-length": "5", "last-modified": TIME, "content-type": "a/b; text/html" },
      {},
      5,
      5,
    ],
    ["a length of 15 digits", 200, { "content-length": "000000000000005" }, WHOLE, 5, 5],
    ["a length twice", 200, { "content-length": "5, 5" }, WHOLE, 5, 5],
    ["a whole without a length, as listed", 200, {}, { ...WHOLE, expected: 5 }, 5, 5],
  ])("%s", (_what, status, headers, more, total, end) => {
    expect(check(status, headers, more)).toEqual([total, end]);
  });
});

describe("checkResponse refuses", () => {
  it.each<[string, number, Record<string, string>, Partial<Question>]>([
    ["the whole on a kept connection", 200, { "content-length": "25", etag: '"e"' }, { isAlone: false }],
    ["a whole that nothing names", 200, { "content-length": "25" }, {}],
    ["a whole by a header of somebody's", 200, { "content-length": "25", "my-x-amz-id": "1" }, {}],
    ["a page", 200, { "content-length": "25", "x-amz-request-id": "1", "content-type": "text/html" }, {}],
    [
      "a page with a time",
      200,
      { "content-length": "25", "last-modified": TIME, "content-type": "text/html; charset=utf-8" },
      {},
    ],
    [
      "a range as the whole",
      200,
      { "content-length": "5", "content-range": "bytes 0-4/10", etag: '"e"' },
      {},
    ],
    [
      "a range as the whole that was asked for",
      200,
      { "content-length": "5", "content-range": "bytes 0-4/10" },
      WHOLE,
    ],
    ["a range of a listed whole as it", 200, { "content-range": "bytes 0-4/10" }, { ...WHOLE, expected: 10 }],
    ["a later range as the whole", 200, { "content-length": "5", "content-range": "bytes 5-9/10" }, WHOLE],
    [
      "a range of an unknown whole as it",
      200,
      { "content-length": "5", "content-range": "bytes 0-4/*" },
      WHOLE,
    ],
    ["the whole to a later range", 200, { "content-length": "25", etag: '"e"' }, LATER],
    [
      "the whole when a range has come",
      200,
      { "content-length": "25", etag: '"e"' },
      { known: { total: 25 } },
    ],
    ["nothing of another unit", 206, { "content-range": "x bytes 0-0/0" }, {}],
    ["nothing of no number", 206, { "content-range": "bytes 0-0/0x" }, {}],
    ["nothing with bytes", 206, { "content-range": "bytes 0-0/0", "content-length": "1" }, {}],
    ["nothing to a later range", 206, { "content-range": "bytes 0-0/0" }, LATER],
    [
      "nothing to a later range, of what nothing is known yet",
      206,
      { "content-range": "bytes 0-0/0" },
      { asked: { start: 10, end: 20 } },
    ],
    [
      "the whole to a later range, of what nothing is known yet",
      200,
      { "content-length": "25", etag: '"e"' },
      { asked: { start: 10, end: 20 } },
    ],
    [
      "the whole to the first range, when it is known already",
      200,
      { "content-length": "25", etag: '"e"' },
      { known: { total: 25, etag: '"e"' } },
    ],
    ["a range under the status of the whole", 200, { "content-range": "bytes 0-9/25" }, {}],
    [
      "a later range of fewer bytes",
      206,
      { "content-range": "bytes 10-19/25", "content-length": "9", etag: '"e"' },
      LATER,
    ],
    ["a later end than was asked for", 206, { "content-range": "bytes 0-10/25" }, {}],
    ["a range of more bytes", 206, { "content-range": "bytes 0-9/25", "content-length": "11" }, {}],
    ["a range of fewer bytes", 206, { "content-range": "bytes 0-9/25", "content-length": "9" }, {}],
    ["a range of no number of bytes", 206, { "content-range": "bytes 0-9/25", "content-length": "x" }, {}],
    ["a status that is no object", 204, { "content-length": "5", etag: '"e"' }, WHOLE],
    ["another range", 206, { "content-range": "bytes 1-9/25" }, {}],
    ["less than was asked for", 206, { "content-range": "bytes 0-8/25" }, {}],
    ["less of a listed whole", 206, { "content-range": "bytes 0-8/*" }, { expected: 25 }],
    ["no range", 206, {}, {}],
    ["a range of another unit", 206, { "content-range": "x bytes 0-9/25" }, {}],
    ["a range of no number", 206, { "content-range": "bytes 0-9/25x" }, {}],
    ["a start of 16 digits", 206, { "content-range": "bytes 0000000000000000-9/25" }, {}],
    ["an end of 16 digits", 206, { "content-range": "bytes 0-0000000000000009/25" }, {}],
    ["a size of 16 digits", 206, { "content-range": "bytes 0-9/0000000000000025" }, {}],
    ["a length of 16 digits", 200, { "content-length": "0000000000000005" }, WHOLE],
    ["a range to a whole", 206, { "content-range": "bytes 0-4/5" }, WHOLE],
    ["two lengths", 200, { "content-length": "5, 6" }, WHOLE],
    ["another size than before", 206, { "content-range": "bytes 10-19/26", etag: '"e"' }, LATER],
    ["another ETag than before", 206, { "content-range": "bytes 10-19/25", etag: '"f"' }, LATER],
  ])("%s", (_what, status, headers, more) => {
    expect(() => check(status, headers, more)).toThrow(/what was asked for|replaced/);
  });

  it("another range, and names both", () => {
    expect(() => check(206, { "content-range": "bytes 1-9/25" })).toThrow(
      'Content-Range "bytes 1-9/25" to bytes=0-9',
    );
  });

  it.each<[number, Record<string, string>, Partial<Question>]>([
    [206, { "content-range": "bytes 0-4/*" }, {}],
    [200, {}, WHOLE],
    [200, { etag: '"e"' }, {}],
  ])("for now what does not tell the size: %i %j", (status, headers, more) => {
    expect(() => check(status, headers, more)).toThrow(UnknownSize);
  });
});

describe("a response is surely an object", () => {
  it.each([
    ["with an ETag", 200, { etag: '"e"', "content-length": "5" }, true],
    ["with the time of its change", 200, { "last-modified": TIME, "content-length": "5" }, true],
    ["to a range", 206, { "content-length": "5" }, true],
    ["larger than an error of S3", 200, { "content-length": "65537" }, true],
    ["of no known length", 200, {}, true],
    ["not as large as an error of S3", 200, { "content-length": "65536" }, false],
    ["not without bytes", 200, { "content-length": "0" }, false],
  ])("%s", (_what, status, headers, expected) => {
    expect(isSurelyObject({ status, headers })).toBe(expected);
  });
});
