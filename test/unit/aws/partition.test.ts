import { describe, expect, it } from "vitest";
import { isAmazonS3Url } from "../../../src/aws/partition.js";

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
