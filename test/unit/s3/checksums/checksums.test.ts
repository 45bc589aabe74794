import { createHash } from "node:crypto";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  CHECKSUM_NAMES,
  crcBytes,
  crcFromBytes,
  newChecksum,
} from "../../../../src/s3/checksums/algorithms.js";
import { combineCrcs } from "../../../../src/s3/checksums/combine.js";
import { CrcEngine } from "../../../../src/s3/checksums/crc-engine.js";
import {
  asExpected,
  expectedChecksums,
  mentionsChecksum,
  UnreadableChecksum,
} from "../../../../src/s3/checksums/expected.js";
import { checksumOfFile } from "../../../../src/s3/checksums/of-file.js";
import { CRC32, CRC32C, CRC64NVME } from "../../../../src/s3/checksums/polynomials.js";
import { ShortFile } from "../../../../src/s3/local/short-file.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const polynomials = { CRC32, CRC32C, CRC64NVME };

describe("CrcEngine", () => {
  // The check values of the CRC catalogue: the CRC of the digits.
  it.each([
    ["CRC32", 0xcbf43926n],
    ["CRC32C", 0xe3069283n],
    ["CRC64NVME", 0xae8b14860a799888n],
  ] as const)("computes %s", (name, check) => {
    expect(new CrcEngine(polynomials[name]).update(0n, Buffer.from("123456789"))).toBe(check);
  });

  it("takes 320 KiB: its tables, and a window that a file is read into", () => {
    const { byteOffset, length, buffer } = new CrcEngine(CRC32).window;
    expect([byteOffset, length, buffer.byteLength]).toEqual([16 * 256 * 8, 256 * 1024, 5 * 64 * 1024]);
  });

  it.each(Object.keys(polynomials) as (keyof typeof polynomials)[])(
    "gives the same %s by bytes, by sixteens and by windows, as wide as it is",
    (name) => {
      const engine = new CrcEngine(polynomials[name]);
      const bytes = Buffer.from(Array.from({ length: 2 * 256 * 1024 + 33 }, (_, at) => (at * 31 + 7) % 251));
      for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 255, 256]) {
        let one = 0n;
        for (const byte of bytes.subarray(0, length)) one = engine.update(one, Uint8Array.of(byte));
        expect(engine.update(0n, bytes.subarray(0, length))).toBe(one);
        expect(one >> BigInt(polynomials[name].width)).toBe(0n);
      }
      const window = 256 * 1024;
      for (const length of [window - 1, window, window + 1, 2 * window, bytes.length]) {
        const first = engine.update(0n, bytes.subarray(0, 1000));
        const parts = [1000, 1017, window, length].map((end, index, ends) => ({
          crc: engine.update(0n, bytes.subarray(ends[index - 1] ?? 0, end)),
          length: end - (ends[index - 1] ?? 0),
        }));
        if (length < window)
          parts.splice(2, 2, {
            crc: engine.update(0n, bytes.subarray(1017, length)),
            length: length - 1017,
          });
        const whole = engine.update(0n, bytes.subarray(0, length));
        expect(combineCrcs(polynomials[name], parts)).toBe(whole);
        expect(engine.update(first, bytes.subarray(1000, length))).toBe(whole);
      }
    },
  );

  it("agrees with zlib, whatever the length", () => {
    const engine = new CrcEngine(CRC32);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(2000), (bytes, times) => {
        const data = Buffer.concat(Array.from({ length: times }, () => bytes));
        expect(engine.update(0n, data)).toBe(BigInt(crc32(data)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("combineCrcs", () => {
  it.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("gives the %s of the whole from its pieces", (name) => {
    const engine = new CrcEngine(polynomials[name]);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 }), (pieces) => {
        const crcs = pieces.map((piece) => ({ crc: engine.update(0n, piece), length: piece.length }));
        expect(combineCrcs(polynomials[name], crcs)).toBe(engine.update(0n, Buffer.concat(pieces)));
      }),
      { numRuns: 100 },
    );
  });
});

it("combineCrcs works out once what parts of one length have in common", () => {
  let reads = 0;
  const counted = {
    ...CRC64NVME,
    get width() {
      reads++;
      return CRC64NVME.width;
    },
  };
  const parts = (count: number) => Array.from({ length: count }, () => ({ crc: 5n, length: 8 * 1024 ** 2 }));
  const readsFor = (count: number) => {
    reads = 0;
    combineCrcs(counted, parts(count));
    return reads;
  };
  expect(readsFor(50) - readsFor(1)).toBe(49);
});

describe("combineCrcs of more than 4 GiB", () => {
  it.each(["CRC32", "CRC32C", "CRC64NVME"] as const)("agrees with smaller chunks: %s", (name) => {
    const polynomial = polynomials[name];
    const engine = new CrcEngine(polynomial);
    const a = { crc: engine.update(0n, Buffer.from("123456789")), length: 9 };
    let gap = a;
    while (gap.length < 2 ** 31) gap = { crc: combineCrcs(polynomial, [gap, gap]), length: gap.length * 2 };
    const long = { crc: combineCrcs(polynomial, [gap, gap, gap]), length: gap.length * 3 };
    expect(long.length).toBeGreaterThan(2 ** 32);
    const whole = combineCrcs(polynomial, [a, long, a]);
    expect(whole).toBe(combineCrcs(polynomial, [a, gap, gap, gap, a]));
    expect(whole).not.toBe(combineCrcs(polynomial, [a, gap, a]));
    expect(combineCrcs(polynomial, [a, long])).toBe(combineCrcs(polynomial, [a, gap, gap, gap]));
  });
});

describe("newChecksum", () => {
  it.each(CHECKSUM_NAMES)("%s can be fed in pieces", (name) => {
    const whole = newChecksum(name);
    whole.update(Buffer.from("hello"));
    const pieces = newChecksum(name);
    pieces.update(Buffer.from("hel"));
    pieces.window.set(Buffer.from("lo"));
    pieces.updateFromWindow(2);
    expect(pieces.digest()).toEqual(whole.digest());
  });

  it.each([
    ["CRC64NVME", "ae8b14860a799888"],
    ["CRC32C", "e3069283"],
    ["CRC32", "cbf43926"],
    ["SHA256", createHash("sha256").update("123456789").digest("hex")],
  ] as const)("computes %s from its very start", (name, check) => {
    const checksum = newChecksum(name);
    checksum.update(Buffer.from("123456789"));
    expect(checksum.digest().toString("hex")).toBe(check);
  });

  it("writes CRCs as wide as they are", () => {
    expect(crcBytes(CRC32, 0x1n).toString("hex")).toBe("00000001");
    expect(crcBytes(CRC64NVME, 0x1n).toString("hex")).toBe("0000000000000001");
    expect(crcFromBytes(Buffer.from("ff00", "hex"))).toBe(0xff00n);
  });
});

describe("expectedChecksums", () => {
  const whole = (name: string, value: string) => ({ name, value, isOfOnePart: false });

  it.each([
    [{}, []],
    [{ "x-amz-checksum-crc32": "AAAAAA==" }, [whole("CRC32", "AAAAAA==")]],
    [{ "x-amz-checksum-crc32": "AAAAAA==,AAAAAA==" }, [whole("CRC32", "AAAAAA==")]],
    [{ "x-amz-checksum-crc32": "AAAAAA==-2" }, []],
    [{ "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-type": "COMPOSITE" }, []],
    [{ "x-amz-checksum-md5": "AAAA" }, []],
    [
      { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=", "x-amz-checksum-type": "FULL_OBJECT" },
      [whole("CRC64NVME", "AAAAAAAAAAA=")],
    ],
    [
      { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-crc32c": "AAAAAQ==" },
      [whole("CRC32C", "AAAAAQ=="), whole("CRC32", "AAAAAA==")],
    ],
    [
      { "x-amz-checksum-crc32": "AAAAAA==-1", "x-amz-checksum-type": "COMPOSITE" },
      [{ name: "CRC32", value: "AAAAAA==", isOfOnePart: true }],
    ],
  ])("of %j are %j", (headers, expected) => {
    expect(expectedChecksums(headers as Record<string, string>)).toEqual(expected);
  });

  it.each([
    { "x-amz-checksum-crc32": "!!!!" },
    { "x-amz-checksum-crc32": "" },
    { "x-amz-checksum-crc32": "AAAAAA" },
    { "x-amz-checksum-crc32": "-AAAAAA==" },
    { "x-amz-checksum-crc32": "AAAAAA==-x" },
    { "x-amz-checksum-crc32": "AAAAAA==x" },
    { "x-amz-checksum-crc32": "AAAAAB==" },
    { "x-amz-checksum-crc32": "AAAAAAAAAAA=" },
    { "x-amz-checksum-crc64nvme": "AAAAAA==" },
    { "x-amz-checksum-sha256": "AAAAAA==-x" },
    { "x-amz-checksum-crc32": "AAAAAA==,AAAAAQ==" },
    { "x-amz-checksum-crc32": "AAAAAA==-100000" },
    { "x-amz-checksum-sha512": `${"A".repeat(84)}==` },
    { "x-amz-checksum-sha256": `${"A".repeat(42)}==` },
    { "x-amz-checksum-sha1": `${"A".repeat(26)}==` },
    { "x-amz-checksum-crc32": "AAAAAA==, AAAAAQ==", "x-amz-checksum-type": "COMPOSITE" },
  ])("cannot be read in %j", (headers) => {
    expect(() => expectedChecksums(headers as Record<string, string>)).toThrow(UnreadableChecksum);
  });

  it.each([
    ["CRC64NVME", 8],
    ["CRC32C", 4],
    ["CRC32", 4],
    ["SHA512", 64],
    ["SHA256", 32],
    ["SHA1", 20],
  ] as const)("have the length of a %s, and no other", (name, length) => {
    const header = (bytes: number) => ({
      [`x-amz-checksum-${name.toLowerCase()}`]: Buffer.alloc(bytes, 1).toString("base64"),
    });
    expect(newChecksum(name).digest()).toHaveLength(length);
    expect(expectedChecksums(header(length))).toEqual([
      whole(name, Buffer.alloc(length, 1).toString("base64")),
    ]);
    for (const other of [length - 1, length + 1])
      expect(() => expectedChecksums(header(other))).toThrow(UnreadableChecksum);
  });

  it("of one part are that part's checksum's", () => {
    const digest = createHash("sha256").update("hello").digest();
    const twice = createHash("sha256").update(digest).digest("base64");
    expect(asExpected({ name: "SHA256", value: "", isOfOnePart: true }, digest)).toBe(twice);
    expect(asExpected({ name: "SHA256", value: "", isOfOnePart: false }, digest)).toBe(
      digest.toString("base64"),
    );
  });

  it("is told apart from silence", () => {
    expect(mentionsChecksum({ "x-amz-checksum-sha512": "AAAA" })).toBe(true);
    expect(mentionsChecksum({ etag: "x" })).toBe(false);
  });
});

describe("checksumOfFile", () => {
  // The open file outlives its name.
  using folder = temporaryFolder();
  const bytes = Buffer.from(Array.from({ length: 256 * 1024 + 20 }, (_, at) => at % 251));
  writeFileSync(folder.at("f"), bytes);
  const fd = openSync(folder.at("f"), "r");
  afterAll(() => closeSync(fd));

  it.each([
    [0, 0],
    [3, 10],
    [0, 256 * 1024],
    [5, 256 * 1024 + 15],
    [0, 256 * 1024 + 10],
  ])("from byte %i on %i bytes", (start, length) => {
    for (const name of CHECKSUM_NAMES) {
      const expected = newChecksum(name);
      expected.update(bytes.subarray(start, start + length));
      expect(checksumOfFile(name, fd, start, length)).toEqual(expected.digest());
    }
  });

  it("tells how much is missing of a file that is shorter", () => {
    expect(() => checksumOfFile("CRC32", fd, 5, 256 * 1024 + 16)).toThrow(ShortFile);
    expect(() => checksumOfFile("CRC32", fd, 5, 256 * 1024 + 16)).toThrow(/\b1 bytes are missing/);
  });
});

it("windows of checksums without memory of their own are of 256 KiB", () => {
  expect(newChecksum("SHA1").window).toHaveLength(256 * 1024);
});

it("checksums of small objects allocate no window each", () => {
  expect(newChecksum("CRC32").window).toBe(newChecksum("SHA256").window);
  expect(newChecksum("CRC64NVME").window).toBe(newChecksum("CRC64NVME").window);
});
