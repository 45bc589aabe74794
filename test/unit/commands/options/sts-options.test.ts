import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { stsAddress } from "../../../../src/aws/sts-address.js";
import { Invocation } from "../../../../src/cli/invocation.js";
import { connectionOf } from "../../../../src/commands/options/store-options.js";
import { stsOptions } from "../../../../src/commands/options/sts-options.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";
import { testContext } from "../../../support/test-context.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

writeFileSync(
  folder.at("config"),
  `[profile plain]
region = eu-west-3
[profile url]
endpoint_url = http://profile
[profile both]
endpoint_url = http://profile
services = own
[profile s3]
services = other
s3 =
  use_dualstack_endpoint = true
[profile fips]
region = us-gov-east-1
use_fips_endpoint = true
[profile dual]
region = eu-west-1
use_dualstack_endpoint = true
[profile ignores]
endpoint_url = http://profile
ignore_configured_endpoint_urls = true
[profile broken]
services = nowhere
[services own]
sts =
  endpoint_url = http://services-sts
s3 =
  endpoint_url = http://services-s3
[services other]
s3 =
  endpoint_url = http://services-s3
`,
);

type Given = Readonly<Record<string, string>>;

/** What STS is asked at with these options and variables, and the region of the signature. */
function asked(options: Given, env: Given): readonly [string, string] {
  const all = Object.entries(options).map(([name, value]) => ({ name, value }));
  const context = testContext({ AWS_CONFIG_FILE: folder.at("config"), ...env });
  const connection = connectionOf(new Invocation("ls", all, []), context);
  const { url, region } = stsAddress(stsOptions(connection, options["endpoint-url-sts"]), []);
  return [url.href, region];
}

const URLS = { AWS_ENDPOINT_URL: "http://all", AWS_ENDPOINT_URL_STS: "http://sts" };

describe("how STS is reached", () => {
  it.each([
    ["nothing", {}, {}, "https://sts.amazonaws.com/", "us-east-1"],
    ["--region", { region: "eu-west-2" }, {}, "https://sts.eu-west-2.amazonaws.com/", "eu-west-2"],
    [
      "--region before variables",
      { region: "eu-west-2" },
      { AWS_REGION: "eu-west-1" },
      "https://sts.eu-west-2.amazonaws.com/",
      "eu-west-2",
    ],
    ["a variable", {}, { AWS_REGION: "eu-west-1" }, "https://sts.eu-west-1.amazonaws.com/", "eu-west-1"],
    ["a profile's region", { profile: "plain" }, {}, "https://sts.eu-west-3.amazonaws.com/", "eu-west-3"],
    ["AWS_PROFILE's", {}, { AWS_PROFILE: "plain" }, "https://sts.eu-west-3.amazonaws.com/", "eu-west-3"],
    [
      "--bucket-region, which is S3's",
      { "bucket-region": "eu-west-2" },
      {},
      "https://sts.amazonaws.com/",
      "us-east-1",
    ],
    [
      "--endpoint-url, which is S3's",
      { "endpoint-url": "http://x" },
      {},
      "https://sts.amazonaws.com/",
      "us-east-1",
    ],
    [
      "AWS_ENDPOINT_URL_S3",
      {},
      { AWS_ENDPOINT_URL_S3: "http://x" },
      "https://sts.amazonaws.com/",
      "us-east-1",
    ],
    ["AWS_ENDPOINT_URL", {}, { AWS_ENDPOINT_URL: "http://all" }, "http://all/", "us-east-1"],
    ["AWS_ENDPOINT_URL_STS before it", {}, URLS, "http://sts/", "us-east-1"],
    ["--endpoint-url-sts first", { "endpoint-url-sts": "http://own" }, URLS, "http://own/", "us-east-1"],
    ["a profile's endpoint_url", { profile: "url" }, {}, "http://profile/", "us-east-1"],
    ["its services section before it", { profile: "both" }, {}, "http://services-sts/", "us-east-1"],
    [
      "variables before both",
      { profile: "both" },
      { AWS_ENDPOINT_URL: "http://all" },
      "http://all/",
      "us-east-1",
    ],
    ["the services section's s3", { profile: "s3" }, {}, "https://sts.amazonaws.com/", "us-east-1"],
    [
      "ignore_configured_endpoint_urls",
      { profile: "ignores" },
      {},
      "https://sts.amazonaws.com/",
      "us-east-1",
    ],
    [
      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
      {},
      { ...URLS, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      "https://sts.amazonaws.com/",
      "us-east-1",
    ],
    [
      "a profile's FIPS",
      { profile: "fips" },
      {},
      "https://sts.us-gov-east-1.amazonaws.com/",
      "us-gov-east-1",
    ],
    [
      "AWS_USE_FIPS_ENDPOINT",
      { region: "us-west-2" },
      { AWS_USE_FIPS_ENDPOINT: "true" },
      "https://sts-fips.us-west-2.amazonaws.com/",
      "us-west-2",
    ],
    ["a profile's dual stack", { profile: "dual" }, {}, "https://sts.eu-west-1.api.aws/", "eu-west-1"],
  ])("with %s: %j %j", (_what, options, env, url, region) => {
    expect(asked(options as Given, env as Given)).toEqual([url, region]);
  });

  it("a section of services that is not there fails", () => {
    expect(() => asked({ profile: "broken" }, { AWS_ENDPOINT_URL_S3: "http://x" })).toThrow(/nowhere/);
  });

  it.each([
    ["--endpoint-url-sts", { "endpoint-url-sts": "sts" }, {}],
    ["AWS_ENDPOINT_URL_STS", {}, { AWS_ENDPOINT_URL_STS: "sts" }],
  ])("%s that is no URL is a wrong command line", (name, options, env) => {
    expect(() => asked(options as Given, env as Given)).toThrow(
      expect.objectContaining({ id: "bad-url", exitCode: 252, message: expect.stringContaining(name) }),
    );
  });
});
