import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Signer } from "../../../src/aws/sign.js";
import { encodeKey } from "../../../src/aws/uri-encode.js";
import { headerBytes, headerText } from "../../../src/http/header-bytes.js";
import { encodeQuery } from "../../../src/s3/requests/outgoing.js";

const KEYS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const EMPTY = createHash("sha256").digest("hex");

/** What the library asks for. */
class Sha256 {
  readonly #secret: string | Uint8Array | undefined;
  #data = Buffer.alloc(0);
  constructor(secret?: string | Uint8Array) {
    this.#secret = secret;
  }
  update(data: Uint8Array): void {
    this.#data = Buffer.concat([this.#data, data]);
  }
  async digest(): Promise<Uint8Array> {
    const secret = this.#secret;
    return (secret === undefined ? createHash("sha256") : createHmac("sha256", secret))
      .update(this.#data)
      .digest();
  }
  reset(): void {
    this.#data = Buffer.alloc(0);
  }
}

it("makes the signature of AWS's own example (Authenticating Requests, GET Object)", () => {
  const headers: Record<string, string> = {
    host: "examplebucket.s3.amazonaws.com",
    range: "bytes=0-9",
    "x-amz-content-sha256": EMPTY,
  };
  const credentials = { ...KEYS, expiration: undefined };
  new Signer().sign(
    { method: "GET", path: "/test.txt", query: "", headers },
    { region: "us-east-1", service: "s3" },
    credentials as never,
    Date.UTC(2013, 4, 24),
  );
  expect(headers.authorization).toBe(
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
      "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, " +
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  );
});

describe("the signature", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(" a  b ", "a\tb", "", "  "),
  );
  const requests = fc.record({
    method: fc.constantFrom("GET", "PUT", "POST", "HEAD", "DELETE"),
    key: fc.string({ unit: "grapheme" }),
    query: fc.dictionary(
      fc.oneof(
        fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text !== "__proto__"),
        fc.constantFrom("a", "a-", "a.", "a=", "A", "partNumber", "uploadId"),
      ),
      fc.string({ unit: "grapheme" }),
      { noNullPrototype: true, maxKeys: 5 },
    ),
    metadata: fc.dictionary(name, value, { noNullPrototype: true, maxKeys: 5 }),
    more: fc.constantFrom<Record<string, string>>(
      {},
      { "cache-control": "max-age=60", "content-type": "text/plain" },
      { range: "bytes=0-9", "if-match": '"abc"' },
      { "content-length": "5", expires: "Wed, 21 Oct 2026 07:28:00 GMT" },
    ),
    region: fc.constantFrom("us-east-1", "eu-west-1", "cn-north-1"),
    sessionToken: fc.option(fc.stringMatching(/^[\w+/=]{1,40}$/), { nil: undefined }),
    secretAccessKey: fc.stringMatching(/^[\w+/]{1,40}$/),
    now: fc.integer({ min: 0, max: Date.UTC(2100, 0) }),
  });

  it("is the one that the library makes, for any request", async () => {
    const signer = new Signer();
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { method, query, region, now, secretAccessKey, sessionToken } = request;
        const path = `/bucket/${encodeKey(request.key)}`;
        const metadata = Object.entries(request.metadata).map(([key, text]) => [`x-amz-meta-${key}`, text]);
        const headers: Record<string, string> = {
          host: "s3.example.com",
          "x-amz-content-sha256": EMPTY,
          ...request.more,
          ...Object.fromEntries(metadata.map(([key, text]) => [key, (text ?? "").replace(/[\r\n]/g, "")])),
        };
        const credentials = {
          accessKeyId: "AKIDEXAMPLE",
          secretAccessKey,
          ...(sessionToken === undefined ? {} : { sessionToken }),
        };
        const library = new SignatureV4({
          credentials,
          region,
          service: "s3",
          sha256: Sha256 as never,
          uriEscapePath: false,
        });
        const expected = await library.sign(
          { method, path, query: { ...query }, headers: { ...headers }, protocol: "https:", hostname: "x" },
          { signingDate: new Date(now) },
        );
        const sent = Object.fromEntries(
          Object.entries(headers).map(([key, text]) => [key, headerBytes(key, text)]),
        );
        signer.sign(
          { method, path, query: encodeQuery(query), headers: sent },
          { region, service: "s3" },
          credentials as never,
          now,
        );
        expect(
          Object.fromEntries(Object.entries(sent).map(([key, bytes]) => [key, headerText(bytes)])),
        ).toEqual(expected.headers);
      }),
      { numRuns: 1000 },
    );
  });
});

it("signs each request as a new signer would, whatever it has signed before", () => {
  const first = { accessKeyId: "AKIDFIRST", secretAccessKey: "S1" };
  const second = { accessKeyId: "AKIDSECOND", secretAccessKey: "S2" };
  const now = Date.UTC(2013, 4, 24, 23, 59, 58, 999);
  const base = { credentials: first, region: "us-east-1", service: "s3", now };
  const requests = [
    base,
    { ...base, credentials: second },
    { ...base, region: "eu-west-1" },
    { ...base, service: "sts" },
    { ...base, now: now + 1 },
    { ...base, now: now + 1001 },
  ];
  const sign = (signer: Signer, { credentials, region, service, now }: typeof base) => {
    const headers: Record<string, string> = { host: "h", "x-amz-content-sha256": EMPTY };
    signer.sign({ method: "GET", path: "/", query: "", headers }, { region, service }, credentials, now);
    return headers;
  };
  const expected = requests.map((request) => sign(new Signer(), request));
  expect(new Set(expected.map(({ authorization }) => authorization)).size).toBe(requests.length);
  expect(expected.map((headers) => headers["x-amz-date"])).toEqual([
    ...Array(4).fill("20130524T235958Z"),
    "20130524T235959Z",
    "20130525T000000Z",
  ]);
  for (const before of requests)
    for (const [index, request] of requests.entries()) {
      const signer = new Signer();
      sign(signer, before);
      expect(sign(signer, request)).toEqual(expected[index]);
    }
});
