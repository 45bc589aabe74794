import { describe, expect, it } from "vitest";
import { addressFor, type EndpointOptions } from "../../../../src/s3/endpoint/address.js";

const options = (more: Partial<EndpointOptions> = {}): EndpointOptions => ({
  endpointUrl: undefined,
  addressingStyle: "auto",
  dualStack: false,
  fips: false,
  ...more,
});

describe("addressFor", () => {
  it.each<[string | undefined, string, Partial<EndpointOptions>, string]>([
    ["bucket", "eu-west-1", {}, "https://bucket.s3.eu-west-1.amazonaws.com/"],
    ["bucket", "us-east-1", {}, "https://bucket.s3.us-east-1.amazonaws.com/"],
    ["bucket", "cn-north-1", {}, "https://bucket.s3.cn-north-1.amazonaws.com.cn/"],
    ["bucket", "eu-west-1", { dualStack: true }, "https://bucket.s3.dualstack.eu-west-1.amazonaws.com/"],
    ["bucket", "us-east-2", { fips: true }, "https://bucket.s3-fips.us-east-2.amazonaws.com/"],
    [
      "bucket",
      "us-east-2",
      { fips: true, dualStack: true },
      "https://bucket.s3-fips.dualstack.us-east-2.amazonaws.com/",
    ],
    ["my.bucket", "eu-west-1", {}, "https://s3.eu-west-1.amazonaws.com/my.bucket/"],
    ["Odd_Bucket", "us-east-1", {}, "https://s3.us-east-1.amazonaws.com/Odd_Bucket/"],
    [undefined, "us-east-1", {}, "https://s3.us-east-1.amazonaws.com/"],
    ["bucket", "us-east-1", { endpointUrl: "http://127.0.0.1:9000" }, "http://127.0.0.1:9000/bucket/"],
    [
      "bucket",
      "us-east-1",
      { endpointUrl: "https://s3.example.com/base/" },
      "https://s3.example.com/base/bucket/",
    ],
    ["a/../b", "us-east-1", { endpointUrl: "https://s3.example.com" }, "https://s3.example.com/a%2F..%2Fb/"],
    ["bucket", "eu-west-1", { addressingStyle: "path" }, "https://s3.eu-west-1.amazonaws.com/bucket/"],
    ["bucket", "eu-west-1", { addressingStyle: "virtual" }, "https://bucket.s3.eu-west-1.amazonaws.com/"],
    [
      "arn:aws:s3:us-west-2:123456789012:accesspoint/point",
      "eu-west-1",
      {},
      "https://point-123456789012.s3-accesspoint.us-west-2.amazonaws.com/",
    ],
    [
      "arn:aws:s3:us-west-2:123456789012:accesspoint:point",
      "eu-west-1",
      { dualStack: true, fips: true },
      "https://point-123456789012.s3-accesspoint-fips.dualstack.us-west-2.amazonaws.com/",
    ],
    [
      "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/point",
      "eu-west-1",
      {},
      "https://point-123456789012.op-1.s3-outposts.us-west-2.amazonaws.com/",
    ],
  ])("of %s in %s with %j", (bucket, region, more, expected) => {
    const { origin, path, host } = addressFor(bucket, region, options(more));
    expect(origin + path).toBe(expected);
    expect(origin.endsWith(`//${host}`)).toBe(true);
  });

  it.each([
    ["bucket", "https://s3.example.com", "https://bucket.s3.example.com/"],
    ["bucket", "https://s3.example.com:8443/base/", "https://bucket.s3.example.com:8443/base/"],
    ["b-1", "http://s3.example.com", "http://b-1.s3.example.com/"],
    // One label under a certificate's *, several where there is none.
    ["my.bucket", "http://s3.example.com", "http://my.bucket.s3.example.com/"],
    ["my.bucket", "https://s3.example.com", "https://s3.example.com/my.bucket/"],
    // What is no label of a host stays in the path.
    ["Bucket", "https://s3.example.com", "https://s3.example.com/Bucket/"],
    ["a_b", "http://s3.example.com", "http://s3.example.com/a_b/"],
    ["-ab", "http://s3.example.com", "http://s3.example.com/-ab/"],
    ["ab-", "http://s3.example.com", "http://s3.example.com/ab-/"],
    ["a..b", "http://s3.example.com", "http://s3.example.com/a..b/"],
    [".ab", "http://s3.example.com", "http://s3.example.com/.ab/"],
    ["10.0.0.1", "http://s3.example.com", "http://s3.example.com/10.0.0.1/"],
    ["a@evil.example/", "http://s3.example.com", "http://s3.example.com/a%40evil.example%2F/"],
    ["x".repeat(64), "https://s3.example.com", `https://s3.example.com/${"x".repeat(64)}/`],
    [
      "x.".repeat(125).slice(0, -1),
      "http://s3.example.com",
      `http://s3.example.com/${"x.".repeat(125).slice(0, -1)}/`,
    ],
    // Nothing stands before an address.
    ["bucket", "http://127.0.0.1:9000", "http://127.0.0.1:9000/bucket/"],
    ["bucket", "http://[::1]:9000", "http://[::1]:9000/bucket/"],
  ])("of %s at %s in virtual-hosted style", (bucket, endpointUrl, expected) => {
    const { origin, path } = addressFor(
      bucket,
      "us-east-1",
      options({ endpointUrl, addressingStyle: "virtual" }),
    );
    expect(origin + path).toBe(expected);
  });

  it("signs for an access point's own region and service", () => {
    const outposts = "arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-1:accesspoint:point";
    expect(addressFor(outposts, "eu-west-1", options())).toMatchObject({
      region: "us-west-2",
      service: "s3-outposts",
    });
  });

  it("refuses a multi-region access point, and says why", () => {
    expect(() => addressFor("arn:aws:s3::123456789012:accesspoint/m.mrap", "us-east-1", options())).toThrow(
      "SigV4A",
    );
  });

  it.each([
    "arn:aws:s3:::bucket",
    "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/x",
    "arn:",
    "arn:aws:s3:us-east-1:1:accesspoint/../x",
  ])("refuses %s", (arn) => expect(() => addressFor(arn, "us-east-1", options())).toThrow("cannot be used"));

  it.each(["127.0.0.1:9000", "ftp://x", "", "http://"])("refuses the endpoint %j", (endpointUrl) => {
    expect(() => addressFor("b", "us-east-1", options({ endpointUrl }))).toThrow("not a usable");
  });
});
