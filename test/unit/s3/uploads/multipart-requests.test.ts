import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { Doubt } from "../../../../src/s3/objects/doubt.js";
import { inOrder, MultipartRequests, type SentPart } from "../../../../src/s3/uploads/multipart-requests.js";
import type { WholeObject } from "../../../../src/s3/uploads/whole-object.js";
import { errorOf } from "../../../support/refusing-store.js";
import { response, scriptedSender } from "../../../support/scripted-sender.js";

const ref = { bucket: "b", key: "k" };
const never = new Cancellation();
const SENT: SentPart = { number: 1, size: 3, etag: '"a&b"', own: "s1", checksum: "s1" };
const WHOLE: WholeObject = {
  size: 3,
  etag: undefined,
  checksum: { name: "CRC32", full: "full", composite: "comp" },
};
const CREATED = "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>";
const completed = (elements: string) =>
  response(
    200,
    { "x-amz-version-id": "v" },
    `<CompleteMultipartUploadResult><ETag>"e-1"</ETag>${elements}</CompleteMultipartUploadResult>`,
  );

describe("CreateMultipartUpload", () => {
  it.each([
    ["CRC32", { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" }],
    ["SHA256", { "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "COMPOSITE" }],
    [undefined, {}],
  ] as const)("asks for the checksum %s", async (name, asked) => {
    const { sender, sent } = scriptedSender(response(200, {}, CREATED));
    const requests = new MultipartRequests(sender, ref, { contentType: "a/b" });
    expect(await requests.create(name, { "x-more": "1" }, never)).toBe("id");
    expect(sent[0]).toMatchObject({ ...ref, method: "POST", query: { uploads: "" } });
    expect(sent[0]?.headers).toEqual({ "content-type": "a/b", "x-more": "1", ...asked });
    expect(sent[0]?.optional).toEqual(["x-amz-checksum-type"]);
    expect(sent[0]?.isDone?.(response(200, {}, CREATED))).toBe(true);
    expect(sent[0]?.isDone?.(response(200, {}, "<InitiateMultipartUploadResult/>"))).toBe(false);
  });
});

describe("CompleteMultipartUpload", () => {
  async function complete(
    parts: readonly SentPart[],
    { whole = WHOLE, answer = completed(""), isRefused = false, key = "k" } = {},
  ) {
    const { sender, sent } = scriptedSender(response(200, {}, CREATED), answer);
    if (isRefused) sender.refused.refuse("x-amz-checksum-type");
    const requests = new MultipartRequests(sender, { bucket: "b", key }, {});
    await requests.create("CRC32", {}, never);
    const completion = await requests.complete("id", parts, whole, new Doubt(), never);
    const [, request] = sent;
    const list = Buffer.concat([...(request?.body?.chunks() ?? [])]).toString();
    return { completion, request, list };
  }

  it("lists the parts with their checksums, and names that of the whole", async () => {
    const second = { ...SENT, number: 2, etag: "c", checksum: "s2" };
    const { request, list } = await complete([SENT, second]);
    expect(list).toBe(
      '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        "<Part><ETag>&quot;a&amp;b&quot;</ETag><ChecksumCRC32>s1</ChecksumCRC32><PartNumber>1</PartNumber></Part>" +
        "<Part><ETag>c</ETag><ChecksumCRC32>s2</ChecksumCRC32><PartNumber>2</PartNumber></Part>" +
        "</CompleteMultipartUpload>",
    );
    expect(request).toMatchObject({ method: "POST", signsBody: true, isSlowOperation: true });
    expect(request?.query).toEqual({ uploadId: "id" });
    expect(request?.headers).toEqual({
      "content-type": "application/xml",
      "x-amz-checksum-crc32": "full",
      "x-amz-checksum-type": "FULL_OBJECT",
    });
    expect(request?.optional).toEqual(["x-amz-checksum-crc32", "x-amz-checksum-type"]);
    expect(request?.isDone?.(completed(""))).toBe(true);
    expect(request?.isDone?.(response(200, {}, "<CompleteMultipartUploadResult/>"))).toBe(false);
  });

  it.each<[string, readonly SentPart[], Parameters<typeof complete>[1], boolean]>([
    ["of a part is known", [SENT, { ...SENT, number: 2, checksum: undefined }], {}, false],
    [
      "of the whole follows from a hash",
      [SENT],
      { whole: { ...WHOLE, checksum: { name: "SHA256", full: undefined, composite: "comp" } } },
      true,
    ],
    ["is known here", [SENT], { whole: { ...WHOLE, checksum: undefined } }, true],
    ["of a whole is known to the store", [SENT], { isRefused: true }, true],
  ])("names none of the whole where none %s", async (_where, parts, more, isOfParts) => {
    const { request, list } = await complete(parts, more);
    expect(request?.headers).toEqual({ "content-type": "application/xml" });
    expect(request?.optional).toEqual([]);
    expect(list.includes("<Checksum")).toBe(isOfParts);
  });

  it.each([
    ["<Key>k</Key>", "k", true],
    ["", "k", true],
    ["<Key>/k</Key>", "k", true],
    ["<Key>k</Key>", "/k", true],
    ["<Key>a%20b</Key>", "a b", true],
    ["<Key>a+b</Key>", "a b", true],
    ["<Key>a+b</Key>", "a+b", true],
    ["<Key>a%2Bb</Key>", "a+b", true],
    ["<Key>100%</Key>", "100%", true],
    ["<Key>a\nb</Key>", "a\r\nb", true],
    ["<Key>a\nb</Key>", "a\rb", true],
    ["<Key>other</Key>", "k", false],
    ["<Key>k/</Key>", "k", false],
    ["<Key>100%</Key>", "100", false],
  ])("that answers %j is about the key %j: %s", async (elements, key, expected) => {
    expect((await complete([SENT], { answer: completed(elements), key })).completion.isOfKey).toBe(expected);
  });

  it("is told by its ETag, its checksum of the asked kind, and its version", async () => {
    const answer = completed("<ChecksumCRC32>c</ChecksumCRC32><ChecksumSHA1>d</ChecksumSHA1>");
    expect((await complete([SENT], { answer })).completion).toEqual({
      etag: '"e-1"',
      checksum: "c",
      versionId: "v",
      isOfKey: true,
    });
  });

  it("of what must not be there has the condition, and is looked for where that is refused", async () => {
    const refusal = new ServerError(errorOf(501, "NotImplemented", "m"), "X");
    const absent = new ServerError(errorOf(404, "NoSuchKey", "m"), "HeadObject");
    const { sender, sent } = scriptedSender(refusal, absent, completed(""));
    const requests = new MultipartRequests(sender, ref, { ifAbsent: true });
    await requests.complete("id", [SENT], WHOLE, new Doubt(), never);
    expect(sent.map(({ operation }) => operation)).toEqual([
      "CompleteMultipartUpload",
      "HeadObject",
      "CompleteMultipartUpload",
    ]);
    expect(sent.map(({ headers }) => headers?.["if-none-match"])).toEqual(["*", undefined, undefined]);
    expect(sent[0]?.onDoubt).toBeDefined();
  });
});

it("AbortMultipartUpload is sent even after a cancellation, and done when it is deleted", async () => {
  const { sender, sent } = scriptedSender(response(204));
  await new MultipartRequests(sender, ref, {}).abort("id", never);
  expect(sent[0]).toMatchObject({
    ...ref,
    operation: "AbortMultipartUpload",
    method: "DELETE",
    query: { uploadId: "id" },
    cleansUp: true,
  });
  expect(sent[0]?.isDone?.(response(204))).toBe(true);
  expect(sent[0]?.isDone?.(response(202))).toBe(false);
});

it("parts are listed by their numbers, and stay as they were where they came from", () => {
  const parts = [10, 2, 1].map((number) => ({ ...SENT, number }));
  expect(inOrder(parts).map(({ number }) => number)).toEqual([1, 2, 10]);
  expect(parts.map(({ number }) => number)).toEqual([10, 2, 1]);
});
