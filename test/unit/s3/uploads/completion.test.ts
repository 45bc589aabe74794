import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorResponse } from "../../../support/fault-proxy/fault.js";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import type { Response } from "../../../support/s3-server/operation.js";
import type { S3Request } from "../../../support/s3-server/s3-request.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const SIZE = 5 * 1024 * 1024 + 7;
const PARTS = { partSize: 5 * 1024 * 1024 };
const ref = { bucket: "b", key: "k" };

function fileOf({ folder }: StoreWorld, fill = 1) {
  const body = Buffer.alloc(SIZE, fill);
  writeFileSync(folder.at("f"), body);
  return { body, source: { kind: "file", path: folder.at("f") } as const };
}

const failure = (status: number, code: string): Response => errorResponse(status, code, "m");

/** What is answered to the completions, one after the other; `do` lets the server do it and answers something else. */
type Script = readonly ("do it, InternalError" | "do it, nothing" | "NoSuchUpload" | "SlowDown")[];

function script(world: StoreWorld, answers: Script): void {
  let count = 0;
  const isCompletion = ({ operation }: S3Request) => operation === "CompleteMultipartUpload";
  world.server.instead = (request) => {
    const next = isCompletion(request) ? answers[count] : undefined;
    if (next === "NoSuchUpload") return failure(404, next);
    return next === "SlowDown" ? failure(503, next) : undefined;
  };
  world.server.alter = (answer, request) => {
    if (!isCompletion(request)) return answer;
    const next = answers[count++];
    if (next === "do it, nothing") return { status: 200, headers: {}, body: Buffer.alloc(0) };
    return next === "do it, InternalError" ? failure(200, "InternalError") : answer;
  };
}

const count = (world: StoreWorld, name: string) =>
  world.server.requests.filter(({ operation }) => operation === name).length;
const heads = (world: StoreWorld) => count(world, "HeadObject");
const completions = (world: StoreWorld) => count(world, "CompleteMultipartUpload");

/** An object of the same size and number of parts as the one that is to be uploaded. */
function putLookAlike(world: StoreWorld): void {
  world.server.put("b", "k", Buffer.alloc(SIZE, 9), { etag: `${"a".repeat(32)}-2` });
}

