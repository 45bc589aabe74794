import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { Cancellation } from "../../../../src/http/cancellation.js";
import type { Response } from "../../../../src/http/response.js";
import { RefusedHeaders } from "../../../../src/s3/requests/refused-headers.js";
import type { S3Request } from "../../../../src/s3/requests/request.js";
import type { ObjectHead } from "../../../../src/s3/store.js";
import { bufferPart } from "../../../../src/s3/uploads/part-source.js";
import { isSent, sendBody } from "../../../../src/s3/uploads/send-body.js";
import { UploadChecksums } from "../../../../src/s3/uploads/upload-checksums.js";
import { errorOf } from "../../../support/refusing-store.js";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import { response, scriptedSender } from "../../../support/scripted-sender.js";

const BODY = Buffer.from("some bytes");
const part = bufferPart(BODY);
const CRC = checksumOf("CRC32", BODY);
const MD5 = createHash("md5").update(BODY).digest("hex");
const ETAG = `"${MD5}"`;
const OTHER = `"${"a".repeat(32)}"`;
const error = (status: number, code: string) => new ServerError(errorOf(status, code, "m"), "PutObject");
const right = response(200, { etag: ETAG, "x-amz-checksum-crc32": CRC });
const wrong = (more: Record<string, string> = { etag: OTHER }) =>
  response(200, { ...more, "x-amz-checksum-crc32": "AAAAAA==" });
const untold = (etag = OTHER) => response(200, etag === "" ? {} : { etag });

interface Setting {
  readonly isTls?: boolean;
  readonly name?: "CRC32" | undefined;
  readonly head?: () => Promise<ObjectHead>;
  readonly headers?: Record<string, string>;
  readonly before?: (checksums: UploadChecksums) => void | Promise<void>;
}

async function send(answers: readonly (Response | Error)[], setting: Setting = {}) {
  const { isTls = true, headers = {}, head } = setting;
  const name = "name" in setting ? setting.name : "CRC32";
  const checksums = new UploadChecksums("when_supported", isTls, new RefusedHeaders());
  await setting.before?.(checksums);
  const { sender, sent, pauses } = scriptedSender(...answers);
  let moved = 0;
  let doubts = 0;
  const request: S3Request = {
    operation: "PutObject",
    method: "PUT",
    headers,
    onSent: (bytes) => {
      moved += bytes;
    },
    onDoubt: () => {
      doubts++;
    },
  };
  const tools = head === undefined ? { sender, checksums } : { sender, checksums, head };
  const ended = await sendBody(tools, request, part, name, new Cancellation()).catch(
    (thrown: unknown) => thrown,
  );
  const tries = sent.map(({ isAlone, signsBody }) =>
    [isAlone && "alone", signsBody && "signed"].filter(Boolean).join(" "),
  );
  return { ended, sent, tries, pauses, checksums, moved, doubts };
}

const five = <T>(value: T) => Array.from({ length: 5 }, () => value);

describe("a body goes out", () => {
  it("with its checksum under both headers, and may lack Content-MD5", async () => {
    const { sent } = await send([right], { headers: { "x-a": "b" } });
    expect(sent[0]).toMatchObject({ body: part.body, signsBody: false, optional: ["content-md5"] });
    expect(sent[0]?.headers).toEqual({
      "x-a": "b",
      "x-amz-sdk-checksum-algorithm": "CRC32",
      "x-amz-checksum-crc32": CRC,
    });
  });

  it("without a checksum, where none is asked for", async () => {
    expect((await send([right], { name: undefined })).sent[0]?.headers).toEqual({});
  });

  it("with Content-MD5, where the store wants it", async () => {
    const { sent } = await send([right], {
      before: (checksums) =>
        checksums.with({}, async () => {
          if (!checksums.wantsMd5) throw error(400, "MissingContentMD5");
        }),
    });
    expect(sent[0]?.headers?.["content-md5"]).toBe(Buffer.from(MD5, "hex").toString("base64"));
  });

  it.each([
    [response(200, { etag: ETAG }), true, true],
    [response(204), false, true],
    [response(200), false, true],
    [response(200, {}, "<html/>"), false, false],
    [response(201), false, false],
  ])("and %j is a success of a part: %s, of an object: %s", async (answer, ofPart, ofObject) => {
    const isDone = async (head?: Setting["head"]) =>
      (await send([right], head === undefined ? {} : { head })).sent[0]?.isDone?.(answer);
    expect(await isDone()).toBe(ofPart);
    expect(await isDone(async () => ({ size: 0, headers: {} }))).toBe(ofObject);
  });
});

