import { describe, expect, it } from "vitest";
import type { ServerError } from "../../../src/aws/server-error.js";
import { stsAnsweredError, stsNoResponse } from "../../../src/aws/sts-failures.js";

const ORIGIN = "https://sts.amazonaws.com";

describe("STS that does not answer", () => {
  const NETWORK =
    "this step must be able to reach STS: it needs a network, and HTTPS_PROXY or --endpoint-url-sts where STS is behind a proxy or a VPC endpoint";

  it.each([
    ["ETIMEDOUT", "no response in time", NETWORK],
    ["ERR_SILENT", "no response in time", NETWORK],
    ["ECONNRESET", "ECONNRESET", NETWORK],
    [undefined, "connection broken", NETWORK],
    ["ERR_UNREADABLE_ANSWER", "its own words", NETWORK],
    ["ERR_CONNECT_TIMEOUT", "its own words", `${NETWORK}; --cli-connect-timeout sets how long to wait`],
    ["ENOTFOUND", "ENOTFOUND", NETWORK.replace(/^.*?:/, "check the region (AWS_REGION):")],
    ["EAI_AGAIN", "EAI_AGAIN", NETWORK.replace(/^.*?:/, "check the region (AWS_REGION):")],
  ])("%s: %s", (code, words, hint) => {
    expect(stsNoResponse("AssumeRole", ORIGIN, code, new Error("its own words"))).toMatchObject({
      id: "sts-no-answer",
      exitCode: 255,
      message: `AssumeRole at ${ORIGIN} failed: ${words}`,
      hint,
    });
  });

  it("whose certificate is not trusted", () => {
    expect(stsNoResponse("AssumeRole", ORIGIN, "CERT_HAS_EXPIRED", new Error("x"))).toMatchObject({
      id: "sts-certificate",
      exitCode: 255,
      message: `AssumeRole at ${ORIGIN} failed: CERT_HAS_EXPIRED`,
      hint: expect.stringContaining("--ca-bundle"),
    });
  });
});

it.each([
  [399, /^something other than STS answered/],
  [400, /^STS did not accept the keys/],
  [499, /^STS did not accept the keys/],
  [500, /has a problem: try again later$/],
])("STS that answers %i without a known code", (status, hint) => {
  const error = { status, code: String(status), explained: false, message: "" } as ServerError;
  expect(stsAnsweredError("AssumeRole", ORIGIN, error).hint).toMatch(hint);
});
