import fc from "fast-check";
import { expect, it } from "vitest";
import { hostHeader } from "../../../src/credentials/endpoint.js";
import { parseFullUri } from "../../../src/credentials/full-uri.js";
import { addressFamily, isPermittedAddress, unmapped } from "../../../src/credentials/permitted-address.js";
import { parseRelativeUri } from "../../../src/credentials/relative-uri.js";
import { Failure } from "../../../src/failure.js";

const given = (value: string) => ({ name: "V", place: "environment" as const, value });

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ exitCode: 253 });
    return undefined;
  }
}

/** What URIs are made of, and what parsers disagree about. */
const uri = fc
  .array(
    fc.oneof(
      fc.constantFrom(
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
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

it("a relative URI never leaves its host nor its line", () => {
  fc.assert(
    fc.property(uri, (value) => {
      const endpoint = attempt(() => parseRelativeUri(given(value)));
      if (endpoint === undefined) return;
      expect(endpoint).toMatchObject({ scheme: "http", host: "169.254.170.2", port: 80 });
      expect(endpoint.target).toBe((value.split("#")[0] ?? "").replaceAll(" ", "%20"));
      expect(endpoint.target).toMatch(/^\/[^\s\u0000-\u001f]*$/u);
    }),
    { numRuns: 3000 },
  );
});

it("a full URI over http names a permitted address, or a name to be looked up", () => {
  fc.assert(
    fc.property(uri, (rest) => {
      const endpoint = attempt(() => parseFullUri(given(`http://${rest}`)));
      if (endpoint === undefined || endpoint.scheme === "https") return;
      if (addressFamily(endpoint.host) !== 0) expect(isPermittedAddress(unmapped(endpoint.host))).toBe(true);
      expect(`${hostHeader(endpoint)}${endpoint.target}`).toMatch(/^[!-~]+$/);
    }),
    { numRuns: 3000 },
  );
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
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.constantFrom(...spellings), (value, spell) => {
      const address = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
      const taken = attempt(() => parseFullUri(given(`http://${spell(value)}/x`))) !== undefined;
      expect(taken).toBe(isPermittedAddress(address));
    }),
    { numRuns: 2000 },
  );
});