describe("a body whose checksum the server names", () => {
  it.each(["CRC32", undefined] as const)("is stored, sent along: %s", async (name) => {
    const { ended, tries, checksums } = await send([right], { name });
    expect(ended).toMatchObject({
      response: right,
      own: name && { name, value: CRC },
      isConfirmed: name !== undefined,
    });
    expect([tries, checksums.areNamed]).toEqual([[""], true]);
  });

  it("wrongly is sent again alone, four times, each after a longer pause", async () => {
    const { ended, tries, pauses, moved, doubts } = await send(five(wrong()));
    expect(ended).toMatchObject({ id: "s3-stored-wrong" });
    expect(tries).toEqual(["", "alone", "alone", "alone", "alone"]);
    expect(pauses).toEqual([1, 2, 3, 4].map((failed) => [failed, false, undefined]));
    expect([moved, doubts]).toEqual([-4 * BODY.length, 4]);
  });

  it.each<[string, Record<string, string>, object]>([
    ["its ETag", { etag: OTHER }, { "if-match": OTHER }],
    ["nothing, without an ETag", {}, { "if-none-match": "*" }],
  ])("wrongly replaces, where nothing must be there, %s", async (_what, told, condition) => {
    const { sent } = await send([wrong(told), right], { headers: { "if-none-match": "*" } });
    const { "if-match": match, "if-none-match": none } = sent[1]?.headers ?? {};
    expect(JSON.parse(JSON.stringify({ "if-match": match, "if-none-match": none }))).toEqual(condition);
  });

  it("wrongly replaces without a condition, where there was none", async () => {
    expect(Object.keys((await send([wrong(), right])).sent[1]?.headers ?? {})).not.toContain("if-match");
  });
});

