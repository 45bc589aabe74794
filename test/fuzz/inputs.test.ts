import fc from "fast-check";
import { expect, test } from "vitest";
import { parseArguments } from "../../src/cli/parse-arguments.js";
import { MAIN_VERBS } from "../../src/cli/verbs.js";
import { parseAnswer } from "../../src/credentials/answer.js";
import { parseCredentialsFile } from "../../src/credentials/credentials-file.js";
import { parseFullUri } from "../../src/credentials/full-uri.js";
import { parseRelativeUri } from "../../src/credentials/relative-uri.js";
import { MalformedAnswer, OversizedAnswer, ResponseReader } from "../../src/credentials/response-reader.js";
import { Failure } from "../../src/failure.js";
import { parseDuration } from "../../src/output/duration.js";
import { printable } from "../../src/output/printable.js";
import { Filters } from "../../src/s3/filters/filters.js";
import { parseRoute } from "../../src/s3/locations/location.js";
import { parseSize } from "../../src/s3/parameters/values.js";
import { parseListing } from "../../src/s3/xml/listing.js";
import { parseXml } from "../../src/s3/xml/parse.js";
import { verbs } from "../../src/s3-side.js";

/** Shared by all targets below; a long run is FUZZ_SECONDS=1200. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 40);

/** A value in, a value out or a Failure with one line: nothing else is thrown, and nothing takes long. */
function sound(act: () => unknown, ...allowed: readonly (new (message?: string) => Error)[]): void {
  const started = performance.now();
  try {
    act();
  } catch (error) {
    if (!allowed.some((kind) => error instanceof kind)) {
      if (!(error instanceof Failure)) throw error;
      expect(error.message).not.toMatch(/\n/);
      expect(error.hint ?? "").not.toMatch(/\n\s+at /);
    }
  }
  // No input of some kilobytes may cost seconds: a hang, not a slow machine.
  expect(performance.now() - started).toBeLessThan(5000);
}

/** What the reader made of an answer that came in these pieces. */
function readIn(pieces: readonly Buffer[]): unknown {
  const reader = new ResponseReader(1024);
  let malformed = false;
  sound(
    () => {
      try {
        for (const piece of pieces) reader.push(piece);
      } catch (error) {
        malformed = true;
        throw error;
      }
    },
    MalformedAnswer,
    OversizedAnswer,
  );
  return malformed ? "malformed" : reader.done ? reader.response : "incomplete";
}

/** Pieces of a language, in any order, with noise between: reaches deeper than random text does. */
const soup = (...pieces: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...pieces) },
        fc.string({ unit: "binary", maxLength: 12 }),
      ),
      {
        maxLength: 60,
      },
    )
    .map((parts) => parts.join(""));

const JSON_PIECES = [
  '{"AccessKeyId":"',
  '"SecretAccessKey":',
  '"Token":',
  '"Expiration":"',
  "2026-02-30T00:00:00Z",
  "null",
  '"',
  ",",
  "{",
  "}",
  "[",
  "]",
  ":",
  "\ufeff",
  '"Code":"Success"',
  "1e999",
  "\\u0000",
];
const URI_PIECES = [
  "http://",
  "https://",
  "169.254.170.2",
  "169.254.170.23",
  "[fd00:ec2::23]",
  "127.1",
  "0x7f.1",
  "017700000001",
  "localhost",
  "@",
  "\\",
  "/",
  ":",
  "80",
  "#",
  "?",
  "%00",
  "%",
  " ",
  "\t",
  "..",
  "::ffff:",
];
const HTTP_PIECES = [
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.0 400 \r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: 4294967296\r\n",
  "Transfer-Encoding: chunked\r\n",
  "\r\n",
  "5\r\nhello\r\n",
  "0\r\n\r\n",
  "\n",
  "X: y\r\n z\r\n",
  "hello",
];
const XML_PIECES = [
  "<ListBucketResult>",
  "</ListBucketResult>",
  "<Contents>",
  "</Contents>",
  "<Key>",
  "</Key>",
  "a%2Fb",
  "&amp;",
  "&#x0;",
  "&#1114112;",
  "<Size>",
  "12",
  "</Size>",
  "<![CDATA[",
  "]]>",
  "<!DOCTYPE a [<!ENTITY b 'c'>]>",
  "<?xml version='1.0'?>",
  "<IsTruncated>true</IsTruncated>",
  "<LastModified>2026-11-27T10:00:00.000Z</LastModified>",
  "<!--",
  "-->",
  "<",
  ">",
  "/",
  "'",
];
const INI_PIECES = [
  "[default]\n",
  "[profile x]\n",
  "aws_access_key_id = AKIA\n",
  "aws_secret_access_key=",
  "\n",
  "=",
  "#",
  ";",
  "  nested = 1\n",
  "export AWS_ACCESS_KEY_ID='",
  "AWS_SECRET_ACCESS_KEY=x\n",
  "'",
  '"',
  "\r\n",
  "\0",
];
const PATTERN_PIECES = [
  "*",
  "?",
  "[",
  "]",
  "!",
  "-",
  "a",
  "\\",
  "/",
  "[!x]",
  "[]]",
  "[z-a]",
  "***",
  ".",
  "(",
  "|",
  "\n",
];
const SEPARATED = [
  "s3://",
  "s3://b/",
  "arn:aws:s3:us-east-1:123456789012:accesspoint/",
  ":",
  "/",
  "..",
  "-",
  ".",
  "~",
  "*",
  "\\",
];

