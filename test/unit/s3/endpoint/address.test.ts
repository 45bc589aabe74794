import { describe, expect, it } from "vitest";
import { addressFor, type EndpointOptions } from "../../../../src/s3/endpoint/address.js";

const options = (more: Partial<EndpointOptions> = {}): EndpointOptions => ({
  endpointUrl: undefined,
  dualStack: false,
  fips: false,
  ...more,
});

describe("addressFor", () => {
  it.each([
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