describe("a body of whose checksum the server says nothing", () => {
  it("is sent again alone, once, where the server names checksums otherwise", async () => {
    const before = (checksums: UploadChecksums) => checksums.named();
    const { ended, tries, pauses, doubts } = await send([untold(ETAG), untold(ETAG)], { before });
    expect(ended).toMatchObject({ isConfirmed: false });
    expect([tries, pauses, doubts]).toEqual([["", "alone"], [], 1]);
    expect((await send([untold(ETAG)], { before, name: undefined })).tries).toEqual([""]);
  });

  it("is stored when its ETag is the MD5, and later bodies are signed over TLS", async () => {
    const tls = await send([untold(ETAG)]);
    expect(tls.ended).toMatchObject({ own: { value: CRC }, isConfirmed: false });
    expect([tls.tries, tls.checksums.signsBodies]).toEqual([[""], true]);
    const plain = await send([untold(ETAG)], { isTls: false });
    expect([plain.tries, plain.checksums.signsBodies]).toEqual([[""], false]);
  });

  it("is sent once more, signed, over TLS", async () => {
    const { ended, sent, tries, pauses, moved, doubts } = await send([untold(), untold()]);
    expect(sent[1]?.headers).toEqual(sent[0]?.headers);
    expect(ended).toMatchObject({ isConfirmed: false });
    expect([tries, pauses, moved, doubts]).toEqual([["", "signed"], [], -BODY.length, 1]);
  });

  it.each([
    ["BadDigest", "s3-stored-wrong"],
    ["AccessDenied", undefined],
  ])("and that is refused, signed, with %s", async (code, id) => {
    const refusal = error(400, code);
    const { ended } = await send([untold(), refusal]);
    if (id === undefined) expect(ended).toBe(refusal);
    else expect(ended).toMatchObject({ id });
  });

  it("and that is refused at first is just that", async () => {
    const refusal = error(400, "BadDigest");
    expect((await send([refusal])).ended).toBe(refusal);
  });

  const there =
    (more: Partial<ObjectHead> = {}) =>
    async (): Promise<ObjectHead> => ({
      size: BODY.length,
      etag: OTHER,
      headers: { "content-length": String(BODY.length) },
      ...more,
    });

  it("is what HEAD finds by the ETag that the response names, or by its MD5", async () => {
    for (const etag of [OTHER, ETAG])
      expect((await send([untold()], { isTls: false, head: there({ etag }) })).tries).toEqual([""]);
  });

  it("is not looked for where the ETag is no MD5", async () => {
    const head = () => Promise.reject(new Error("HEAD"));
    expect((await send([untold('"x"')], { isTls: false, head })).ended).toMatchObject({ isConfirmed: false });
  });

  it.each<[string, Partial<ObjectHead>]>([
    ["of another size", { size: 9 }],
    ["of another ETag", { etag: `"${"b".repeat(32)}"` }],
  ])("is sent five times where HEAD finds something %s", async (_what, found) => {
    const { ended, tries, pauses, doubts } = await send(five(untold()), {
      isTls: false,
      head: there(found),
    });
    expect(ended).toMatchObject({ id: "s3-not-stored" });
    expect(tries).toEqual(["", "alone", "alone", "alone", "alone"]);
    expect(pauses).toEqual([1, 2, 3, 4].map((failed) => [failed, false, undefined]));
    expect(doubts).toBe(4);
  });

  it("without an ETag is what HEAD finds by its MD5, else it is sent five times", async () => {
    const plain = { isTls: false };
    expect((await send([untold("")], { ...plain, head: there({ etag: ETAG }) })).tries).toEqual([""]);
    const { ended, tries } = await send(five(untold("")), { ...plain, head: there() });
    expect(ended).toBeInstanceOf(ServerError);
    expect(tries).toHaveLength(5);
    // The first of them, over TLS, counts as well.
    expect((await send(five(untold("")), { head: there() })).tries).toHaveLength(5);
  });

  it("without an ETag is sent again where HEAD is refused, and fails where it cannot be asked", async () => {
    const plain = { isTls: false };
    const refused = () => Promise.reject(error(403, "AccessDenied"));
    expect((await send([untold(""), right], { ...plain, head: refused })).tries).toHaveLength(2);
    const broken = new Error("broken");
    const { ended } = await send([untold("")], { ...plain, head: () => Promise.reject(broken) });
    expect(ended).toBe(broken);
  });
});

describe("HEAD tells of what was sent", () => {
  const LENGTH = { "content-length": "10" };
  const NEW = { date: "Fri, 02 Jan 2026 03:04:05 GMT" };
  const [now, before] = [Date.parse(NEW.date), Date.parse(NEW.date) - 301_000];
  it.each<[string, ObjectHead, boolean]>([
    ["by its checksum", { size: 10, headers: { ...LENGTH, "x-amz-checksum-crc32": CRC } }, true],
    [
      "not by another checksum",
      { size: 10, etag: ETAG, headers: { ...LENGTH, "x-amz-checksum-crc32": "x" } },
      false,
    ],
    ["by its MD5", { size: 10, etag: ETAG, headers: LENGTH }, true],
    [
      "not by another MD5, though new",
      { size: 10, etag: OTHER, lastModified: now, headers: { ...LENGTH, ...NEW } },
      false,
    ],
    [
      "as new, where it names nothing",
      { size: 10, etag: '"x"', lastModified: now, headers: { ...LENGTH, ...NEW } },
      true,
    ],
    ["not as old", { size: 10, etag: '"x"', lastModified: before, headers: { ...LENGTH, ...NEW } }, false],
    ["not of another size", { size: 9, etag: ETAG, headers: LENGTH }, false],
    ["not of no size", { size: 10, etag: ETAG, headers: {} }, false],
  ])("%s", (_what, head, expected) => {
    expect(isSent(head, part, { name: "CRC32", value: CRC })).toBe(expected);
  });
});
