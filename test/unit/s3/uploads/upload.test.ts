import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };

const xml = (status: number, body: string) => ({
  status,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`),
});
const error = (status: number, code: string, message = "m") =>
  xml(status, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);

function fileOf(world: Awaited<ReturnType<typeof storeWorld>>, size: number) {
  const body = Buffer.alloc(size);
  for (let index = 0; index < size; index += 61) body[index] = index % 251;
  writeFileSync(world.folder.at("f"), body);
  return { body, source: { kind: "file", path: world.folder.at("f") } as const };
}

describe("an upload", () => {
  it.each(["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"])(
    "in parts carries %s",
    async (checksumAlgorithm) => {
      const world = await storeWorld();
      const { source, body } = fileOf(world, 11 * MIB);
      await world.store.upload(source, ref, { checksumAlgorithm });
      expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
      expect(world.server.object("b", "k")?.checksum).toMatchObject({
        algorithm: checksumAlgorithm,
        type: checksumAlgorithm.startsWith("CRC") ? "FULL_OBJECT" : "COMPOSITE",
      });
    },
  );

  it.each([
    ["when_required", true],
    ["WHEN_REQUIRED", true],
    ["when_supported", false],
  ])("minds AWS_REQUEST_CHECKSUM_CALCULATION=%s", async (value, without) => {
    const world = await storeWorld({}, {}, { AWS_REQUEST_CHECKSUM_CALCULATION: value });
    for (const size of [3, 9 * MIB]) await world.store.upload(fileOf(world, size).source, ref, {});
    const sent = world.server.requests.some(
      ({ headers }) => headers["x-amz-checksum-crc64nvme"] !== undefined,
    );
    expect(sent).toBe(!without);
  });

  it.each([
    [501, "NotImplemented", "A header you provided implies functionality that is not implemented"],
    [400, "InvalidArgument", "Unsupported header 'x-amz-sdk-checksum-algorithm' received for this API call."],
    [400, "InvalidRequest", "The algorithm CRC64NVME is not supported."],
    [400, "InvalidArgument", "Invalid checksum provided."],
  ])("goes without a checksum where a store does not take any: %i %s, %s", async (status, code, message) => {
    const world = await storeWorld({ modernChecksums: false });
    world.server.instead = ({ headers }) =>
      Object.keys(headers).some((name) => name.startsWith("x-amz-checksum-"))
        ? error(status, code, message)
        : undefined;
    for (const size of [3, 3, 9 * MIB]) {
      const { source, body } = fileOf(world, size);
      await world.store.upload(source, ref, {});
      expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
    }
    expect(world.server.requests.filter((request) => request.status === status)).toHaveLength(1);
  });

  it.each([
    [400, "InvalidDigest", "The Content-MD5 or checksum value that you specified is not valid.", 1],
    [400, "InvalidRequest", "Value for x-amz-checksum-crc64nvme header is invalid.", 1],
    [400, "InvalidArgument", "The storage class is not valid.", 1],
    [400, "NoInvalidArgument", "Unsupported header 'x-amz-checksum-crc64nvme'", 1],
    [400, "YetNotImplemented", "A checksum is not implemented", 1],
    [400, "InvalidRequest", "Bucket is missing Object Lock Configuration", 1],
    [400, "BadDigest", "The CRC64NVME you specified did not match the calculated checksum.", 5],
  ])("is never sent without its checksum after %i %s, %s", async (status, code, message, tries) => {
    const world = await storeWorld();
    world.server.instead = ({ operation }) =>
      operation === "PutObject" ? error(status, code, message) : undefined;
    await expect(world.store.upload(fileOf(world, 3).source, ref, {})).rejects.toThrow(code);
    const sums = world.server.requests.map(({ headers }) => headers["x-amz-checksum-crc64nvme"]);
    expect(sums).toEqual(Array(tries).fill(expect.stringMatching(/^[\w+/]{11}=$/)));
  });

  it.each([
    [400, "InvalidDigest", "UNSIGNED-PAYLOAD PUT is not allowed"],
    [400, "InvalidRequest", "UNSIGNED-PAYLOAD is not supported."],
  ])("signs bodies for a store that wants it so: %i %s, %s", async (status, code, message) => {
    const world = await storeWorld({ tls: true });
    world.server.instead = ({ operation, headers }) =>
      /^(PutObject|UploadPart)$/.test(operation) && headers["x-amz-content-sha256"] === "UNSIGNED-PAYLOAD"
        ? error(status, code, message)
        : undefined;
    for (const size of [3, 3, 9 * MIB]) {
      const { source, body } = fileOf(world, size);
      await world.store.upload(source, ref, {});
      expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
      expect(world.server.object("b", "k")?.checksum?.algorithm).toBe("CRC64NVME");
    }
    expect(world.server.requests.filter((request) => request.status === status)).toHaveLength(1);
  });

  it("does not drop a checksum that the user asked for", async () => {
    const world = await storeWorld();
    world.server.instead = ({ headers }) =>
      headers["x-amz-checksum-crc32"] === undefined ? undefined : error(501, "NotImplemented");
    await expect(
      world.store.upload(fileOf(world, 3).source, ref, { checksumAlgorithm: "CRC32" }),
    ).rejects.toThrow("NotImplemented");
    expect(world.server.requests).toHaveLength(1);
  });

  it("works with a store that ignores checksums", async () => {
    const world = await storeWorld({ modernChecksums: false });
    const { source, body } = fileOf(world, 11 * MIB);
    await world.store.upload(source, ref, {});
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
  });

  it("does not replace what is there, when told so", async () => {
    const world = await storeWorld();
    world.server.put("b", "k", "there");
    for (const size of [3, 9 * MIB])
      await expect(
        world.store.upload(fileOf(world, size).source, ref, { ifAbsent: true }),
      ).rejects.toMatchObject({
        id: "s3-exists",
      });
    expect(world.server.bucket("b").uploads.size).toBe(0);
  });

  it("repeats a completion that answers 200 with an error, and takes a lost success for one", async () => {
    const world = await storeWorld();
    const { source, body } = fileOf(world, 9 * MIB);
    let completions = 0;
    world.server.alter = (answer, { operation }) => {
      if (operation !== "CompleteMultipartUpload") return answer;
      completions++;
      return completions === 1 ? error(200, "InternalError") : answer;
    };
    await world.store.upload(source, ref, {});
    expect(completions).toBe(2);
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
  });

  it("fails, and aborts, when a completion keeps answering an error", async () => {
    const world = await storeWorld();
    world.server.instead = ({ operation }) =>
      operation === "CompleteMultipartUpload" ? error(200, "InternalError") : undefined;
    await expect(world.store.upload(fileOf(world, 9 * MIB).source, ref, {})).rejects.toThrow("InternalError");
    expect(
      world.server.requests.filter(({ operation }) => operation === "CompleteMultipartUpload"),
    ).toHaveLength(5);
    expect(world.server.bucket("b").uploads.size).toBe(0);
    expect(world.server.object("b", "k")).toBeUndefined();
  });

  it("aborts when a part is refused", async () => {
    const world = await storeWorld();
    world.server.instead = ({ operation }) =>
      operation === "UploadPart" ? error(403, "AccessDenied") : undefined;
    await expect(world.store.upload(fileOf(world, 17 * MIB).source, ref, {})).rejects.toMatchObject({
      id: "s3-access-denied",
    });
    expect(world.server.bucket("b").uploads.size).toBe(0);
  });

  it.each(["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"])(
    "that is stopped during %s leaves no upload behind",
    async (stage) => {
      const world = await storeWorld();
      let arrived: () => void = () => undefined;
      const inFlight = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      let go: () => void = () => undefined;
      const gate = new Promise<undefined>((resolve) => {
        go = () => resolve(undefined);
      });
      world.server.instead = async ({ operation }) => {
        if (operation !== stage) return undefined;
        arrived();
        return gate;
      };
      const patient = world.open();
      world.context.sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const upload = patient.upload(fileOf(world, 9 * MIB).source, ref, {});
      upload.catch(() => undefined);
      await inFlight;
      const reason = new Error("SIGINT");
      const aborted = patient.abort(reason);
      go();
      await aborted;
      await expect(upload).rejects.toBe(reason);
      await expect.poll(() => world.server.bucket("b").uploads.size).toBe(0);
    },
  );

  it("notices that its file is changed meanwhile", async () => {
    const world = await storeWorld();
    const { source } = fileOf(world, 20 * MIB);
    world.server.instead = ({ operation }) => {
      if (operation === "UploadPart") truncateSync(source.path, 9 * MIB);
      return undefined;
    };
    await expect(world.store.upload(source, ref, {})).rejects.toMatchObject({ id: "local-changed" });
    expect(world.server.bucket("b").uploads.size).toBe(0);
  });

  it.each([0, 3, 9 * MIB])(
    "notices that its file is written to in place, its time set back: %i bytes",
    async (size) => {
      const world = await storeWorld();
      const { source } = fileOf(world, size);
      // Whole seconds, which can be set back exactly: only the time of the inode's change tells.
      utimesSync(source.path, 1_000_000, 1_000_000);
      const { size: before, mtimeMs } = statSync(source.path);
      let isSetBack = false;
      world.server.instead = ({ operation }) => {
        if (operation === "UploadPart" || operation === "PutObject") {
          writeFileSync(source.path, Buffer.alloc(size, 7));
          utimesSync(source.path, 1_000_000, 1_000_000);
          const after = statSync(source.path);
          isSetBack = after.size === before && after.mtimeMs === mtimeMs;
        }
        return undefined;
      };
      await expect(world.store.upload(source, ref, {})).rejects.toMatchObject({ id: "local-changed" });
      expect(isSetBack).toBe(true);
    },
  );

  it("tells a file that is written to again and again from harm on the way", async () => {
    const world = await storeWorld();
    const { source } = fileOf(world, 100_000);
    let fill = 0;
    // Between the reading for the checksum and that for the sending: what is sent is never what was summed up.
    world.context.now = () => {
      writeFileSync(source.path, Buffer.alloc(100_000, ++fill));
      return Date.now();
    };
    await expect(world.store.upload(source, ref, {})).rejects.toMatchObject({ id: "local-changed" });
    expect(fill).toBeGreaterThan(1);
  });

  it.each([
    ["/proc/nowhere/file", "local-missing"],
    ["/", "local-is-folder"],
  ])("says what is wrong with %s", async (path, id) => {
    const { store } = await storeWorld();
    await expect(store.upload({ kind: "file", path }, ref, {})).rejects.toMatchObject({ id, exitCode: 1 });
  });

  it.each([0, 5, 8 * MIB, 16 * MIB + 1])("takes %i bytes from a stream", async (size) => {
    const world = await storeWorld();
    const { source, body } = fileOf(world, size);
    const fd = openSync(source.path, "r");
    await world.store.upload({ kind: "stream", fd }, ref, {});
    closeSync(fd);
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
  });
});

describe("a file whose size is not what was found", () => {
  /** Opens the file as one of another size. */
  const ofSize = (path: string, size: number) =>
    ({
      kind: "file",
      path,
      open: () => {
        const fd = openSync(path, "r");
        return { fd, stats: Object.assign(fstatSync(fd), { size }) };
      },
    }) as const;
  const MAX_OBJECT = 10_000 * 5 * 1024 ** 3;

  it("is refused before anything is sent when it is larger than S3 takes", async () => {
    const world = await storeWorld();
    world.server.instead = () => error(403, "AccessDenied");
    const { source } = fileOf(world, 3);
    await expect(world.store.upload(ofSize(source.path, MAX_OBJECT + 1), ref, {})).rejects.toMatchObject({
      id: "s3-too-large",
    });
    expect(world.server.requests).toEqual([]);
    await expect(world.store.upload(ofSize(source.path, MAX_OBJECT), ref, {})).rejects.toThrow(
      "AccessDenied",
    );
  });

  it("is sent as a stream when it has no size, as in /proc", async () => {
    const world = await storeWorld();
    await world.store.upload({ kind: "file", path: "/proc/version" }, ref, {});
    expect(world.server.object("b", "k")?.body).toEqual(readFileSync("/proc/version"));
    const { source, body } = fileOf(world, 1);
    await world.store.upload(ofSize(source.path, 0), ref, {});
    expect(world.server.object("b", "k")?.body).toEqual(body);
  });

  it.each([100, 300 * 1024, 9 * MIB])("has changed when it ends before its %d bytes", async (size) => {
    const world = await storeWorld();
    const { source } = fileOf(world, 3);
    await expect(world.store.upload(ofSize(source.path, size), ref, {})).rejects.toMatchObject({
      id: "local-changed",
    });
    expect(world.server.object("b", "k")).toBeUndefined();
  });
});
