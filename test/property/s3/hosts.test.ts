import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRegion } from "../../../src/aws/region.js";
import { isEndpointUrl } from "../../../src/cli/endpoint-url.js";
import { addressFor } from "../../../src/s3/endpoint/address.js";
import { parseS3Uri } from "../../../src/s3/locations/uri.js";
import { Share } from "../../support/share.js";

/** The partitions by their regions, with their DNS suffix: `regionRegex` and `dnsSuffix` of AWS's partitions.json. */
const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/^cn-\w+-\d+$/, "amazonaws.com.cn"],
  [/^us-iso-\w+-\d+$/, "c2s.ic.gov"],
  [/^us-isob-\w+-\d+$/, "sc2s.sgov.gov"],
  [/^us-isof-\w+-\d+$/, "csp.hci.ic.gov"],
  [/^eu-isoe-\w+-\d+$/, "cloud.adc-e.uk"],
  [/^eusc-de-\w+-\d+$/, "amazonaws.eu"],
  [/^/, "amazonaws.com"],
];

const suffixOf = (region: string) => SUFFIXES.find(([pattern]) => pattern.test(region))?.[1];

const regions = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        "us",
        "eu",
        "ap",
        "mx",
        "cn",
        "us-gov",
        "us-iso",
        "us-isob",
        "us-isof",
        "eu-isoe",
        "eusc-de",
      ),
      fc.constantFrom("east", "northwest", "central"),
      fc.integer({ min: 1, max: 12 }),
    )
    .map((parts) => parts.join("-")),
  // One that AWS opens tomorrow.
  fc.constantFrom("xx-new-1", "us-isox-east-1", "cnn-north-1", "local"),
);

/** Names at the boundaries of the rule: of 2, 3, 63 and 64 characters, with dots, in capitals, like addresses. */
const buckets = fc.oneof(
  fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/),
  fc.stringMatching(/^[a-z0-9.-]{1,6}$/),
  fc.stringMatching(/^[A-Za-z0-9._-]{1,6}$/),
  fc.constantFrom(2, 3, 63, 64).map((length) => "b".repeat(length)),
  fc.constantFrom(63, 64).map((length) => `${"b".repeat(length)}.c`),
  fc.constantFrom("10.0.0.1", "1.2.3", "a..b", "-ab", "ab-", "a.-b", "a_b", "Abc", "xn--a", "a.xn--b"),
);

/**
 * `isVirtualHostableS3Bucket` of AWS's endpoint rule sets, as botocore has it. A label that begins with `xn--` and is no
 * encoded word is in no URL's host: it stays in the path.
 */
function isHostable(bucket: string, dotsToo: boolean): boolean {
  if (bucket.includes(".") && !dotsToo) return false;
  if (bucket.length < 3 || /^\d+\.\d+\.\d+\.\d+$/.test(bucket)) return false;
  return bucket
    .split(".")
    .every((label) => label.length <= 63 && /^(?!xn--)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label));
}

const flags = { dualStack: fc.boolean(), fips: fc.boolean() };
const style = fc.constantFrom("auto" as const, "path" as const, "virtual" as const);

describe("the host of a request", () => {
  it("is the one that AWS's rule gives for region, bucket and options", () => {
    const inHost = new Share();
    fc.assert(
      fc.property(
        buckets,
        regions,
        fc.record({ ...flags, addressingStyle: style }),
        (bucket, region, options) => {
          const s3 = `s3${options.fips ? "-fips" : ""}${options.dualStack ? ".dualstack" : ""}`;
          const base = `${s3}.${region}.${suffixOf(region)}`;
          const isBefore = options.addressingStyle !== "path" && isHostable(bucket, false);
          inHost.count(isBefore);
          const host = isBefore ? `${bucket}.${base}` : base;
          expect(addressFor(bucket, region, { endpointUrl: undefined, ...options })).toEqual({
            origin: `https://${host}`,
            host,
            path: isBefore ? "/" : `/${bucket}/`,
            region,
            service: "s3",
          });
        },
      ),
      { numRuns: 500 },
    );
    inHost.expectAtLeast(0.1, 0.6);
  });

  /** `xn--` begins an encoded word, and not what every Node takes for one. */
  const isNoEncodedWord = (name: string) => !name.startsWith("xn-");
  const point = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/).filter(isNoEncodedWord);
  const account = fc.stringMatching(/^\d{12}$/);

  it("of an access point is its own, in the ARN's region", () => {
    const accepted = new Share();
    fc.assert(
      fc.property(
        fc.tuple(point, account, regions, fc.option(point)),
        fc.constantFrom(":", "/"),
        fc.record(flags),
        ([name, owner, region, outpost], mark, options) => {
          const resource =
            outpost === null ? ["accesspoint", name] : ["outpost", outpost, "accesspoint", name];
          const service = outpost === null ? "s3" : "s3-outposts";
          const arn = `arn:aws:${service}:${region}:${owner}:${resource.join(mark)}`;
          const address = () =>
            addressFor(arn, "us-east-1", { endpointUrl: undefined, addressingStyle: "auto", ...options });
          // "S3 Outposts does not support FIPS", "… Dual-stack": what was asked for must not be left out silently.
          if (!accepted.count(outpost === null || !(options.fips || options.dualStack))) {
            expect(address).toThrow("cannot be used");
            return;
          }
          const of = outpost === null ? "s3-accesspoint" : `${outpost}.s3-outposts`;
          const words = `${options.fips ? "-fips" : ""}${options.dualStack ? ".dualstack" : ""}`;
          const host = `${name}-${owner}.${of}${words}.${region}.${suffixOf(region)}`;
          expect(address()).toEqual({ origin: `https://${host}`, host, path: "/", region, service });
        },
      ),
      { numRuns: 300 },
    );
    accepted.expectAtLeast(0.2, 0.7);
  });

  const hostname = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(\.[a-z]{2,8}){0,2}$/).filter(isNoEncodedWord),
    fc.constantFrom("127.0.0.1", "[::1]", "Minio", "s3_local", "s3.eu-west-1.amazonaws.com"),
  );
  const port = fc.constantFrom("", ":80", ":443", ":9000");

  it("of an endpoint that was given is that one, with the bucket before it only where that was asked for and fits", () => {
    const inHost = new Share();
    fc.assert(
      fc.property(
        fc.tuple(
          fc.constantFrom("http", "https"),
          hostname,
          port,
          fc.constantFrom("", "/", "/base", "/base/"),
        ),
        buckets,
        style,
        ([scheme, name, given, path], bucket, addressingStyle) => {
          const endpointUrl = `${scheme}://${name}${given}${path}`;
          expect(isEndpointUrl(endpointUrl)).toBe(true);
          const isAddress = /^\[|^[\d.]+$/.test(name);
          const fits = isHostable(bucket, scheme === "http") && !isAddress;
          const isBefore = addressingStyle === "virtual" && fits;
          inHost.count(isBefore);
          const standard = scheme === "http" ? ":80" : ":443";
          const base = name.toLowerCase() + (given === standard ? "" : given);
          const host = isBefore ? `${bucket}.${base}` : base;
          const options = { endpointUrl, addressingStyle, dualStack: false, fips: false };
          expect(addressFor(bucket, "us-east-1", options)).toEqual({
            origin: `${scheme}://${host}`,
            host,
            path: `${path.replace(/\/$/, "")}${isBefore ? "/" : `/${bucket}/`}`,
            region: "us-east-1",
            service: "s3",
          });
        },
      ),
      { numRuns: 500 },
    );
    inHost.expectAtLeast(0.05, 0.5);
  });
});

