import { describe, expect, it } from "vitest";
import { isProvenToBe, type WholeObject } from "../../../../src/s3/uploads/whole-object.js";

const ETAG = `${"0123456789abcdef".repeat(2)}-2`;
const whole: WholeObject = {
  size: 7,
  etag: ETAG,
  checksum: { name: "CRC64NVME", full: "AAAAAAAAAAA=", composite: "BBBBBBBBBBB=" },
};
const there = (size: number, etag: string, checksum?: string) => ({
  size,
  etag,
  headers: checksum === undefined ? {} : { "x-amz-checksum-crc64nvme": checksum },
});

describe("what is at the target is proven to be the upload's", () => {
  it.each([
    ["by its checksum", there(7, '"another-2"', "AAAAAAAAAAA="), true],
    ["by its ETag, where no checksum is named", there(7, `"${ETAG}"`), true],
    ["by its ETag in capitals, without quotes", there(7, ETAG.toUpperCase()), true],
    ["not by its ETag against its checksum", there(7, `"${ETAG}"`, "CCCCCCCCCCC="), false],
    ["not by the number of its parts", there(7, `"${"f".repeat(32)}-2"`), false],
    ["not by its size alone", there(7, '"another"'), false],
    ["not with another size: checksum", there(8, `"${ETAG}"`, "AAAAAAAAAAA="), false],
    ["not with another size: ETag", there(8, `"${ETAG}"`), false],
  ])("%s", (_, head, isProven) => {
    expect(isProvenToBe(whole, head)).toBe(isProven);
  });

  it("not where no ETag follows from the parts, and none is there", () => {
    const unknown = { ...whole, etag: undefined, checksum: undefined };
    expect(isProvenToBe(unknown, { size: 7, headers: {} })).toBe(false);
  });
});
