import { keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { ASSUMED, AWS_PROFILE, CONTAINER, deploy, deployRole, roleArn, section } from "./pieces.js";

const CREDENTIAL_SOURCES = [
  "EcsContainer",
  "Environment",
  "Ec2InstanceMetadata",
  "ecscontainer",
  "environment",
  "EC2InstanceMetadata",
  "Container",
  "",
];
const setUps: SetUp[] = [
  ...CREDENTIAL_SOURCES.flatMap((source): SetUp[] => {
    const lines = [ASSUMED, `credential_source = ${source}`];
    const env = { ...CONTAINER, ...keyVariables("environment") };
    const what = `credential_source = ${source || "nothing"}`;
    return [
      {
        title: `${what} (AWS_PROFILE)`,
        config: section("profile deploy", ...lines),
        env: { ...AWS_PROFILE, ...env },
      },
      {
        title: `${what} (--profile)`,
        config: section("profile deploy", ...lines),
        env,
        args: ["--profile", "deploy"],
      },
    ];
  }),
  {
    title: "credential_source = EcsContainer (default, unnamed)",
    config: section("default", ASSUMED, "credential_source = EcsContainer"),
    env: CONTAINER,
  },
  {
    title: "credential_source = EcsContainer, AWS_PROFILE, no key variables",
    config: section("profile deploy", ASSUMED, "credential_source = EcsContainer"),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "credential_source = Ec2InstanceMetadata, AWS_PROFILE, no key variables",
    config: section("profile deploy", ASSUMED, "credential_source = Ec2InstanceMetadata"),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "credential_source = EcsContainer without a container",
    config: section("profile deploy", ASSUMED, "credential_source = EcsContainer"),
    env: AWS_PROFILE,
  },
  {
    title: "credential_source = EcsContainer that fails",
    config: section("profile deploy", ASSUMED, "credential_source = EcsContainer"),
    env: { ...AWS_PROFILE, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/container/junk" },
  },
  {
    title: "credential_source = Environment without variables",
    config: section("profile deploy", ASSUMED, "credential_source = Environment"),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "credential_source = Environment with half of a pair (--profile)",
    config: section("profile deploy", ASSUMED, "credential_source = Environment"),
    env: { AWS_ACCESS_KEY_ID: "ASIAHALF000000000000" },
    args: ["--profile", "deploy"],
  },
  {
    title: "credential_source = Environment of a source (AWS_PROFILE)",
    config: deployRole("", `role_arn = ${roleArn("inner")}\ncredential_source = Environment\n`),
    env: { ...AWS_PROFILE, ...keyVariables("environment") },
  },
  {
    title: "credential_source = Environment of a source (--profile)",
    config: deployRole("", `role_arn = ${roleArn("inner")}\ncredential_source = Environment\n`),
    env: keyVariables("environment"),
    args: ["--profile", "deploy"],
  },
  deploy(
    "source_profile and credential_source",
    ASSUMED,
    "source_profile = base",
    "credential_source = EcsContainer",
  ),
  deploy(
    "source_profile and credential_source of nothing",
    ASSUMED,
    "source_profile = base",
    "credential_source =",
  ),
];

export const credentialSources: SetUpGroup = { title: "credential_source", setUps };
