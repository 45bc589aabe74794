import { describe, expect, it } from "vitest";
import { concealed } from "../../../src/output/concealed.js";

const HOST = "https://b.s3.amazonaws.com/k";

describe("what signs a presigned URL", () => {
  it.each([
    [`${HOST}?X-Amz-Signature=SECRET`, `${HOST}?X-Amz-Signature=***`],
    [`${HOST}?X-Amz-Expires=9&X-Amz-Signature=SECRET`, `${HOST}?X-Amz-Expires=9&X-Amz-Signature=***`],
    [`${HOST}?X-Amz-Credential=SECRET%2F2026&x=1`, `${HOST}?X-Amz-Credential=***&x=1`],
    [`a ${HOST}?X-Amz-Security-Token=SE/CR+ET== b`, `a ${HOST}?X-Amz-Security-Token=*** b`],
    [`'${HOST}?X-Amz-Signature=SECRET' is`, `'${HOST}?X-Amz-Signature=***' is`],
    [`${HOST}?x-amz-signature=SECRET`, `${HOST}?x-amz-signature=***`],
    [`${HOST}?X%2DAmz%2dSignature%3DSECRET%26a=1`, `${HOST}?X%2DAmz%2dSignature%3D***%26a=1`],
    [`${HOST}%3F%58-Amz-Signature=SECRET`, `${HOST}%3F%58-Amz-Signature=***`],
    [`${HOST}?X%252DAmz-Signature=SECRET`, `${HOST}?X%252DAmz-Signature=***`],
    [
      `${HOST}?X-Goog-Credential=SECRET&X-Goog-Signature=SECRET`,
      `${HOST}?X-Goog-Credential=***&X-Goog-Signature=***`,
    ],
    [
      `${HOST}?AWSAccessKeyId=SECRET&Signature=SE%2BCRET%3D&Expires=1`,
      `${HOST}?AWSAccessKeyId=***&Signature=***&Expires=1`,
    ],
    [`b.s3.amazonaws.com/k?sig=SECRET`, `b.s3.amazonaws.com/k?sig=***`],
    [
      JSON.stringify({ a: `${HOST}?X-Amz-Signature=SECRET`, b: 1 }),
      JSON.stringify({ a: `${HOST}?X-Amz-Signature=***`, b: 1 }),
    ],
    [`X-Amz-Signature=SECRET`, `X-Amz-Signature=***`],
    [`${HOST}?sig=SE+C++RET+ and more`, `${HOST}?sig=*** and more`],
    [`${HOST}?sig=a b+c`, `${HOST}?sig=*** b+c`],
    [`eyJhbGciOiJub25lIn0.e30. is one`, `*** is one`],
    [`a eyJhbGciOiJub25lIn0.e30.c2ln`, `a ***`],
  ])("%s is shown as %s", (text, shown) => {
    expect(concealed(text)).toBe(shown);
  });

  it.each([
    `${HOST}?versionId=1&x=2`,
    "the signature=1, a policy=2",
    "the header x-amz-security-token is missing",
    `${HOST}?X-Amz-Signature= is empty`,
    `${HOST}?X-Amz-Signature=`,
  ])("%s is left alone", (text) => {
    expect(concealed(text)).toBe(text);
  });
});
