import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import type { Response } from "../../../support/s3-server/operation.js";
import { parameter, type S3Request } from "../../../support/s3-server/s3-request.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };
const WRONG = "AAAAAAAAAAA=";
const NAMES = ["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"];

function fileOf({ folder }: StoreWorld, size: number) {
  const body = Buffer.alloc(size);
  for (let index = 0; index < size; index += 61) body[index] = index % 251;
  writeFileSync(folder.at("f"), body);
  return { body, source: { kind: "file", path: folder.at("f") } as const };
}

/** A server that names a wrong checksum of what it has stored, so many times. */
function nameWrong(world: StoreWorld, operation: string, times: number, header = "x-amz-checksum-crc64nvme") {
  let named = 0;
  world.server.alter = (answer: Response, request: S3Request) => {
    const isOther = request.operation !== operation || (parameter(request, "partNumber") ?? "1") !== "1";
    if (isOther || named >= times) return answer;
    named++;
    return { ...answer, headers: { ...answer.headers, [header]: WRONG } };
  };
  return () => named;
}

function of(world: StoreWorld, operation: string) {
  return world.server.requests.filter((request) => request.operation === operation);
}

describe("what a server says that it stored", () => {
  it.each(NAMES)("is compared with what was sent: %s", async (checksumAlgorithm) => {
    const world = await storeWorld();
    for (const size of [3, 9 * MIB]) {
      const { source, body } = fileOf(world, size);
      await world.store.upload(source, ref, { checksumAlgorithm });
      expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
    }
    const sums = [...of(world, "PutObject"), ...of(world, "UploadPart")].map(({ headers }) => headers);
    expect(sums).toHaveLength(3);
    for (const headers of sums) {
      expect(headers["x-amz-sdk-checksum-algorithm"]).toBe(checksumAlgorithm);
      expect(headers[`x-amz-checksum-${checksumAlgorithm.toLowerCase()}`]).toMatch(/^[\w+/]+=*$/);
    }
  });

  it.each([
    ["PutObject", 3],
    ["UploadPart", 9 * MIB],
  ])("and is wrong is sent again: %s", async (operation, size) => {
    const world = await storeWorld();
    const named = nameWrong(world, operation, 2);
    const { source, body } = fileOf(world, size);
    let moved = 0;
    const onBytes = (bytes: number) => {
      moved += bytes;
    };
    await world.store.upload(source, ref, {}, { onBytes });
    expect(named()).toBe(2);
    expect(of(world, operation)).toHaveLength(operation === "PutObject" ? 3 : 4);
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
    expect(moved).toBe(size);
  });

  it.each([
    ["PutObject", 3, /The object in the bucket is wrong/],
    ["UploadPart", 9 * MIB, /No object was stored/],
  ])("and stays wrong is a failure: %s", async (operation, size, hint) => {
    const world = await storeWorld();
    const named = nameWrong(world, operation, Number.POSITIVE_INFINITY);
    await expect(world.store.upload(fileOf(world, size).source, ref, {})).rejects.toMatchObject({
      id: "s3-stored-wrong",
      exitCode: 1,
      message: expect.stringContaining(WRONG),
      hint: expect.stringMatching(hint),
    });
    expect(named()).toBe(5);
    expect(world.server.bucket("b").uploads.size).toBe(0);
  });

  it("is compared whatever its kind, also when nothing was sent along", async () => {
    const world = await storeWorld({}, {}, { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" });
    for (const name of NAMES) {
      const named = nameWrong(world, "PutObject", 1, `x-amz-checksum-${name.toLowerCase()}`);
      world.server.forget();
      await world.store.upload(fileOf(world, 3).source, ref, {});
      expect(named()).toBe(1);
      expect(of(world, "PutObject")).toHaveLength(2);
    }
  });

  it("replaces what it has stored wrong, and nothing else, where nothing must be replaced", async () => {
    const world = await storeWorld();
    nameWrong(world, "PutObject", 1);
    const { source, body } = fileOf(world, 3);
    await world.store.upload(source, ref, { ifAbsent: true });
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    const conditions = of(world, "PutObject").map(({ headers }) => [
      headers["if-none-match"],
      headers["if-match"],
    ]);
    expect(conditions).toEqual([
      ["*", undefined],
      [undefined, etag],
    ]);
    world.server.put("b", "k", "another's");
    await expect(world.store.upload(source, ref, { ifAbsent: true })).rejects.toMatchObject({
      id: "s3-exists",
    });
    expect(world.server.object("b", "k")?.body.toString()).toBe("another's");
  });

  it.each(NAMES)("of the whole is compared with its parts: %s", async (checksumAlgorithm) => {
    const world = await storeWorld();
    const { source } = fileOf(world, 9 * MIB);
    world.server.alter = (answer, { operation }) =>
      operation === "CompleteMultipartUpload"
        ? {
            ...answer,
            body: Buffer.from(
              answer.body
                .toString()
                .replace(/(<Checksum[A-Z0-9]+>)[^<-]+/, (_, element) => `${element}${WRONG}`),
            ),
          }
        : answer;
    await expect(world.store.upload(source, ref, { checksumAlgorithm })).rejects.toMatchObject({
      id: "s3-stored-wrong",
      hint: expect.stringContaining("upload it again"),
    });
  });

  it("is of no account for the checksum of the whole, which follows from what was read", async () => {
    const world = await storeWorld();
    const { source, body } = fileOf(world, 9 * MIB);
    // A gateway that stores other bytes and names their checksum to nobody.
    world.server.alter = (answer, { operation }) => {
      if (operation !== "UploadPart") return answer;
      const { "x-amz-checksum-crc64nvme": _, ...headers } = answer.headers;
      return { ...answer, headers };
    };
    let sent: string | undefined;
    world.server.instead = ({ operation, headers }) => {
      if (operation === "CompleteMultipartUpload") sent = String(headers["x-amz-checksum-crc64nvme"]);
      return undefined;
    };
    await world.store.upload(source, ref, {});
    expect(sent).toBe("undefined");
    expect(world.server.object("b", "k")?.checksum?.value).toBe(checksumOf("CRC64NVME", body));
  });
});

/** A store over TLS that stores what arrives and says nothing of it; every `nth` body arrives with a bit flipped. */
async function silentStore() {
  const world = await storeWorld({ tls: true, modernChecksums: false });
  return world;
}

describe("a store over TLS that does not look at checksums", () => {
  it.each([3, 100_000, 9 * MIB])("is believed where its ETags are the MD5: %i bytes", async (size) => {
    const world = await silentStore();
    const { source, body } = fileOf(world, size);
    await world.store.upload(source, ref, {});
    await world.store.upload(source, ref, {});
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
    const [first, ...later] = [...of(world, "PutObject"), ...of(world, "UploadPart")].map(
      ({ headers }) => headers["x-amz-content-sha256"],
    );
    expect(first).toBe("UNSIGNED-PAYLOAD");
    expect(later.at(-1)).toMatch(/^[0-9a-f]{64}$/);
    expect(later).toHaveLength(size > MIB ? 3 : 1);
  });

  it("is sent the body again under a signature where its ETags are something else", async () => {
    const world = await silentStore();
    world.server.alter = (answer) =>
      answer.headers.etag === undefined ? answer : { ...answer, headers: { ...answer.headers, etag: '"7"' } };
    await world.store.upload(fileOf(world, 3).source, ref, {});
    expect(of(world, "PutObject").map(({ headers }) => headers["x-amz-content-sha256"])).toEqual([
      "UNSIGNED-PAYLOAD",
      createHash("sha256").update(fileOf(world, 3).body).digest("hex"),
    ]);
  });

  it("keeps the checksum that was asked for, and signs besides", async () => {
    const world = await silentStore();
    const { source } = fileOf(world, 3);
    for (const _ of [1, 2]) await world.store.upload(source, ref, { checksumAlgorithm: "SHA256" });
    const last = of(world, "PutObject").at(-1)?.headers;
    const hash = createHash("sha256").update(fileOf(world, 3).body);
    expect(last?.["x-amz-checksum-sha256"]).toBe(hash.copy().digest("base64"));
    expect(last?.["x-amz-content-sha256"]).toBe(hash.digest("hex"));
  });
});

describe("an upload without a checksum", () => {
  it("over TLS has its body under the signature, as botocore has it", async () => {
    const world = await storeWorld({ tls: true }, {}, { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" });
    for (const size of [3, 9 * MIB]) await world.store.upload(fileOf(world, size).source, ref, {});
    const hashes = [...of(world, "PutObject"), ...of(world, "UploadPart")].map(
      ({ headers }) => headers["x-amz-content-sha256"],
    );
    expect(hashes).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{64}$/)));
  });
});
