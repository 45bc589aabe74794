import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  isChecksumOf,
  isProvenToBe,
  namesChecksum,
  type PartOfWhole,
  type WholeObject,
  wholeCopy,
  wholeObject,
} from "../../../../src/s3/uploads/whole-object.js";
import { checksumOf } from "../../../support/s3-server/checksums.js";

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
    ["not by an ETag with quotes within", there(7, ETAG.replace("89", '89"')), false],
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

describe("what the parts make", () => {
  const TEXTS = ["some ", "more bytes", "!"].map((text) => Buffer.from(text));
  const ALL = Buffer.concat(TEXTS);
  const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest();
  const partsBy = (name: Parameters<typeof checksumOf>[0]): PartOfWhole[] =>
    TEXTS.map((bytes) => ({
      size: bytes.length,
      etag: `"${md5(bytes).toString("hex")}"`,
      own: checksumOf(name, bytes),
    }));

  it.each(["CRC64NVME", "CRC32C", "CRC32", "SHA512", "SHA256", "SHA1"] as const)("by %s", (name) => {
    const parts = partsBy(name);
    const digests = Buffer.concat(parts.map(({ own = "" }) => Buffer.from(own, "base64")));
    expect(wholeObject(name, parts)).toEqual({
      size: ALL.length,
      etag: `${md5(Buffer.concat(TEXTS.map(md5))).toString("hex")}-3`,
      checksum: {
        name,
        full: name.startsWith("CRC") ? checksumOf(name, ALL) : undefined,
        composite: checksumOf(name, digests),
      },
    });
  });

  it("has no checksum where one part has none, or none was computed", () => {
    const [first, ...others] = partsBy("CRC32");
    expect(
      wholeObject("CRC32", [{ ...first, own: undefined } as PartOfWhole, ...others]).checksum,
    ).toBeUndefined();
    expect(wholeObject(undefined, others).checksum).toBeUndefined();
  });

  it.each(["x", "", `"${"a".repeat(31)}"`, `"${"a".repeat(33)}"`, `"${"a".repeat(32)}-1"`])(
    "has no ETag where a part's is %j",
    (etag) => {
      const [first, ...others] = partsBy("CRC32");
      expect(wholeObject("CRC32", [...others, { ...first, etag } as PartOfWhole]).etag).toBeUndefined();
    },
  );

  it("is, of a copy, its source by CRC64NVME, unless another checksum was asked for", () => {
    const source = { size: 16, headers: { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" } };
    const checksum = { name: "CRC64NVME", full: "AAAAAAAAAAA=", composite: "AAAAAAAAAAA=" };
    const parts = partsBy("CRC32");
    expect(wholeCopy(source, parts, undefined)).toMatchObject({ size: 16, checksum });
    expect(wholeCopy(source, parts, "CRC64NVME").checksum).toEqual(checksum);
    expect(wholeCopy(source, parts, "CRC32").checksum).toBeUndefined();
    expect(wholeCopy({ size: 16, headers: {} }, parts, undefined).checksum).toBeUndefined();
  });

  it.each([
    ["AAAAAAAAAAA=", true],
    ["BBBBBBBBBBB=-2", true],
    ["BBBBBBBBBBB=", true],
    ["CCCCCCCCCCC=", false],
    ["BBBB-2BBBBBBB=", false],
    ["", false],
  ])("has the checksum %j: %s", (value, expected) => {
    expect(isChecksumOf(whole, value)).toBe(expected);
    expect(isChecksumOf({ ...whole, checksum: undefined }, value)).toBe(false);
  });

  it("is named by a checksum of its own kind only", () => {
    const named = { headers: { "x-amz-checksum-crc64nvme": "x" } };
    expect(namesChecksum(whole, named)).toBe(true);
    expect(namesChecksum(whole, { headers: { "x-amz-checksum-crc32": "x" } })).toBe(false);
    expect(namesChecksum({ ...whole, checksum: undefined }, named)).toBe(false);
  });
});
