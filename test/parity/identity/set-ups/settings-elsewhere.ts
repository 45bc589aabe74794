import { keyLines, keyVariables } from "../bed/named-keys.js";
import type { Given, SetUp, SetUpGroup } from "../set-up.js";
import { BASE_KEYS, CONTAINER, roleArn, section } from "./pieces.js";

const NO_REGION = { AWS_REGION: undefined };
const EU = "region = eu-west-1";
const HOME_CONFIG = section("default", "region = us-west-2", "endpoint_url = https://home.test");

/** The AWS CLI is given it as its credentials file; ours, by the option, and with more in the home folder. */
function ofFile(title: string, text: string, given: Given = {}, more: Given = {}): SetUp {
  const { env, args = [], ...rest } = given;
  return {
    title: `--credentials-file: ${title}`,
    ...rest,
    args,
    env: { ...NO_REGION, ...env, AWS_SHARED_CREDENTIALS_FILE: "<HOME>/keys" },
    files: { keys: text },
    ours: {
      ...rest,
      config: HOME_CONFIG,
      ...more,
      env: { ...NO_REGION, ...env, ...more.env },
      files: { keys: text },
      args: ["--credentials-file", "<HOME>/keys", ...args],
    },
  };
}

/** The AWS CLI is given it as its credentials file, where that does not say anything else. */
function ofSecret(title: string, text: string, given: Given = {}, ours: Given = given): SetUp {
  return {
    title: `secret aws-credentials: ${title}`,
    credentials: text,
    ...given,
    env: { ...NO_REGION, ...given.env },
    secrets: { "aws-credentials": text },
    ours: { ...ours, env: { ...NO_REGION, ...ours.env } },
  };
}

const SHARED = keyLines("shared");
const DEPLOY = keyLines("deploy");
const SERVICES = `${section("services s", "s3 =", "  endpoint_url = https://service.test")}`;
const ROLE = section("deploy", `role_arn = ${roleArn("assumed")}`, "source_profile = base", EU);

const ofFiles: SetUp[] = [
  ofFile("its region", section("default", SHARED, EU)),
  ofFile("its region, --profile", section("deploy", DEPLOY, EU), { args: ["--profile", "deploy"] }),
  ofFile(
    "its region, whatever AWS_PROFILE says",
    section("default", SHARED, EU),
    {},
    { env: { AWS_PROFILE: "none" } },
  ),
  ofFile("its region behind AWS_REGION", section("default", SHARED, EU), {
    env: { AWS_REGION: "us-west-2" },
  }),
  ofFile("its endpoint_url", section("default", SHARED, EU, "endpoint_url = https://any.test")),
  ofFile(
    "its style",
    section("default", SHARED, EU, "endpoint_url = https://any.test", "s3 =", "  addressing_style = virtual"),
  ),
  ofFile("its dual stack", section("default", SHARED, EU, "use_dualstack_endpoint = true")),
  ofFile("a services section that is not there", section("default", SHARED, EU, "services = s")),
  ofFile("unsigned", section("default", EU), { args: ["--no-sign-request"] }),
  ofFile("a role, and STS in its region", ROLE + BASE_KEYS, { args: ["--profile", "deploy"] }),
  ofFile("the home folder's file is broken", section("default", SHARED, EU), {}, { config: "nothing\n" }),
];

const withKeys = keyVariables("environment");

const ofSecrets: SetUp[] = [
  ofSecret("its region", section("default", SHARED, EU)),
  ofSecret("its region, with the container's keys", section("default", EU), { env: CONTAINER }),
  ofSecret("its region, with key variables", section("default", EU), { env: withKeys }),
  ofSecret("its region, AWS_PROFILE", section("deploy", DEPLOY, EU), { env: { AWS_PROFILE: "deploy" } }),
  ofSecret("its region, --profile", section("deploy", DEPLOY, EU), { args: ["--profile", "deploy"] }),
  ofSecret("its endpoint_url", section("default", SHARED, EU, "endpoint_url = https://any.test")),
  ofSecret(
    "its services section",
    section("default", SHARED, EU, "services = s") + SERVICES,
    { config: SERVICES },
    {},
  ),
  ofSecret("unsigned, a profile of it", section("deploy", EU), {
    args: ["--no-sign-request", "--profile", "deploy"],
  }),
  ofSecret("unsigned, a profile that nobody has", section("deploy", EU), {
    args: ["--no-sign-request", "--profile", "none"],
  }),
  ofSecret("a role, and STS in its region", ROLE + BASE_KEYS, { env: { AWS_PROFILE: "deploy" } }),
  ofSecret("the same profile in the home folder, with another region", section("deploy", DEPLOY, EU), {
    config: section("profile deploy", "region = us-west-2"),
    credentials: section("deploy", keyLines("config")),
    env: { AWS_PROFILE: "deploy" },
  }),
  ofSecret(
    "another profile in the home folder",
    section("deploy", DEPLOY, EU),
    { env: { AWS_PROFILE: "deploy" } },
    { config: HOME_CONFIG, env: { AWS_PROFILE: "deploy" } },
  ),
  ofSecret("it cannot be parsed, key variables", `${section("default", EU)}nothing\n`, { env: withKeys }),
];

/** The settings of a profile that stands in neither of the AWS CLI's two files. */
export const settingsElsewhere: SetUpGroup = {
  title: "settings of --credentials-file and of the secret aws-credentials",
  setUps: [...ofFiles, ...ofSecrets],
};
