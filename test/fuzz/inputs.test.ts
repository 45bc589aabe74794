import fc from "fast-check";
import { expect, test } from "vitest";
import { parseXml } from "../../src/aws/xml/parse.js";
import { parseSize } from "../../src/commands/options/values.js";
import { parseFullUri } from "../../src/credentials/full-uri.js";
import { parseRelativeUri } from "../../src/credentials/relative-uri.js";
import { parseResponse } from "../../src/credentials/response.js";
import { Failure } from "../../src/failure.js";
import { KEYS } from "../../src/http/reading-rules.js";
import type { Response } from "../../src/http/response.js";
import { ResponseReader } from "../../src/http/response-reader.js";
import { UnreadableResponse } from "../../src/http/unreadable-response.js";
import { concealed, learnSecrets } from "../../src/output/concealed.js";
import { parseDuration } from "../../src/output/duration.js";
import { printable } from "../../src/output/printable.js";
import { Filters } from "../../src/s3/filters/filters.js";
import { parseRoute } from "../../src/s3/locations/location.js";
import { parseListing } from "../../src/s3/objects/listing.js";
import { damaged } from "../support/damaged.js";
import { keysOfText } from "../support/keys-of-text.js";
import { Share } from "../support/share.js";
import {
  CREDENTIALS_FILES,
  FULL_URIS,
  HTTP_PIECES,
  HTTP_RESPONSES,
  INI_PIECES,
  JSON_PIECES,
  LISTINGS,
  PATTERN_PIECES,
  PLACES,
  RELATIVE_URIS,
  RESPONSES,
  SEPARATED,
  URI_PIECES,
  XML_PIECES,
} from "./pieces.js";

const SECRET = "a secret that was learnt";
learnSecrets(SECRET);

/** Shared by all targets below; a long run is FUZZ_SECONDS=1200. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 40);

/**
 * A value in, a value out or a Failure with one line: nothing else is thrown, and nothing takes long.
 *
 * @returns the value; undefined when it was refused
 */
function sound<T>(act: () => T, ...allowed: readonly (new (...args: never) => Error)[]): T | undefined {
  const started = performance.now();
  let value: T | undefined;
  try {
    value = act();
  } catch (error) {
    if (!allowed.some((kind) => error instanceof kind)) {
      if (!(error instanceof Failure)) throw error;
      expect(error.message).not.toMatch(/\n/);
      expect(error.hint ?? "").not.toMatch(/\n\s+at /);
    }
  }
  // No input of some kilobytes may cost seconds: a hang, not a slow machine.
  expect(performance.now() - started).toBeLessThan(5000);
  return value;
}

