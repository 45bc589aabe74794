import { createHash } from "node:crypto";
import { appendFileSync, fstatSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { Cancellation } from "../../../../src/http/cancellation.js";
import type { Response } from "../../../../src/http/response.js";
import { notStored } from "../../../../src/s3/failures.js";
import type { Inlet } from "../../../../src/s3/local/stream-files.js";
import type { S3Request } from "../../../../src/s3/requests/request.js";
import { Turns } from "../../../../src/s3/requests/turns.js";
import type { UploadSource, WriteParameters } from "../../../../src/s3/store.js";
import { Upload, type UploadTools } from "../../../../src/s3/uploads/upload.js";
import { UploadChecksums } from "../../../../src/s3/uploads/upload-checksums.js";
import { openBelow } from "../../../support/open-below.js";
import { errorOf } from "../../../support/refusing-store.js";
import { response, scriptedSender } from "../../../support/scripted-sender.js";
import { quickContext } from "../../../support/store-world.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

/** What a stream brings. */
let inlet: Inlet;

vi.mock("../../../../src/s3/local/stream-files.js", () => ({ openInlet: () => inlet }));

// Of a stream, three parts at most, of four bytes each, and two of them at once.
vi.mock("../../../../src/s3/uploads/part-size.js", async (original) => ({
  ...(await original<object>()),
  MAX_PARTS: 3,
  MAX_STREAM_PART: 8,
  planStreamPartSize: () => 4,
  streamPartSize: () => 4,
}));

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };
const refusal = (status: number, code: string) => new ServerError(errorOf(status, code, "m"), "PutObject");

interface Setting {
  readonly parameters?: WriteParameters;
  readonly files?: Turns;
}

/** Uploads to a server that answers each request so. */
function upload(
  source: UploadSource,
  answer: (request: S3Request) => Response | Error,
  { parameters = {}, files = new Turns(1) }: Setting = {},
) {
  const { sender, sent } = scriptedSender(...Array<typeof answer>(12).fill(answer));
  const checksums = new UploadChecksums("when_supported", false, sender.refused);
  const tools = { sender, files, checksums, isAmazon: false, context: quickContext(), partSize: 5 * MIB };
  const made = new Upload(tools as unknown as UploadTools, ref, parameters, undefined, new Cancellation());
  const operations = () => sent.map(({ operation }) => operation);
  return { ended: made.run(source), sent, files, operations };
}

const bodyOf = ({ body }: S3Request) =>
  Buffer.concat([...(body?.chunks() ?? [])].map((chunk) => Buffer.from(chunk)));
const stored = (request: S3Request) =>
  response(200, { etag: `"${createHash("md5").update(bodyOf(request)).digest("hex")}"` });

function file(content: Buffer | string) {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const path = folder.at("f");
  writeFileSync(path, content);
  return { path, source: { kind: "file", path } as const };
}

