import { keyLines, keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { CONTAINER, section } from "./pieces.js";

const S3_URL = "https://s3.test";
const ANY_URL = "https://any.test";
const keys = keyVariables("environment");
const NO_REGION = { AWS_REGION: undefined, AWS_EC2_METADATA_DISABLED: "true" };
/** Key variables, and these lines in the default profile. */
const profile = (title: string, lines: string, more: Partial<SetUp> = {}): SetUp => ({
  title,
  config: `[default]\n${lines}\n`,
  ...more,
  env: { ...keys, ...more.env },
});
const variables = (
  title: string,
  env: Record<string, string | undefined>,
  more: Partial<SetUp> = {},
): SetUp => ({
  title,
  env: { ...keys, ...env },
  ...more,
});
const SERVICES = `services = mine\n[services mine]\ns3 =\n  endpoint_url = ${S3_URL}`;

const regions: SetUp[] = [
  variables("region: AWS_REGION", { AWS_REGION: "eu-west-1" }),
  variables("region: AWS_DEFAULT_REGION", { AWS_REGION: undefined, AWS_DEFAULT_REGION: "eu-west-1" }),
  variables("region: AWS_REGION and AWS_DEFAULT_REGION", {
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "us-west-2",
  }),
  variables("region: AWS_REGION empty, AWS_DEFAULT_REGION set", {
    AWS_REGION: "",
    AWS_DEFAULT_REGION: "us-west-2",
  }),
  variables("region: AWS_REGION empty", { AWS_REGION: "", AWS_EC2_METADATA_DISABLED: "true" }),
  variables("region: --region", { AWS_REGION: "eu-west-1" }, { args: ["--region", "us-west-2"] }),
  variables("region: none", NO_REGION),
  variables("region: none, but the instance's", { AWS_REGION: undefined }),
  profile("region: the profile's", "region = eu-west-1", { env: { AWS_REGION: undefined } }),
  profile("region: the profile's and AWS_REGION", "region = eu-west-1", { env: { AWS_REGION: "us-west-2" } }),
  profile("region: the profile's and AWS_DEFAULT_REGION", "region = eu-west-1", {
    env: { AWS_REGION: undefined, AWS_DEFAULT_REGION: "us-west-2" },
  }),
  profile("region: the profile's, empty", "region =", { env: NO_REGION }),
  profile("region: the profile's, with a comment", "region = eu-west-1 # x", { env: NO_REGION }),
  {
    title: "region: in credentials",
    credentials: section("default", keyLines("shared"), "region = eu-west-1"),
    env: { AWS_REGION: undefined },
  },
  {
    title: "region: of a named profile, the container",
    config: section("profile bare", "region = eu-west-1") + section("default", "region = us-west-2"),
    env: { AWS_PROFILE: "bare", AWS_REGION: undefined, ...CONTAINER },
  },
  {
    title: "region: a named profile without one, default with one",
    config: section("profile bare", "output = json") + section("default", "region = us-west-2"),
    env: { AWS_PROFILE: "bare", ...NO_REGION, ...CONTAINER },
  },
  variables("region: in China", { AWS_REGION: "cn-north-1" }),
  variables("region: aws-global", { AWS_REGION: "aws-global" }),
  variables("region: not one", { AWS_REGION: "us east 1" }),
  variables("region: unknown", { AWS_REGION: "ap-south-1" }),
];

const endpointUrls: SetUp[] = [
  variables("endpoint: AWS_ENDPOINT_URL", { AWS_ENDPOINT_URL: ANY_URL }),
  variables("endpoint: AWS_ENDPOINT_URL_S3", { AWS_ENDPOINT_URL_S3: S3_URL }),
  variables("endpoint: both", { AWS_ENDPOINT_URL: ANY_URL, AWS_ENDPOINT_URL_S3: S3_URL }),
  variables("endpoint: --endpoint-url", { AWS_ENDPOINT_URL: ANY_URL }, { args: ["--endpoint-url", S3_URL] }),
  variables("endpoint: an address", { AWS_ENDPOINT_URL: "http://127.0.0.1:8080" }),
  variables("endpoint: localhost", { AWS_ENDPOINT_URL: "http://localhost:8080" }),
  variables("endpoint: with a path", { AWS_ENDPOINT_URL: "https://any.test/a" }),
  variables("endpoint: empty variables", { AWS_ENDPOINT_URL: "", AWS_ENDPOINT_URL_S3: "" }),
  variables("endpoint: no URL", { AWS_ENDPOINT_URL: "any.test" }),
  profile("endpoint: services", SERVICES),
  profile("endpoint: services and AWS_ENDPOINT_URL", SERVICES, { env: { AWS_ENDPOINT_URL: ANY_URL } }),
  profile("endpoint: services and AWS_ENDPOINT_URL_S3", SERVICES, { env: { AWS_ENDPOINT_URL_S3: ANY_URL } }),
  profile("endpoint: services and endpoint_url", `endpoint_url = ${ANY_URL}\n${SERVICES}`),
  profile(
    "endpoint: services without s3",
    "services = mine\n[services mine]\nsts =\n  endpoint_url = https://sts.test",
  ),
  profile("endpoint: services that are missing", "services = missing"),
  profile("endpoint: services that are missing, AWS_ENDPOINT_URL_S3", "services = missing", {
    env: { AWS_ENDPOINT_URL_S3: S3_URL },
  }),
  profile("endpoint: services that are missing, --endpoint-url", "services = missing", {
    args: ["--endpoint-url", S3_URL],
  }),
  profile("endpoint: services in another case", SERVICES.replace("[services mine]", "[Services mine]")),
  profile("endpoint: services, its name S3", SERVICES.replace("s3 =", "S3 =")),
  profile("endpoint: endpoint_url", `endpoint_url = ${ANY_URL}`),
  profile("endpoint: endpoint_url and AWS_ENDPOINT_URL", `endpoint_url = ${S3_URL}`, {
    env: { AWS_ENDPOINT_URL: ANY_URL },
  }),
  profile("endpoint: endpoint_url below s3", `s3 =\n  endpoint_url = ${S3_URL}`),
  profile("endpoint: endpoint_url, empty", "endpoint_url ="),
  variables("endpoint: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", {
    AWS_ENDPOINT_URL: ANY_URL,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  }),
  variables("endpoint: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=TRUE", {
    AWS_ENDPOINT_URL: ANY_URL,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "TRUE",
  }),
  variables("endpoint: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=1", {
    AWS_ENDPOINT_URL: ANY_URL,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "1",
  }),
  variables(
    "endpoint: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS and --endpoint-url",
    { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    { args: ["--endpoint-url", S3_URL] },
  ),
  profile(
    "endpoint: ignore_configured_endpoint_urls",
    `endpoint_url = ${ANY_URL}\nignore_configured_endpoint_urls = true`,
  ),
  profile(
    "endpoint: ignore_configured_endpoint_urls, false in the variable",
    `endpoint_url = ${ANY_URL}\nignore_configured_endpoint_urls = true`,
    { env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" } },
  ),
  {
    title: "endpoint: of default, another profile in force",
    config: section("default", `endpoint_url = ${ANY_URL}`) + section("profile bare", "output = json"),
    env: { ...keys, AWS_PROFILE: "bare" },
  },
];

const styles: SetUp[] = [
  ...["path", "virtual", "auto"].flatMap((style) => [
    profile(`addressing_style = ${style}`, `s3 =\n  addressing_style = ${style}`),
    profile(`addressing_style = ${style}, an endpoint`, `s3 =\n  addressing_style = ${style}`, {
      env: { AWS_ENDPOINT_URL: ANY_URL },
    }),
  ]),
  profile("addressing_style = virtual, an address", "s3 =\n  addressing_style = virtual", {
    env: { AWS_ENDPOINT_URL: "http://localhost:8080" },
  }),
  profile("addressing_style = junk", "s3 =\n  addressing_style = junk"),
  profile("addressing_style = PATH", "s3 =\n  addressing_style = PATH"),
  profile("addressing_style, not nested", "addressing_style = path"),
  profile("addressing_style below s3 in one line", "s3 = addressing_style = path"),
  profile(
    "addressing_style with other settings",
    "s3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n  multipart_threshold = 64MB",
  ),
  {
    title: "addressing_style in credentials",
    credentials: `[default]\n${keyLines("shared")}s3 =\n  addressing_style = path\n`,
  },
  {
    title: "addressing_style of a named profile",
    config: "[profile bare]\ns3 =\n  addressing_style = path\n",
    env: { ...keys, AWS_PROFILE: "bare" },
  },
];

const variants: SetUp[] = [
  variables("AWS_USE_FIPS_ENDPOINT=true", { AWS_USE_FIPS_ENDPOINT: "true" }),
  variables("AWS_USE_FIPS_ENDPOINT=True", { AWS_USE_FIPS_ENDPOINT: "True" }),
  variables("AWS_USE_FIPS_ENDPOINT=1", { AWS_USE_FIPS_ENDPOINT: "1" }),
  profile("use_fips_endpoint = true", "use_fips_endpoint = true"),
  profile("use_fips_endpoint = true, false in the variable", "use_fips_endpoint = true", {
    env: { AWS_USE_FIPS_ENDPOINT: "false" },
  }),
  profile("use_fips_endpoint = true, the variable empty", "use_fips_endpoint = true", {
    env: { AWS_USE_FIPS_ENDPOINT: "" },
  }),
  variables("AWS_USE_DUALSTACK_ENDPOINT=true", { AWS_USE_DUALSTACK_ENDPOINT: "true" }),
  profile("use_dualstack_endpoint = true", "use_dualstack_endpoint = true"),
  profile("use_dualstack_endpoint below s3", "s3 =\n  use_dualstack_endpoint = true"),
  variables("FIPS and dual stack", { AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" }),
  variables("FIPS and an endpoint", { AWS_USE_FIPS_ENDPOINT: "true", AWS_ENDPOINT_URL: ANY_URL }),
  variables("dual stack and an endpoint", { AWS_USE_DUALSTACK_ENDPOINT: "true", AWS_ENDPOINT_URL: ANY_URL }),
  profile("FIPS and addressing_style = path", "use_fips_endpoint = true\ns3 =\n  addressing_style = path"),
  variables("FIPS in eu-west-1", { AWS_USE_FIPS_ENDPOINT: "true", AWS_REGION: "eu-west-1" }),
  profile("us_east_1_regional_endpoint = legacy", "s3 =\n  us_east_1_regional_endpoint = legacy"),
  profile("use_accelerate_endpoint", "s3 =\n  use_accelerate_endpoint = true", {
    env: { AWS_REGION: "us-east-1" },
  }),
  profile("ca_bundle", "ca_bundle = <HOME>/../../recorder.pem", { env: { AWS_CA_BUNDLE: undefined } }),
  profile("ca_bundle that does not fit, AWS_CA_BUNDLE", "ca_bundle = <HOME>/missing.pem"),
  profile("ca_bundle that is missing", "ca_bundle = <HOME>/missing.pem", {
    env: { AWS_CA_BUNDLE: undefined },
  }),
  profile("no ca_bundle", "region = us-east-1", { env: { AWS_CA_BUNDLE: undefined } }),
  profile("--ca-bundle before both", "ca_bundle = <HOME>/missing.pem", {
    env: { AWS_CA_BUNDLE: "<HOME>/missing.pem" },
    args: ["--ca-bundle", "<HOME>/../../recorder.pem"],
  }),
];

const unsigned: SetUp[] = [
  { title: "--no-sign-request", args: ["--no-sign-request"] },
  { title: "--no-sign-request, key variables", env: keys, args: ["--no-sign-request"] },
  { title: "--no-sign-request, the container", env: CONTAINER, args: ["--no-sign-request"] },
  {
    title: "--no-sign-request, half of a pair",
    env: { AWS_ACCESS_KEY_ID: "ASIAHALF000000000000" },
    args: ["--no-sign-request"],
  },
  {
    title: "--no-sign-request, a profile with a loop",
    config: section("profile a", "role_arn = arn:aws:iam::1:role/x", "source_profile = a"),
    env: { AWS_PROFILE: "a" },
    args: ["--no-sign-request"],
  },
  {
    title: "--no-sign-request and --profile, its region",
    config: section("profile bare", "region = eu-west-1"),
    env: { AWS_REGION: undefined },
    args: ["--no-sign-request", "--profile", "bare"],
  },
];

export const s3: SetUpGroup = {
  title: "S3",
  setUps: [...regions, ...endpointUrls, ...styles, ...variants, ...unsigned],
};