/** What the reader made of a response that came in these pieces. */
function readIn(pieces: readonly Buffer[]): Response | "malformed" | "incomplete" {
  const reader = new ResponseReader({ ...KEYS, longestBody: 1024 });
  const done = sound(() => {
    for (const piece of pieces) reader.push(piece);
    return reader.done;
  }, UnreadableResponse);
  if (done === undefined) return "malformed";
  return (done ? reader.response : undefined) ?? "incomplete";
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

/** Good ones of these, most of them damaged, and now and then a soup of the same words. */
const from = (good: readonly string[], words: readonly string[]) =>
  fc.oneof({ weight: 3, arbitrary: damaged(fc.constantFrom(...good), words) }, soup(...words));

interface Target {
  /** The least share of its inputs that is accepted: far below what was measured. */
  readonly least: number;
  /** Tells the share of each input whether it was accepted. */
  readonly property: (accepted: Share) => fc.IPropertyWithHooks<unknown>;
}

/** One input, one reader. */
function target<T>(least: number, inputs: fc.Arbitrary<T>, accepts: (input: T) => boolean): Target {
  return {
    least,
    property: (share) =>
      fc.property(inputs, (input) => void share.count(accepts(input))) as fc.IPropertyWithHooks<unknown>,
  };
}

const TARGETS: Readonly<Record<string, Target>> = {
  "the body of a response": target(0.1, from(RESPONSES, JSON_PIECES), (text) => {
    sound(() => parseResponse(Buffer.from(text, "latin1")));
    const answer = sound(() => parseResponse(Buffer.from(text)));
    if (answer?.kind !== "credentials") return false;
    const given: unknown[] = Object.values(JSON.parse(text.replace(/^\ufeff/, "")));
    expect(given).toContain(answer.credentials.accessKeyId);
    expect(given).toContain(answer.credentials.secretAccessKey);
    return true;
  }),
  "the bytes of a response": target(0.1, from(HTTP_RESPONSES, HTTP_PIECES), (text) => {
    const bytes = Buffer.from(text, "latin1");
    const answer = readIn([bytes]);
    // However the network cuts it up, the response is the same.
    expect(readIn([...bytes].map((byte) => Buffer.of(byte)))).toEqual(answer);
    return typeof answer === "object";
  }),
  "a relative URI": target(0.1, from(RELATIVE_URIS, URI_PIECES), (value) => {
    const name = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    const endpoint = sound(() => parseRelativeUri({ name, place: "environment", value }));
    if (endpoint !== undefined)
      expect(endpoint).toMatchObject({ scheme: "http", host: "169.254.170.2", port: 80 });
    return endpoint !== undefined;
  }),
  "a full URI": target(0.1, from(FULL_URIS, URI_PIECES), (value) => {
    const name = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    const endpoint = sound(() => parseFullUri({ name, place: "environment", value }));
    if (endpoint !== undefined) expect(endpoint.target).toMatch(/^\/[!-~]*$/);
    return endpoint !== undefined;
  }),
  "a credentials file": target(
    0.1,
    fc.tuple(from(CREDENTIALS_FILES, [...INI_PIECES, ...JSON_PIECES]), fc.constantFrom("default", "x")),
    ([text, profile]) => {
      const keys = sound(() => keysOfText(text, profile));
      if (keys !== undefined)
        expect(`${keys.accessKeyId}${keys.secretAccessKey}`).toMatch(/^[^\0-\x1f\x7f]{2,}$/);
      return keys !== undefined;
    },
  ),
  "a response of S3": target(0.1, from(LISTINGS, XML_PIECES), (text) => {
    const document = sound(() => parseXml(text));
    const listing = sound(() => parseListing(Buffer.from(text)));
    if (listing !== undefined) expect(document?.name).toBe("ListBucketResult");
    return listing !== undefined;
  }),
  "patterns of --include and --exclude": target(
    0.05,
    fc.tuple(
      fc.oneof(
        soup(...PATTERN_PIECES),
        fc
          .array(fc.constantFrom("a", "*", "?", "[a-b]", "[!x]"), { maxLength: 5 })
          .map((parts) => parts.join("")),
      ),
      fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 5 }).map((parts) => parts.join("")),
      ),
    ),
    ([value, name]) =>
      sound(() => new Filters([{ includes: false, pattern: value }]).accepts(name, "/root")) === false,
  ),
  "source and destination": target(
    0.1,
    fc.tuple(from(PLACES, SEPARATED), from(PLACES, SEPARATED)),
    ([source, destination]) => sound(() => parseRoute(source, destination, false)) !== undefined,
  ),
  "a size": target(0.1, from(["16MB", "5 MiB", "1048576", "1g"], ["1", "MB", "k", "-", "."]), (text) => {
    const size = sound(() => parseSize(text));
    expect(size === undefined || (Number.isSafeInteger(size) && size >= 0)).toBe(true);
    return size !== undefined;
  }),
  "a duration": target(0.1, from(["15m", "1h30m", "10", "2d"], ["1", "s", "m", "h", "-", "."]), (text) => {
    const ms = sound(() => parseDuration(text));
    expect(ms === undefined || (ms >= 0 && !Number.isNaN(ms))).toBe(true);
    return ms !== undefined;
  }),
  "a text to print": target(
    0.1,
    fc.oneof(fc.string({ unit: "binary" }), fc.string(), soup("\x1b[31m", "\u202e", "\r", SECRET)),
    (text) => {
      const shown = printable(concealed(`${text}${SECRET}${text}`));
      expect(shown).not.toMatch(/[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      expect(shown).not.toContain(SECRET);
      return shown === `${text}***${text}`;
    },
  ),
};

const share = (SECONDS * 1000) / Object.keys(TARGETS).length;

for (const [name, { least, property }] of Object.entries(TARGETS)) {
  test(name, { timeout: share + 120_000 }, () => {
    const accepted = new Share();
    const result = fc.check(property(accepted), {
      numRuns: 100_000_000,
      interruptAfterTimeLimit: share,
    });
    console.log(`${name}: ${result.numRuns} inputs, ${accepted}, seed ${result.seed}`);
    if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? name);
    expect(result.numRuns).toBeGreaterThan(100);
    accepted.expectAtLeast(least);
  });
}