describe("a completion", () => {
  it.each([["do it, nothing"], ["do it, InternalError"]] as const)(
    "that was done and answered wrongly (%s) is one",
    async (answer) => {
      const world = await storeWorld({}, PARTS);
      const { source, body } = fileOf(world);
      putLookAlike(world);
      script(world, [answer]);
      await world.store.upload(source, ref, {});
      expect(heads(world)).toBe(1);
      expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
    },
  );

  it("whose ETag alone can prove it is one", async () => {
    const world = await storeWorld({ modernChecksums: false }, PARTS);
    const { source, body } = fileOf(world);
    script(world, ["do it, nothing"]);
    await world.store.upload(source, ref, {});
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
  });

  it("whose checksum alone can prove it is one", async () => {
    const world = await storeWorld({}, PARTS);
    const { source } = fileOf(world);
    script(world, ["do it, nothing"]);
    const alter = world.server.alter;
    // As under a key of KMS: the ETag follows from nothing that is known here.
    world.server.alter = (answer, request) => {
      const { status, headers, body } = alter?.(answer, request) ?? answer;
      const isHead = request.operation === "HeadObject";
      return { status, headers: isHead ? { ...headers, etag: `"${"c".repeat(32)}-2"` } : headers, body };
    };
    await world.store.upload(source, ref, {});
    expect(heads(world)).toBe(1);
  });

  it("that was done under If-None-Match is one, though the object is there now", async () => {
    const world = await storeWorld({}, PARTS);
    script(world, ["do it, nothing"]);
    await world.store.upload(fileOf(world).source, ref, { ifAbsent: true });
    expect(heads(world)).toBe(1);
  });

  it("is none at the first NoSuchUpload, whatever is there", async () => {
    const world = await storeWorld({}, PARTS);
    putLookAlike(world);
    script(world, ["NoSuchUpload"]);
    await expect(world.store.upload(fileOf(world).source, ref, {})).rejects.toMatchObject({
      id: "s3-no-such-upload",
      exitCode: 1,
    });
    expect(heads(world)).toBe(0);
    expect(world.server.object("b", "k")?.body[0]).toBe(9);
  });

  it.each([true, false])(
    "is none in doubt, where what is there only looks alike (checksums: %s)",
    async (modern) => {
      const world = await storeWorld({ modernChecksums: modern }, PARTS);
      putLookAlike(world);
      script(world, ["SlowDown", "NoSuchUpload"]);
      await expect(world.store.upload(fileOf(world).source, ref, {})).rejects.toMatchObject({
        id: "s3-no-such-upload",
      });
      expect(heads(world)).toBe(1);
    },
  );

  it.each([
    [["do it, nothing", "SlowDown", "SlowDown", "SlowDown", "SlowDown"]],
    [["SlowDown", "SlowDown", "SlowDown", "SlowDown", "do it, nothing"]],
  ] as const)("that was done in one of five tries without a response is one: %j", async (answers) => {
    const world = await storeWorld({}, PARTS);
    const { source, body } = fileOf(world);
    putLookAlike(world);
    script(world, answers);
    await world.store.upload(source, ref, {});
    expect(completions(world)).toBe(5);
    expect(heads(world)).toBe(1);
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
  });

  it("is none when no try is answered, and what is there only looks alike", async () => {
    const world = await storeWorld({}, PARTS);
    putLookAlike(world);
    script(world, ["SlowDown", "SlowDown", "SlowDown", "SlowDown", "SlowDown"]);
    await expect(world.store.upload(fileOf(world).source, ref, {})).rejects.toMatchObject({
      id: "s3-throttled",
    });
    expect([completions(world), heads(world)]).toEqual([5, 1]);
    expect(world.server.bucket("b").uploads.size).toBe(0);
  });

  it.each([
    ["where none was sent", { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" }],
    ["where it was sent", {}],
  ])("is compared with the checksum that it names, %s", async (_where, env) => {
    const world = await storeWorld({}, PARTS, env);
    const { source } = fileOf(world);
    let struck = 0;
    world.server.alter = (answer, { operation }) => {
      if (operation !== "CompleteMultipartUpload") return answer;
      struck++;
      const text = answer.body.toString().replace(/<ChecksumCRC64NVME>.*<\/ChecksumCRC64NVME>/, "");
      const wrong = "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></CompleteMultipartUploadResult>";
      return { ...answer, body: Buffer.from(text.replace("</CompleteMultipartUploadResult>", wrong)) };
    };
    await expect(world.store.upload(source, ref, {})).rejects.toMatchObject({
      id: "s3-stored-wrong",
      message: expect.stringContaining("AAAAAAAAAAA="),
    });
    expect(struck).toBe(1);
  });

  it("without a checksum that was sent is taken when the one that it names is right", async () => {
    const world = await storeWorld({}, PARTS, { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" });
    const { source, body } = fileOf(world);
    const sum = checksumOf("CRC64NVME", body);
    let struck = 0;
    world.server.alter = (answer, { operation }) => {
      if (operation !== "CompleteMultipartUpload") return answer;
      struck++;
      const named = `<ChecksumCRC64NVME>${sum}</ChecksumCRC64NVME></CompleteMultipartUploadResult>`;
      return {
        ...answer,
        body: Buffer.from(answer.body.toString().replace("</CompleteMultipartUploadResult>", named)),
      };
    };
    await world.store.upload(source, ref, {});
    expect(struck).toBe(1);
  });

  /** Answers the completion so; with `does` the server does it. */
  function answered(world: StoreWorld, does: boolean, change: (text: string) => string): void {
    const result = `<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>"${"a".repeat(32)}-2"</ETag></CompleteMultipartUploadResult>`;
    const isCompletion = ({ operation }: S3Request) => operation === "CompleteMultipartUpload";
    const answer = (text: string): Response => ({
      status: 200,
      headers: {},
      body: Buffer.from(change(text)),
    });
    world.server.instead = (request) => (isCompletion(request) && !does ? answer(result) : undefined);
    world.server.alter = (real, request) =>
      isCompletion(request) && does ? answer(real.body.toString()) : real;
  }

  const OTHERS = [
    ["another key", (text: string) => text.replace(/<Key>.*<\/Key>/, "<Key>other</Key>")],
    [
      "another ETag",
      (text: string) => text.replace(/<ETag>.*<\/ETag>/, `<ETag>"${"b".repeat(32)}-2"</ETag>`),
    ],
    ["an ETag of another form", (text: string) => text.replace(/<ETag>.*<\/ETag>/, '<ETag>"x-3"</ETag>')],
  ] as const;

  it.each(OTHERS)("that names %s is none when nothing is there, or something else", async (_what, change) => {
    for (const isTaken of [false, true]) {
      const world = await storeWorld({}, PARTS);
      if (isTaken) putLookAlike(world);
      answered(world, false, change);
      await expect(world.store.upload(fileOf(world).source, ref, {})).rejects.toMatchObject({
        id: "s3-not-stored",
        exitCode: 1,
      });
      expect(heads(world)).toBe(1);
    }
  });

  it.each(OTHERS)("that names %s is one when the object is there all the same", async (_what, change) => {
    const world = await storeWorld({}, PARTS);
    const { source, body } = fileOf(world);
    answered(world, true, change);
    await world.store.upload(source, ref, {});
    expect(heads(world)).toBe(1);
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
  });

  it.each([
    ["a b+c%d/\u00e9", encodeURIComponent("a b+c%d/\u00e9")],
    ["a b", "a+b"],
    ["a%zz", "a%zz"],
    ["k", "/k"],
  ])("may write the key %j as %j", async (key, told) => {
    const world = await storeWorld({}, PARTS);
    const { source } = fileOf(world);
    answered(world, true, (text) => text.replace(/<Key>.*<\/Key>/, `<Key>${told}</Key>`));
    await world.store.upload(source, { bucket: "b", key }, {});
    expect(heads(world)).toBe(0);
  });

  it("is none in doubt, where nobody may look", async () => {
    const world = await storeWorld({}, PARTS);
    script(world, ["do it, nothing"]);
    const { instead } = world.server;
    world.server.instead = (request, body) =>
      request.operation === "HeadObject" || request.operation === "GetObject"
        ? failure(403, "AccessDenied")
        : instead?.(request, body);
    await expect(world.store.upload(fileOf(world).source, ref, {})).rejects.toMatchObject({
      id: "s3-no-such-upload",
    });
  });

  it("names the sum of every part, told from what was read", async () => {
    const world = await storeWorld({}, PARTS);
    const { source } = fileOf(world);
    let list = "";
    world.server.instead = ({ operation }, body) => {
      if (operation === "CompleteMultipartUpload") list = body.toString();
      return undefined;
    };
    await world.store.upload(source, ref, { checksumAlgorithm: "SHA256" });
    expect(list.match(/<ChecksumSHA256>[\w+/=]+<\/ChecksumSHA256>/g)).toHaveLength(2);
    expect(list.match(/<PartNumber>(\d)<\/PartNumber>/g)).toEqual([
      "<PartNumber>1</PartNumber>",
      "<PartNumber>2</PartNumber>",
    ]);
  });
});
