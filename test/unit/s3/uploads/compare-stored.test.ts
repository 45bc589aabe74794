import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { compareStored, isMd5Of, looksLikeMd5 } from "../../../../src/s3/uploads/compare-stored.js";
import { bufferPart } from "../../../../src/s3/uploads/part-source.js";
import { checksumOf } from "../../../support/s3-server/checksums.js";

const BODY = Buffer.from("some bytes");
const part = bufferPart(BODY);
const CRC32 = checksumOf("CRC32", BODY);
const CRC64NVME = checksumOf("CRC64NVME", BODY);
const MD5 = createHash("md5").update(BODY).digest("hex");

describe("what a server says of what it stored", () => {
  it.each<[string, Record<string, string>, string]>([
    ["nothing", {}, "untold"],
    ["an empty checksum", { "x-amz-checksum-crc32": "" }, "untold"],
    ["a checksum of a kind that is not computed", { "x-amz-checksum-md5": "AAAA" }, "untold"],
    ["the right checksum of another kind", { "x-amz-checksum-crc32": CRC32 }, "right"],
    ["the right checksum", { "x-amz-checksum-crc64nvme": CRC64NVME }, "right"],
    [
      "the right one beside an empty one",
      { "x-amz-checksum-crc64nvme": CRC64NVME, "x-amz-checksum-crc32": "" },
      "right",
    ],
    ["a wrong checksum of another kind", { "x-amz-checksum-crc32": "AAAAAA==" }, "wrong"],
    ["a wrong checksum", { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" }, "wrong"],
    [
      "a wrong one beside the right one",
      { "x-amz-checksum-crc64nvme": CRC64NVME, "x-amz-checksum-crc32": "AAAAAA==" },
      "wrong",
    ],
  ])("%s", (_what, headers, is) => {
    for (const sent of [undefined, { name: "CRC64NVME", value: CRC64NVME } as const])
      expect(compareStored(part, sent, headers).is).toBe(is);
  });

  it("is compared with what was sent, which is not computed again", () => {
    let computed = 0;
    const counting = {
      ...part,
      checksum: (name: Parameters<typeof part.checksum>[0]) => {
        computed++;
        return part.checksum(name);
      },
    };
    const sent = { name: "CRC64NVME", value: "sent" } as const;
    expect(compareStored(counting, sent, { "x-amz-checksum-crc64nvme": "told" })).toEqual({
      is: "wrong",
      stored: { name: "CRC64NVME", value: "told" },
      own: sent,
    });
    expect(computed).toBe(0);
    expect(compareStored(counting, sent, { "x-amz-checksum-crc32": "told" })).toEqual({
      is: "wrong",
      stored: { name: "CRC32", value: "told" },
      own: { name: "CRC32", value: CRC32 },
    });
    expect(computed).toBe(1);
  });
});

describe("an ETag looks like an MD5", () => {
  const KMS = { "x-amz-server-side-encryption": "aws:kms" };
  const CUSTOMER = { "x-amz-server-side-encryption-customer-algorithm": "AES256" };
  it.each<[string | undefined, Record<string, string>, boolean]>([
    [`"${MD5}"`, {}, true],
    [MD5.toUpperCase(), {}, true],
    [`W/"${MD5}"`, {}, true],
    [`"${MD5}"`, { "x-amz-server-side-encryption": "AES256" }, true],
    [`"${MD5}"`, KMS, false],
    [`"${MD5}"`, { "x-amz-server-side-encryption": "aws:kms:dsse" }, false],
    [`"${MD5}"`, CUSTOMER, false],
    [`"${MD5}"`, { ...KMS, ...CUSTOMER }, false],
    [`"${MD5}-2"`, {}, false],
    [`"${MD5.slice(1)}"`, {}, false],
    [`"${MD5}0"`, {}, false],
    [`"-${MD5}"`, {}, false],
    ["", {}, false],
    [undefined, {}, false],
  ])("%s with %j: %s", (etag, headers, expected) => {
    expect(looksLikeMd5(etag, headers)).toBe(expected);
  });
});

it.each([
  [`"${MD5}"`, true],
  [MD5.toUpperCase(), true],
  [`W/"${MD5}"`, true],
  [`"${MD5.replace(/./, (digit) => (digit === "0" ? "1" : "0"))}"`, false],
  [`"${MD5}-1"`, false],
  [`"0${MD5}"`, false],
  ["", false],
  [undefined, false],
])("the ETag %s is the MD5 of the bytes: %s", (etag, expected) => {
  expect(isMd5Of(part, etag)).toBe(expected);
});
