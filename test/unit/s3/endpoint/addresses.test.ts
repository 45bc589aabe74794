import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { Addresses } from "../../../../src/s3/endpoint/addresses.js";

type Style = "path" | "virtual" | "auto";

const refusal = (code: string) =>
  new ServerError(
    {
      status: 403,
      headers: {},
      body: Buffer.from(`<Error><Code>${code}</Code><Message>m</Message></Error>`),
    },
    "GetObject",
  );

const at = (addressingStyle: Style, endpointUrl: string | undefined = "https://oss.example.com") =>
  new Addresses({ endpointUrl, addressingStyle, dualStack: false, fips: false });

function moved(style: Style, error: unknown, bucket = "bucket") {
  const addresses = at(style);
  const before = addresses.of(bucket, "us-east-1");
  const moves = addresses.moveToHost(error, bucket, before);
  return { moves, host: addresses.of(bucket, "us-east-1").host, before: before.host };
}

describe("Addresses", () => {
  it.each([
    "SecondLevelDomainForbidden",
    "PathStyleDomainForbidden",
    "VirtualHostDomainRequired",
    "InvalidPathAccess",
  ])("name buckets in the host where a server demands it: %s", (code) => {
    expect(moved("auto", refusal(code))).toEqual({
      moves: true,
      before: "oss.example.com",
      host: "bucket.oss.example.com",
    });
  });

  it("stay where the user wants them, where it would not help, and at any other error", () => {
    const demand = refusal("SecondLevelDomainForbidden");
    expect(moved("path", demand).moves).toBe(false);
    expect(moved("virtual", demand).moves).toBe(false);
    expect(moved("auto", demand, "Not_A_Label").moves).toBe(false);
    expect(moved("auto", refusal("AccessDenied")).moves).toBe(false);
    expect(moved("auto", new Error("SecondLevelDomainForbidden")).moves).toBe(false);
    expect(at("auto").moveToHost(demand, "bucket", undefined)).toBe(false);
  });

  it("move once, for all buckets, whoever hears of it first", () => {
    const addresses = at("auto");
    const used = addresses.of("one", "us-east-1");
    const other = addresses.of("two", "us-east-1");
    const demand = refusal("SecondLevelDomainForbidden");
    expect(addresses.moveToHost(demand, "one", used)).toBe(true);
    expect(addresses.of("two", "us-east-1").host).toBe("two.oss.example.com");
    expect(addresses.moveToHost(demand, "two", other)).toBe(true);
    expect(addresses.moveToHost(demand, "two", addresses.of("two", "us-east-1"))).toBe(false);
  });
});