describe("a file", () => {
  it.each([
    [64 * 1024, true],
    [64 * 1024 + 1, false],
  ])("of %i bytes goes out in one request, from memory: %s", async (size, isInMemory) => {
    const { source, path } = file(Buffer.from(Array.from({ length: size }, (_, index) => index % 251)));
    let body = Buffer.alloc(0);
    const { ended, sent, operations } = upload(source, (request) => {
      body = bodyOf(request);
      return stored(request);
    });
    await ended;
    expect(operations()).toEqual(["PutObject"]);
    expect(body.equals(readFileSync(path))).toBe(true);
    expect(sent[0]?.body?.whole !== undefined).toBe(isInMemory);
  });

  it.each([
    [5 * MIB - 1, "PutObject"],
    [5 * MIB, "CreateMultipartUpload"],
  ])("of %i bytes begins with %s where a part has 5 MiB", async (size, operation) => {
    const { ended, operations } = upload(file(Buffer.alloc(size)).source, () => refusal(403, "AccessDenied"));
    await expect(ended).rejects.toMatchObject({ code: "AccessDenied" });
    expect(operations()).toEqual([operation]);
  });

  it("waits until it is its turn", async () => {
    const files = new Turns(1);
    await files.acquire(new Cancellation());
    const { source, path } = file("text");
    const { ended, sent } = upload(source, stored, { files });
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    expect([sent.length, openBelow(path).length]).toEqual([0, 0]);
    files.release();
    await ended;
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["is stored", stored],
    ["is refused", () => refusal(403, "AccessDenied")],
  ])("that %s is closed, and the next one has its turn", async (_how, answer) => {
    const { source, path } = file("text");
    const { ended, files } = upload(source, answer);
    await ended.catch(() => undefined);
    expect([files.inFlight, openBelow(path).length]).toEqual([0, 0]);
  });

  it("that is a folder is none, whatever size it has, and is closed", async () => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const open = () => {
      const fd = openSync(folder.path, "r");
      return { fd, stats: Object.assign(fstatSync(fd), { size: 9 * MIB }) };
    };
    const { ended, sent } = upload({ kind: "file", path: folder.path, open }, stored);
    await expect(ended).rejects.toMatchObject({ id: "local-is-folder" });
    expect([sent.length, openBelow(folder.path).length]).toEqual([0, 0]);
  });

  const wrong = () => response(200, { etag: '"x"', "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" });
  it.each<[string, boolean, () => Response | Error, object]>([
    ["its digest is refused", true, () => refusal(400, "BadDigest"), { id: "local-changed" }],
    ["its digest is refused", false, () => refusal(400, "BadDigest"), { code: "BadDigest" }],
    ["it is stored wrong", true, wrong, { id: "local-changed" }],
    ["it is stored wrong", false, wrong, { id: "s3-stored-wrong" }],
    ["it is not stored", true, () => notStored("PutObject"), { id: "s3-not-stored" }],
    ["it is denied", true, () => refusal(403, "AccessDenied"), { code: "AccessDenied" }],
  ])("of which a server says that %s, changed meanwhile: %s", async (_what, isChanged, answer, error) => {
    const { source, path } = file("text");
    const { ended } = upload(source, () => {
      if (isChanged) appendFileSync(path, "more");
      return answer();
    });
    await expect(ended).rejects.toMatchObject(error);
  });

  it.each<[number, string, WriteParameters, object]>([
    [412, "PreconditionFailed", { ifAbsent: true }, { id: "s3-exists" }],
    [412, "PreconditionFailed", {}, { code: "PreconditionFailed" }],
    [403, "AccessDenied", { ifAbsent: true }, { code: "AccessDenied" }],
  ])("that is refused with %i %s under %j", async (status, code, parameters, error) => {
    const answer = () => refusal(status, code);
    await expect(upload(file("text").source, answer, { parameters }).ended).rejects.toMatchObject(error);
  });
});

describe("a stream", () => {
  /** Uploads this text, in parts of four bytes. */
  function stream(text: string, denied = "") {
    let left = Buffer.from(text);
    let closed = 0;
    inlet = {
      fill: async (buffer) => {
        const length = left.copy(buffer);
        left = left.subarray(length);
        return length;
      },
      close: () => void closed++,
    };
    const parts: string[] = [];
    const running = upload({ kind: "stream", fd: 0 }, (request) => {
      const { operation } = request;
      if (operation === denied) return refusal(403, "AccessDenied");
      if (operation === "UploadPart" || operation === "PutObject") parts.push(`${bodyOf(request)}`);
      const result = { CreateMultipartUpload: "Initiate", CompleteMultipartUpload: "Complete" }[operation];
      const name = `${result}MultipartUploadResult`;
      const xml = `<${name}><UploadId>id</UploadId><ETag>"x-1"</ETag></${name}>`;
      return response(200, { etag: '"x"' }, result === undefined ? "" : xml);
    });
    return { ...running, parts, closed: () => closed };
  }

  it.each([
    ["012", ["012"]],
    ["0123", ["0123"]],
    ["0123456789ab", ["0123", "4567", "89ab"]],
  ])("%s goes up as %j, and is closed", async (text, expected) => {
    const { ended, parts, operations, closed } = stream(text);
    await ended;
    expect(parts.sort()).toEqual(expected);
    expect(operations().includes("PutObject")).toBe(text.length < 4);
    expect(operations()).not.toContain("HeadObject");
    expect(closed()).toBe(1);
  });

  it("that needs more parts than S3 takes is refused, aborted and closed", async () => {
    const { ended, operations, closed } = stream("0123456789abc");
    await expect(ended).rejects.toMatchObject({ id: "s3-too-large" });
    expect(operations().at(-1)).toBe("AbortMultipartUpload");
    expect(closed()).toBe(1);
  });

  it.each(["PutObject", "CreateMultipartUpload"])("is closed where %s is denied", async (operation) => {
    const { ended, closed } = stream(operation === "PutObject" ? "012" : "01234", operation);
    await expect(ended).rejects.toMatchObject({ code: "AccessDenied" });
    expect(closed()).toBe(1);
  });
});
