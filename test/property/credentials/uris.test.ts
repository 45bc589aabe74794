import fc from "fast-check";
import { expect, it } from "vitest";
import { hostHeader } from "../../../src/credentials/endpoint.js";
import { parseFullUri } from "../../../src/credentials/full-uri.js";
import { addressFamily } from "../../../src/credentials/permitted-address.js";
import { parseRelativeUri } from "../../../src/credentials/relative-uri.js";
import { Failure } from "../../../src/failure.js";
import { damaged } from "../../support/damaged.js";
import { Share } from "../../support/share.js";

const given = (value: string) => ({ name: "V", place: "environment" as const, value });

/** What it gives; undefined where it refuses, counted. */
function attempt<T>(taken: Share, action: () => T): T | undefined {
  try {
    const value = action();
    taken.count(true);
    return value;
  } catch (error) {
    taken.count(false);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ exitCode: 253 });
    return undefined;
  }
}

/** What URIs are made of, and what parsers disagree about. */
const PIECES = [
  "http://",
  "https://",
  "/",
  "\\",
  "@",
  ":",
  "#",
  "?",
  "[",
  "]",
  "%",
  ".",
  "127.0.0.1",
  "8.8.8.8",
  "169.254.170.2",
  "::1",
  "::ffff:8.8.8.8",
  "localhost",
  "0x7f",
  "80",
  "\n",
  " ",
  "\u0000",
  "。",
];
const uri = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join(""));

/** Who may be asked over plain http, by this test's own reading: loopback and the agents' addresses. */
function mayBeAsked(host: string): boolean {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped !== null) {
    const [high = 0, low = 0] = mapped.slice(1).map((group) => Number.parseInt(group, 16));
    return mayBeAsked([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  if (["::1", "fd00:ec2::23", "169.254.170.2", "169.254.170.23"].includes(host)) return true;
  const parts = host.split(".").map(Number);
  return parts.length === 4 && parts[0] === 127;
}

it("a relative URI never leaves its host nor its line", () => {
  const taken = new Share();
  const likely = damaged(fc.constantFrom("/v2/credentials/7f0c", "/x?y=z", "/a/../b"), PIECES);
  fc.assert(
    fc.property(fc.oneof(uri, likely), (value) => {
      const endpoint = attempt(taken, () => parseRelativeUri(given(value)));
      if (endpoint === undefined) return;
      expect(endpoint).toMatchObject({ scheme: "http", host: "169.254.170.2", port: 80 });
      expect(endpoint.target).toBe((value.split("#")[0] ?? "").replaceAll(" ", "%20"));
      expect(endpoint.target).toMatch(/^\/[^\s\u0000-\u001f]*$/u);
    }),
    { numRuns: 3000 },
  );
  taken.expectAtLeast(0.1, 0.9);
});

it("a full URI over http names a permitted address, or a name to be looked up", () => {
  const taken = new Share();
  const literal = new Share();
  const likely = damaged(
    fc.constantFrom("169.254.170.23/v1/credentials", "127.0.0.1:8080/x", "[::1]/y", "a.example/z"),
    PIECES,
  );
  fc.assert(
    fc.property(fc.oneof(uri, likely), (rest) => {
      const endpoint = attempt(taken, () => parseFullUri(given(`http://${rest}`)));
      if (endpoint === undefined || endpoint.scheme === "https") return;
      if (literal.count(addressFamily(endpoint.host) !== 0)) expect(mayBeAsked(endpoint.host)).toBe(true);
      expect(`${hostHeader(endpoint)}${endpoint.target}`).toMatch(/^[!-~]+$/);
    }),
    { numRuns: 3000 },
  );
  taken.expectAtLeast(0.1, 0.9);
  literal.expectAtLeast(0.1, 0.9);
});

it("every public IPv4 address is refused, however it is spelt", () => {
  const spellings: ((value: number) => string)[] = [
    (value) => String(value),
    (value) => `0x${value.toString(16)}`,
    (value) => `0${value.toString(8)}`,
    (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join("."),
    (value) => [24, 16, 8, 0].map((shift) => `0x${((value >>> shift) & 255).toString(16)}`).join("."),
    (value) => `${value >>> 24}.${value & 0xffffff}`,
    (value) => `[::ffff:${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}]`,
  ];
  const agent = 0xa9feaa02;
  const values = fc.oneof(
    { weight: 3, arbitrary: fc.nat(0xffffffff) },
    fc.integer({ min: 0x7efffffe, max: 0x80000001 }),
    fc.integer({ min: agent - 2, max: agent + 24 }),
  );
  const permitted = new Share();
  fc.assert(
    fc.property(values, fc.constantFrom(...spellings), (value, spell) => {
      const address = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
      const taken = attempt(permitted, () => parseFullUri(given(`http://${spell(value)}/x`))) !== undefined;
      expect(taken).toBe(mayBeAsked(address));
    }),
    { numRuns: 2000 },
  );
  permitted.expectAtLeast(0.05, 0.5);
});
