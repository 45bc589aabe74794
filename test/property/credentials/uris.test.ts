import fc from "fast-check";
import { expect, it } from "vitest";
import { hostHeader } from "../../../src/credentials/endpoint.js";
import { parseFullUri } from "../../../src/credentials/full-uri.js";
import { addressFamily } from "../../../src/credentials/permitted-address.js";
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
      if (addressFamily(endpoint.host) !== 0) expect(mayBeAsked(endpoint.host)).toBe(true);
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
      expect(taken).toBe(mayBeAsked(address));
    }),
    { numRuns: 2000 },
  );
});