const ARGUMENT_PIECES = [...MAIN_VERBS, ...verbs].flatMap(({ groups }) =>
  groups.flatMap(({ options }) => options.map(({ name }) => `--${name}`)),
);

const TARGETS: Readonly<
  Record<string, fc.IProperty<[string]> | fc.IProperty<[string, string]> | fc.IProperty<[string[]]>>
> = {
  "the body of an answer": fc.property(soup(...JSON_PIECES), (text) => {
    sound(() => parseAnswer(Buffer.from(text, "latin1")));
    sound(() => parseAnswer(Buffer.from(text)));
  }),
  "the bytes of an answer": fc.property(soup(...HTTP_PIECES), (text) => {
    const bytes = Buffer.from(text, "latin1");
    // However the network cuts it up, the answer is the same.
    expect(readIn([...bytes].map((byte) => Buffer.of(byte)))).toEqual(readIn([bytes]));
  }),
  "a relative URI": fc.property(soup(...URI_PIECES), (value) =>
    sound(() =>
      parseRelativeUri({ name: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", place: "environment", value }),
    ),
  ),
  "a full URI": fc.property(soup(...URI_PIECES), (value) =>
    sound(() => parseFullUri({ name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", place: "environment", value })),
  ),
  "a credentials file": fc.property(
    soup(...INI_PIECES, ...JSON_PIECES),
    fc.constantFrom("default", "x"),
    (text, profile) => sound(() => parseCredentialsFile("/run/secrets/aws-credentials", text, profile)),
  ),
  "an answer of S3": fc.property(soup(...XML_PIECES), (text) => {
    sound(() => parseXml(text));
    sound(() => parseListing(Buffer.from(text)));
  }),
  "patterns of --include and --exclude": fc.property(
    soup(...PATTERN_PIECES),
    fc.string({ maxLength: 200 }),
    (pattern, name) => sound(() => new Filters([{ name: "exclude", value: pattern }]).accepts(name, "/root")),
  ),
  "source and destination": fc.property(soup(...SEPARATED), soup(...SEPARATED), (source, target) =>
    sound(() => parseRoute(source, target, false)),
  ),
  "sizes, durations and names to print": fc.property(
    soup("1", "MB", "h", "m", "-", ".", "\x1b[31m", "\u202e"),
    (text) => {
      sound(() => parseSize(text));
      sound(() => parseDuration(text));
      sound(() => expect(printable(text)).not.toMatch(/[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/));
    },
  ),
  "a command line": fc.property(
    fc.array(
      fc.oneof(fc.constantFrom(...ARGUMENT_PIECES, "--", "-", "s3://b/k"), fc.string({ maxLength: 8 })),
      { maxLength: 12 },
    ),
    (args) => {
      for (const verb of [...MAIN_VERBS, ...verbs]) sound(() => parseArguments(verb, args));
    },
  ),
};

const share = (SECONDS * 1000) / Object.keys(TARGETS).length;

for (const [name, property] of Object.entries(TARGETS)) {
  test(name, { timeout: share + 120_000 }, () => {
    const result = fc.check(property as fc.IProperty<[string]>, {
      numRuns: 100_000_000,
      interruptAfterTimeLimit: share,
    });
    console.log(`${name}: ${result.numRuns} inputs, seed ${result.seed}`);
    if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? name);
    expect(result.numRuns).toBeGreaterThan(100);
  });
}
