import { expect, it } from "vitest";
import { isAwsUrl } from "../../../src/aws/partition.js";

it.each([
  ["https://s3.eu-west-1.amazonaws.com", true],
  ["https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com/", true],
  ["https://s3.cn-north-1.amazonaws.com.cn", true],
  ["https://s3.eusc-de-east-1.amazonaws.eu:443", true],
  ["http://127.0.0.1:9000", false],
  ["https://amazonaws.com.example", false],
  ["https://notamazonaws.com", false],
  ["https://s3.example/amazonaws.com", false],
  ["nonsense", false],
])("%s is Amazon's: %s", (url, is) => {
  expect(isAwsUrl(url)).toBe(is);
});
