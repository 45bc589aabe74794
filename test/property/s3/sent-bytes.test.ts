import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Signer } from "../../../src/aws/sign.js";
import { cpVerb } from "../../../src/commands/cp.js";
import { writeParameters } from "../../../src/commands/options/write-parameters.js";
import { Failure } from "../../../src/failure.js";
import { requestText } from "../../../src/http/request-text.js";
import { addressFor } from "../../../src/s3/endpoint/address.js";
import { writeHeaders } from "../../../src/s3/objects/write-headers.js";
import { outgoing } from "../../../src/s3/requests/outgoing.js";
import { parsed } from "../../support/parsed.js";
import { Share } from "../../support/share.js";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" };
const NOW = Date.UTC(2026, 10, 30);

/** Options whose value becomes a header as it is. */
const HEADERS = {
  "cache-control": "cache-control",
  "content-disposition": "content-disposition",
  "content-encoding": "content-encoding",
  "content-language": "content-language",
  "content-type": "content-type",
  "sse-kms-key-id": "x-amz-server-side-encryption-aws-kms-key-id",
  "website-redirect": "x-amz-website-redirect-location",
} as const;

/** What is white space, a line break or a control to one reader and not to another; halves of pairs; any other text. */
const SPECIAL = [
  "\t",
  " ",
  "  ",
  "\r",
  "\n",
  "\0",
  "\x0b",
  "\x1f",
  "\x7f",
  "\x85",
  "\xa0",
  "\u010a",
  "\u010d",
  "\u2028",
  "\u3000",
  "\ufeff",
  "\ud83d",
  "\ude00",
];
const value = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }) },
      { weight: 3, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom(...SPECIAL) },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(""));

/** Of metadata only ASCII is taken. */
const metadataValue = fc.oneof({ weight: 4, arbitrary: fc.string() }, { weight: 1, arbitrary: value });

const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();

const isWellFormed = (text: string) => Buffer.from(text).toString() === text;

/** The head of a request as a server reads it, one character a byte. */
function readHead(text: string) {
  const [request = "", ...lines] = text.split("\r\n");
  expect(lines.splice(-2)).toEqual(["", ""]);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  expect(headers.size).toBe(lines.length);
  const [method = "", target = "", version] = request.split(" ");
  expect(version).toBe("HTTP/1.1");
  return { method, target, headers };
}

/** The signature of what a server has read (Create a signed AWS API request, IAM User Guide). */
function signatureOf({ method, target, headers }: ReturnType<typeof readHead>, signed: string): string {
  const [path = "", query = ""] = target.split("?");
  const fields = signed
    .split(";")
    .map((name) => `${name}:${(headers.get(name) ?? "").replace(/[\t ]+/g, " ").replace(/^ | $/g, "")}\n`);
  const canonical = [method, path, query, fields.join(""), signed, headers.get("x-amz-content-sha256")].join(
    "\n",
  );
  const scope = "20261130/eu-west-1/s3/aws4_request";
  const text = [
    "AWS4-HMAC-SHA256",
    headers.get("x-amz-date"),
    scope,
    sha256(Buffer.from(canonical, "latin1")),
  ];
  const key = scope.split("/").reduce<Buffer | string>(hmac, `AWS4${KEYS.secretAccessKey}`);
  return hmac(key, text.join("\n")).toString("hex");
}

/** The head of the upload that a command line asks for. */
function sentFor(args: readonly string[], key: string): string {
  const parameters = writeParameters(parsed(cpVerb, ["file", "s3://bucket/key", ...args]));
  const address = addressFor("bucket", "eu-west-1", {
    endpointUrl: undefined,
    addressingStyle: "auto",
    dualStack: false,
    fips: false,
  });
  const request = {
    operation: "PutObject",
    method: "PUT",
    bucket: "bucket",
    key,
    headers: writeHeaders(parameters),
  } as const;
  const watch = { onSent: () => undefined, onUnreadable: () => undefined };
  const wire = outgoing(request, address, watch, (signable) =>
    new Signer().sign(signable, address, KEYS as never, NOW),
  );
  return requestText(wire.method, wire.path, wire.headers);
}

it("what an option says is sent byte for byte and signed as it is sent, or refused", () => {
  const accepted = new Share();
  const option = fc.constantFrom(...(Object.keys(HEADERS) as (keyof typeof HEADERS)[]));
  const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.tuple(option, value), metadataValue, key, ([name, text], metadata, objectKey) => {
      const args = [`--${name}=${text}`, `--metadata=${JSON.stringify({ a: metadata })}`];
      const meant = text.replace(/\r?\n$/, "");
      let sent: string;
      try {
        sent = sentFor(args, objectKey);
      } catch (error) {
        accepted.count(false);
        expect(error).toBeInstanceOf(Failure);
        // Text of which no header can be made; of metadata, what S3 would give back otherwise.
        const isUnsendable = /[\0-\x08\x0a-\x1f\x7f-\x9f\ufffd]/.test(meant) || !isWellFormed(meant);
        expect(isUnsendable || /[^\t\x20-\x7e]/.test(metadata), "has a reason").toBe(true);
        return;
      }
      accepted.count(true);
      expect(sent).toMatch(/^(?:[\t\x20-\x7e\x80-\xff]|\r\n)*$/);
      const head = readHead(sent);
      expect(head.headers.get(HEADERS[name]) ?? "").toBe(Buffer.from(meant).toString("latin1"));
      expect(head.headers.get("x-amz-meta-a")).toBe(metadata);
      expect(decodeURIComponent(head.target)).toBe(`/${objectKey}`);
      const [, signed = "", signature] =
        /SignedHeaders=([^,]*), Signature=(.*)$/.exec(head.headers.get("authorization") ?? "") ?? [];
      const unsigned = ["authorization", "cache-control", "content-length"];
      expect(signed.split(";")).toEqual(
        expect.arrayContaining([...head.headers.keys()].filter((one) => !unsigned.includes(one))),
      );
      expect(signature).toBe(signatureOf(head, signed));
    }),
    { numRuns: 200 },
  );
  accepted.expectAtLeast(0.1, 0.9);
});
