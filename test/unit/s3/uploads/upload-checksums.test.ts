import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { RefusedHeaders } from "../../../../src/s3/requests/refused-headers.js";
import type { WriteParameters } from "../../../../src/s3/store.js";
import { UploadChecksums } from "../../../../src/s3/uploads/upload-checksums.js";
import { errorOf } from "../../../support/refusing-store.js";

const error = (status: number, code: string, message = "m") =>
  new ServerError(errorOf(status, code, message), "PutObject");

type Calculation = ConstructorParameters<typeof UploadChecksums>[0];

function made(calculation: Calculation = "when_supported", isTls = true) {
  const refused = new RefusedHeaders();
  return { refused, checksums: new UploadChecksums(calculation, isTls, refused) };
}

/** Uploads that fail with these errors, one after the other, and then do not: what each try carried, and how it ended. */
async function upload(
  checksums: UploadChecksums,
  errors: readonly Error[],
  parameters: WriteParameters = {},
): Promise<{ tries: string[]; thrown: unknown }> {
  const left = [...errors];
  const tries: string[] = [];
  const thrown = await checksums
    .with(parameters, async (name) => {
      const { wantsMd5, signsBodies } = checksums;
      tries.push([name ?? "none", wantsMd5 && "MD5", signsBodies && "signed"].filter(Boolean).join(" "));
      const next = left.shift();
      if (next !== undefined) throw next;
    })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  return { tries, thrown };
}

const NO_MD5 = error(400, "MissingContentMD5");
const UNSIGNED = error(400, "InvalidRequest", "UNSIGNED-PAYLOAD is not supported.");
const NO_CHECKSUM = error(400, "InvalidArgument", "Unsupported header 'x-amz-checksum-crc64nvme'");
const ELSE_MISSING = new ServerError(
  {
    ...errorOf(501, "NotImplemented", "m"),
    body: Buffer.from("<Error><Code>NotImplemented</Code><Header>Transfer-Encoding</Header></Error>"),
  },
  "PutObject",
);
const DENIED = error(403, "AccessDenied");

describe("an upload is tried again", () => {
  it.each<[string, Error, string]>([
    ["with Content-MD5 by its code", NO_MD5, "CRC64NVME MD5"],
    ["with Content-MD5 by its code, whatever its status", error(500, "MissingContentMD5"), "CRC64NVME MD5"],
    ["with Content-MD5 by its words", error(499, "Other", "Content-MD5 is required"), "CRC64NVME MD5"],
    ["with its body signed", UNSIGNED, "CRC64NVME signed"],
    ["with its body signed, whatever the status", error(500, "X", "UNSIGNED-PAYLOAD"), "CRC64NVME signed"],
    ["without a checksum that is named", NO_CHECKSUM, "none MD5"],
    ["without a checksum by its algorithm", error(400, "InvalidRequest", "CRC64NVME?"), "none MD5"],
    ["without a checksum where something is not implemented", error(501, "NotImplemented"), "none MD5"],
  ])("%s", async (_how, first, second) => {
    const { checksums } = made();
    expect(await upload(checksums, [first])).toEqual({ tries: ["CRC64NVME", second], thrown: undefined });
  });

  it("with all of that, each once", async () => {
    const { checksums } = made();
    const { tries } = await upload(checksums, [UNSIGNED, NO_MD5, NO_CHECKSUM]);
    expect(tries).toEqual(["CRC64NVME", "CRC64NVME signed", "CRC64NVME MD5 signed", "none MD5 signed"]);
  });

  it.each([
    ["for a server error that mentions Content-MD5", error(500, "InternalError", "Content-MD5 is required")],
    ["for a refusal that names something else", error(400, "InvalidRequest")],
    ["for a checksum that does not match", error(400, "InvalidRequest", "the checksum does not match")],
    ["for a missing permission", DENIED],
    ["for another header that is not implemented", ELSE_MISSING],
    [
      "for what no server said",
      Object.assign(new Error("Content-MD5 is required, not UNSIGNED-PAYLOAD"), { status: 400 }),
    ],
  ])("never %s", async (_why, first) => {
    expect(await upload(made().checksums, [first])).toEqual({ tries: ["CRC64NVME"], thrown: first });
  });

  it.each([
    ["Content-MD5", NO_MD5],
    ["a signed body", UNSIGNED],
  ])("once only for %s", async (_what, failure) => {
    const { tries, thrown } = await upload(made().checksums, [failure, failure]);
    expect(tries).toHaveLength(2);
    expect(thrown).toBe(failure);
  });

  it("with the checksum that the user asked for, or not at all", async () => {
    const asked = { checksumAlgorithm: "sha256" };
    const { checksums } = made();
    expect(await upload(checksums, [NO_CHECKSUM], asked)).toEqual({ tries: ["SHA256"], thrown: NO_CHECKSUM });
    expect((await upload(checksums, [NO_MD5], asked)).tries).toEqual(["SHA256", "SHA256 MD5"]);
  });

  it("not without a checksum where none was sent", async () => {
    const { checksums } = made("when_required");
    expect(await upload(checksums, [NO_CHECKSUM])).toEqual({ tries: ["none"], thrown: NO_CHECKSUM });
  });
});

describe("what is remembered of a server", () => {
  it("is that it takes no checksum, once an upload without one has been stored", async () => {
    const { checksums, refused } = made();
    expect(await upload(checksums, [NO_CHECKSUM, DENIED])).toMatchObject({ thrown: DENIED });
    expect(refused.isRefused("x-amz-checksum-*")).toBe(false);
    expect(checksums.for({})).toBe("CRC64NVME");
    await upload(checksums, [NO_CHECKSUM]);
    expect(checksums.for({})).toBeUndefined();
    expect(checksums.for({ checksumAlgorithm: "crc32" })).toBe("CRC32");
    expect((await upload(checksums, [])).tries).toEqual(["none MD5"]);
  });

  it("is that it ignores checksums: bodies are signed instead", () => {
    const { checksums } = made();
    expect([checksums.for({}), checksums.signsBodies]).toEqual(["CRC64NVME", false]);
    checksums.ignored();
    expect([checksums.for({}), checksums.signsBodies]).toEqual([undefined, true]);
  });

  it("is that it names checksums", () => {
    const { checksums } = made();
    expect(checksums.areNamed).toBe(false);
    checksums.named();
    expect(checksums.areNamed).toBe(true);
  });
});

it.each([
  [undefined, "CRC64NVME"],
  ["when_supported", "CRC64NVME"],
  ["when_required", undefined],
] as const)("request_checksum_calculation %s has an upload carry %s", (calculation, name) => {
  expect(made(calculation as Calculation).checksums.for({})).toBe(name);
});

it.each([
  [false, "CRC32", false, true],
  [true, "CRC32", false, false],
  [true, "CRC32", true, true],
  [true, undefined, false, true],
] as const)(
  "over TLS: %s, with the checksum %s and the body signed: %s, a silent server has compared: %s",
  (isTls, name, signsBody, expected) => {
    expect(made("when_supported", isTls).checksums.hasCompared(name, signsBody)).toBe(expected);
  },
);