/** What a URL parser may read as another host, or drop. */
const HOSTILE = [
  "xn--",
  "@",
  "/",
  "\\",
  ":",
  "#",
  "?",
  "%",
  "%2f",
  "\n",
  "\t",
  " ",
  "..",
  "[",
  "]",
  "\u3002",
  "é",
  "\0",
  "evil.example",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.stringMatching(/^[a-z0-9.-]{1,8}$/)), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));

/** What asks AWS itself, where no option says otherwise. */
const PLAIN = { endpointUrl: undefined, addressingStyle: "auto", dualStack: false, fips: false } as const;

describe("hostile text", () => {
  it("as a region is refused, or is one label of AWS's own host", () => {
    const accepted = new Share();
    fc.assert(
      fc.property(fc.oneof(hostile, fc.stringMatching(/^[A-Za-z0-9-]{1,6}$/)), (region) => {
        if (!accepted.count(isRegion(region))) return;
        const { hostname } = new URL(addressFor("bucket", region, PLAIN).origin);
        expect(hostname).toBe(`bucket.s3.${region.toLowerCase()}.${suffixOf(region)}`);
        expect(region).not.toContain(".");
      }),
      { numRuns: 1000 },
    );
    accepted.expectAtLeast(0.05, 0.6);
  });

  it("as a bucket is refused, or asks AWS's own host and no other bucket", () => {
    const accepted = new Share();
    fc.assert(
      fc.property(hostile, (text) => {
        let bucket: string;
        try {
          bucket = parseS3Uri(`s3://${text}`).bucket;
        } catch {
          accepted.count(false);
          return;
        }
        accepted.count(true);
        const { origin, path } = addressFor(bucket, "eu-west-1", PLAIN);
        const url = new URL(`${origin}${path}key`);
        const base = "s3.eu-west-1.amazonaws.com";
        const isBefore = url.hostname === `${bucket}.${base}` && url.pathname === "/key";
        expect(isBefore || (url.hostname === base && url.pathname === `/${bucket}/key`), url.href).toBe(true);
      }),
      { numRuns: 1000 },
    );
    accepted.expectAtLeast(0.1, 0.7);
  });

  it("as an endpoint is refused, or leads to the host that a reader sees", () => {
    const accepted = new Share();
    fc.assert(
      fc.property(
        fc.constantFrom("http://", "https://", "HTTP://", "ftp://", "//"),
        hostile,
        (scheme, rest) => {
          const endpointUrl = scheme + rest;
          if (!accepted.count(isEndpointUrl(endpointUrl))) return;
          const options = { endpointUrl, addressingStyle: "path", dualStack: false, fips: false } as const;
          const seen = rest.split("/")[0]?.replace(/:\d+$/, "") ?? "";
          const { hostname } = new URL(addressFor("bucket", "us-east-1", options).origin);
          // inet_aton(3) reads a number as an address: as every resolver does.
          if (/(^|\.)(?:\d+|0x[\da-f]*)\.?$/.test(seen)) expect(hostname).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
          else expect(hostname).toBe(seen.toLowerCase());
        },
      ),
      { numRuns: 1000 },
    );
    accepted.expectAtLeast(0.05, 0.7);
  });
});
