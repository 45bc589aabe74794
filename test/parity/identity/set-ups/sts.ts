import { keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { BASE_KEYS, CONTAINER, deployRole, roleArn, section, TOKEN_FILE, WEB_IDENTITY } from "./pieces.js";

const STS_URL = "https://sts.test";
const ANY_URL = "https://any.test";
const NO_INSTANCE = { AWS_EC2_METADATA_DISABLED: "true" };
const AWS_PROFILE = { AWS_PROFILE: "deploy" };
const base = { credentials: BASE_KEYS };
/** A role of the profile deploy: what its own profile says more, and what its source's says. */
const role = (
  title: string,
  more: Omit<SetUp, "title"> & { own?: string; source?: string; tail?: string },
): SetUp => {
  const { own = "", source = "", tail = "", env = {}, ...rest } = more;
  return { title, ...base, config: deployRole(own, source) + tail, env: { ...AWS_PROFILE, ...env }, ...rest };
};
const unset = { AWS_REGION: undefined, ...NO_INSTANCE };
const SERVICES = `\n[services mine]\nsts =\n  endpoint_url = ${STS_URL}\n`;

const regions: SetUp[] = [
  role("STS: --region", { args: ["--region", "eu-central-1"] }),
  role("STS: AWS_REGION", { env: { AWS_REGION: "eu-central-1" } }),
  role("STS: AWS_DEFAULT_REGION", { env: { AWS_REGION: undefined, AWS_DEFAULT_REGION: "eu-central-1" } }),
  role("STS: AWS_REGION and AWS_DEFAULT_REGION", {
    env: { AWS_REGION: "eu-central-1", AWS_DEFAULT_REGION: "eu-west-1" },
  }),
  role("STS: the profile's region", { env: unset, own: "region = eu-west-1\n" }),
  role("STS: the profile's region and AWS_REGION", {
    env: { AWS_REGION: "us-west-2" },
    own: "region = eu-west-1\n",
  }),
  role("STS: the profile's region and --region", {
    env: unset,
    own: "region = eu-west-1\n",
    args: ["--region", "us-west-2"],
  }),
  role("STS: the source's region", { env: unset, source: "region = eu-west-1\n" }),
  role("STS: the profile's and the source's region", {
    env: unset,
    own: "region = us-west-2\n",
    source: "region = eu-west-1\n",
  }),
  role("STS: default's region", { env: unset, tail: section("default", "region = eu-west-1") }),
  role("STS: no region", { env: unset }),
  role("STS: sts_regional_endpoints = legacy", { own: "sts_regional_endpoints = legacy\n" }),
  role("STS: AWS_STS_REGIONAL_ENDPOINTS=legacy", { env: { AWS_STS_REGIONAL_ENDPOINTS: "legacy" } }),
  role("STS: a region in China", { env: { AWS_REGION: "cn-north-1" } }),
  role("STS: a region of GovCloud", { env: { AWS_REGION: "us-gov-west-1" } }),
  {
    title: "STS: the regions of a chain",
    env: { ...AWS_PROFILE, ...unset },
    config: [
      section("profile deploy", `role_arn = ${roleArn("second")}`, "source_profile = middle"),
      section(
        "profile middle",
        `role_arn = ${roleArn("first")}`,
        "source_profile = base",
        "region = eu-west-1",
      ),
    ].join(""),
    ...base,
  },
  { title: "STS: web identity, no region", files: TOKEN_FILE, env: { ...WEB_IDENTITY, ...unset } },
  {
    title: "STS: web identity, default's region",
    files: TOKEN_FILE,
    env: { ...WEB_IDENTITY, ...unset },
    config: section("default", "region = eu-west-1"),
  },
  {
    title: "STS: web identity, --region",
    files: TOKEN_FILE,
    env: { ...WEB_IDENTITY, ...unset },
    args: ["--region", "eu-west-1"],
  },
];

const endpoints: SetUp[] = [
  role("STS: AWS_ENDPOINT_URL_STS", { env: { AWS_ENDPOINT_URL_STS: STS_URL } }),
  role("STS: AWS_ENDPOINT_URL", { env: { AWS_ENDPOINT_URL: ANY_URL } }),
  role("STS: AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_STS", {
    env: { AWS_ENDPOINT_URL: ANY_URL, AWS_ENDPOINT_URL_STS: STS_URL },
  }),
  role("STS: AWS_ENDPOINT_URL_S3 alone", { env: { AWS_ENDPOINT_URL_S3: ANY_URL } }),
  role("STS: --endpoint-url", { args: ["--endpoint-url", ANY_URL] }),
  role("STS: --endpoint-url and AWS_ENDPOINT_URL_STS", {
    args: ["--endpoint-url", ANY_URL],
    env: { AWS_ENDPOINT_URL_STS: STS_URL },
  }),
  role("STS: services of the profile", { own: "services = mine\n", tail: SERVICES }),
  role("STS: services of the source", { source: "services = mine\n", tail: SERVICES }),
  role("STS: services and AWS_ENDPOINT_URL", {
    own: "services = mine\n",
    tail: SERVICES,
    env: { AWS_ENDPOINT_URL: ANY_URL },
  }),
  role("STS: services and AWS_ENDPOINT_URL_STS", {
    own: "services = mine\n",
    tail: SERVICES,
    env: { AWS_ENDPOINT_URL_STS: ANY_URL },
  }),
  role("STS: services that are missing", { own: "services = missing\n" }),
  role("STS: services that are missing, of the source", { source: "services = missing\n" }),
  role("STS: endpoint_url of the profile", { own: `endpoint_url = ${ANY_URL}\n` }),
  role("STS: endpoint_url of the source", { source: `endpoint_url = ${ANY_URL}\n` }),
  role("STS: endpoint_url and services", {
    own: `endpoint_url = ${ANY_URL}\nservices = mine\n`,
    tail: SERVICES,
  }),
  role("STS: AWS_ENDPOINT_URL and endpoint_url", {
    own: `endpoint_url = ${STS_URL}\n`,
    env: { AWS_ENDPOINT_URL: ANY_URL },
  }),
  role("STS: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", {
    env: { AWS_ENDPOINT_URL_STS: STS_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
  }),
  role("STS: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false", {
    env: { AWS_ENDPOINT_URL_STS: STS_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" },
  }),
  role("STS: ignore_configured_endpoint_urls = true", {
    own: "ignore_configured_endpoint_urls = true\n",
    env: { AWS_ENDPOINT_URL_STS: STS_URL },
  }),
  role("STS: ignore_configured_endpoint_urls of the source", {
    source: "ignore_configured_endpoint_urls = true\n",
    env: { AWS_ENDPOINT_URL_STS: STS_URL },
  }),
  role("STS: an endpoint with a path", { env: { AWS_ENDPOINT_URL_STS: "https://sts.test/a/b" } }),
  role("STS: an endpoint that is no URL", { env: { AWS_ENDPOINT_URL_STS: "sts.test" } }),
  role("STS: an empty AWS_ENDPOINT_URL_STS", { env: { AWS_ENDPOINT_URL_STS: "" } }),
  role("STS: AWS_USE_FIPS_ENDPOINT=true", { env: { AWS_USE_FIPS_ENDPOINT: "true" } }),
  role("STS: use_fips_endpoint = true", { own: "use_fips_endpoint = true\n" }),
  role("STS: use_fips_endpoint of the source", { source: "use_fips_endpoint = true\n" }),
  role("STS: AWS_USE_DUALSTACK_ENDPOINT=true", { env: { AWS_USE_DUALSTACK_ENDPOINT: "true" } }),
  role("STS: use_dualstack_endpoint = true", { own: "use_dualstack_endpoint = true\n" }),
  role("STS: FIPS and dual stack", {
    env: { AWS_USE_DUALSTACK_ENDPOINT: "true", AWS_USE_FIPS_ENDPOINT: "true" },
  }),
  {
    title: "STS: web identity at AWS_ENDPOINT_URL_STS",
    files: TOKEN_FILE,
    env: { ...WEB_IDENTITY, AWS_ENDPOINT_URL_STS: STS_URL },
  },
  {
    title: "STS: web identity at services of default",
    files: TOKEN_FILE,
    env: WEB_IDENTITY,
    config: section("default", "services = mine") + SERVICES,
  },
  {
    title: "STS: web identity by FIPS",
    files: TOKEN_FILE,
    env: { ...WEB_IDENTITY, AWS_USE_FIPS_ENDPOINT: "true" },
  },
  {
    title: "STS: credential_source and the region of default",
    config:
      section("profile deploy", `role_arn = ${roleArn("assumed")}`, "credential_source = EcsContainer") +
      section("default", "region = eu-west-1"),
    env: { ...AWS_PROFILE, ...CONTAINER, ...unset },
  },
  {
    title: "STS: not asked, services that are missing",
    config: section("default", "services = missing"),
    env: keyVariables("environment"),
  },
];

export const sts: SetUpGroup = { title: "STS", setUps: [...regions, ...endpoints] };
