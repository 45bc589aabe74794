import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const to = { bucket: "b", key: "to" };
const KEY = Buffer.alloc(32, 7);

/** What every request about an object under a customer key, in a bucket whose requester pays, carries. */
const WITH_EACH = {
  "x-amz-request-payer": "requester",
  "x-amz-server-side-encryption-customer-algorithm": "AES256",
  "x-amz-server-side-encryption-customer-key": KEY.toString("base64"),
  "x-amz-server-side-encryption-customer-key-md5": createHash("md5").update(KEY).digest("base64"),
};

const PARAMETERS = {
  acl: "private",
  grants: [
    { permission: "read", grantee: "id=1" },
    { permission: "read", grantee: "id=2" },
    { permission: "full", grantee: "id=3" },
    { permission: "readacl", grantee: "id=4" },
    { permission: "writeacl", grantee: "id=5" },
  ],
  contentType: "text/plain",
  cacheControl: "no-cache",
  contentDisposition: "attachment",
  contentEncoding: "gzip",
  contentLanguage: "de",
  expires: "Wed, 02 Jan 2030 03:04:05 GMT",
  metadata: { Ab: "c", umlaut: "ü č" },
  storageClass: "STANDARD_IA",
  serverSideEncryption: "aws:kms",
  kmsKeyId: "a-key",
  websiteRedirect: "/elsewhere",
  customerKey: { algorithm: "AES256", key: KEY },
} as const;

/** Of a run with `--request-payer requester`. */
const PAYING = { requestPayer: "requester" };

const HEADERS = {
  "x-amz-acl": "private",
  "x-amz-grant-read": "id=1,id=2",
  "x-amz-grant-full-control": "id=3",
  "x-amz-grant-read-acp": "id=4",
  "x-amz-grant-write-acp": "id=5",
  "content-type": "text/plain",
  "cache-control": "no-cache",
  "content-disposition": "attachment",
  "content-encoding": "gzip",
  "content-language": "de",
  expires: "Wed, 02 Jan 2030 03:04:05 GMT",
  "x-amz-meta-ab": "c",
  "x-amz-meta-umlaut": Buffer.from("ü č").toString("latin1"),
  "x-amz-storage-class": "STANDARD_IA",
  "x-amz-server-side-encryption": "aws:kms",
  "x-amz-server-side-encryption-aws-kms-key-id": "a-key",
  "x-amz-website-redirect-location": "/elsewhere",
  ...WITH_EACH,
};

describe("each parameter becomes its header", () => {
  it.each([
    [3, ["PutObject"], []],
    [9 * MIB, ["CreateMultipartUpload"], ["UploadPart", "UploadPart", "CompleteMultipartUpload"]],
  ])("of an upload of %i bytes", async (size, [makes], repeats) => {
    const { server, store, folder } = await storeWorld({}, PAYING);
    writeFileSync(folder.at("f"), Buffer.alloc(size, 1));
    await store.upload({ kind: "file", path: folder.at("f") }, to, PARAMETERS);
    const [first, ...rest] = server.requests;
    expect(first).toMatchObject({ operation: makes, headers: HEADERS });
    expect(rest.map(({ operation }) => operation)).toEqual(repeats);
    for (const { headers } of rest) expect(headers).toMatchObject(WITH_EACH);
  });

  it("of a copy", async () => {
    const { server, store } = await storeWorld({}, PAYING);
    server.put("b", "from", "hello");
    await store.copy({ bucket: "b", key: "from" }, to, { ...PARAMETERS, copyProps: "none" }, { size: 5 });
    expect(server.requests.at(-1)).toMatchObject({ operation: "CopyObject", headers: HEADERS });
  });
});
