import { describe, expect, it } from "vitest";
import { dnsSuffix, firstRegion, isAmazonS3Url, partitionOf, stsSuffix } from "../../../src/aws/partition.js";

describe("a region's partition", () => {
  // As in the SDKs' partitions.json.
  it.each([
    ["eu-west-1", "aws", "amazonaws.com", "api.aws", "us-east-1"],
    ["us-east-1", "aws", "amazonaws.com", "api.aws", "us-east-1"],
    ["cn-north-1", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"],
    ["us-gov-east-1", "aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1"],
    ["us-iso-west-1", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"],
    ["us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"],
    ["us-isof-east-1", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"],
    ["eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"],
    ["eusc-de-east-1", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"],
    ["my-store", "aws", "amazonaws.com", "api.aws", "us-east-1"],
    // What only begins as the regions of another do.
    ["cn-a", "aws", "amazonaws.com", "api.aws", "us-east-1"],
    ["us-iso-east", "aws", "amazonaws.com", "api.aws", "us-east-1"],
    ["us-iso-a.east-1", "aws", "amazonaws.com", "api.aws", "us-east-1"],
    ["eu-isoe-west-1a", "aws", "amazonaws.com", "api.aws", "us-east-1"],
    ["eusc-fr-east-1", "aws", "amazonaws.com", "api.aws", "us-east-1"],
  ])("of %s is %s, with hosts of %s and %s, and begins in %s", (region, name, suffix, dualStack, first) => {
    expect([partitionOf(region), dnsSuffix(region)]).toEqual([name, suffix]);
    expect([stsSuffix(region, false), stsSuffix(region, true)]).toEqual([suffix, dualStack]);
    expect(firstRegion(`arn:${name}:iam::123456789012:role/a`)).toBe(first);
    expect(firstRegion(undefined, "role", `arn:${name}:iam::123456789012:role/a`)).toBe(first);
  });

  it("is not one of those that JavaScript has, nor one of a pattern", () => {
    expect(firstRegion("arn:constructor:iam::1:role/a", "arn:*:iam::*:role/a")).toBe("us-east-1");
    expect(firstRegion("not-arn:aws-cn:iam::123456789012:role/a")).toBe("us-east-1");
  });
});

describe("isAmazonS3Url", () => {
  it.each([
    "https://s3.amazonaws.com",
    "https://s3.eu-west-1.amazonaws.com",
    "https://s3.cn-north-1.amazonaws.com.cn",
    "https://s3.eusc-de-east-1.amazonaws.eu:443",
    "https://s3.us-iso-east-1.c2s.ic.gov",
    "https://S3.us-east-1.amazonaws.com/",
    "https://s3-us-west-2.amazonaws.com",
    "https://s3-external-1.amazonaws.com",
    "https://s3-fips.us-gov-west-1.amazonaws.com",
    "https://s3-fips-us-gov-west-1.amazonaws.com",
    "https://s3.dualstack.ap-southeast-2.amazonaws.com",
    "https://s3-fips.dualstack.us-east-1.amazonaws.com",
    "https://s3-accelerate.amazonaws.com",
    "https://bucket.s3.us-east-1.amazonaws.com",
    "https://my.bucket.s3.amazonaws.com",
    "https://name-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
    "https://name-123456789012.s3-accesspoint-fips.dualstack.us-west-2.amazonaws.com",
    "https://name-123456789012.op-1.s3-outposts.us-west-2.amazonaws.com",
    "https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com/",
    "https://vpce-1a2b3c4d-5e6f-us-east-1a.s3.us-east-1.vpce.amazonaws.com",
    "https://accesspoint.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com",
  ])("%s is Amazon S3", (url) => {
    expect(isAmazonS3Url(url)).toBe(true);
  });

  it.each([
    "http://ceph-12.elb.us-east-1.amazonaws.com",
    "http://ceph-12.us-east-1.elb.amazonaws.com",
    "http://s3-12.us-east-1.elb.amazonaws.com",
    "http://s3.us-east-1.elb.amazonaws.com",
    "http://s3-1a2b3c.elb.us-east-1.amazonaws.com",
    "http://ec2-1-2-3-4.compute-1.amazonaws.com",
    "http://ec2-1-2-3-4.eu-west-1.compute.amazonaws.com",
    "http://ec2-1-2-3-4.compute.amazonaws.com.cn",
    "https://vpce-1a2b.vpce-svc-3c4d.us-east-1.vpce.amazonaws.com",
    "https://a1b2c3.execute-api.us-east-1.amazonaws.com",
    "https://bucket.s3-website-us-east-1.amazonaws.com",
    "https://s3-minio.us-east-1.amazonaws.com",
    "https://mys3.us-east-1.amazonaws.com",
    "https://amazonaws.com",
    "http://127.0.0.1:9000",
    "https://s3.us-east-1.amazonaws.com.example",
    "https://s3.notamazonaws.com",
    "https://s3.example/s3.amazonaws.com",
    "nonsense",
  ])("%s is not", (url) => {
    expect(isAmazonS3Url(url)).toBe(false);
  });
});
