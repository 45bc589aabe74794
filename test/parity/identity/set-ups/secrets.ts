import { keyLines, keysOf, keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { BASE_KEYS, CONTAINER, deployRole, roleArn, section, TOKEN_FILE, WEB_IDENTITY } from "./pieces.js";

const environment = keysOf("environment");

/** BuildKit secrets with the names of variables count as the variables. */
const asVariables: SetUp[] = [
  { title: "secrets: the container", secrets: CONTAINER },
  { title: "secrets: keys", secrets: keyVariables("environment") },
  {
    title: "secrets: keys, the container as a variable",
    secrets: keyVariables("environment"),
    env: CONTAINER,
  },
  {
    title: "secrets: the id, the rest as variables",
    secrets: { AWS_ACCESS_KEY_ID: environment.id },
    env: { AWS_SECRET_ACCESS_KEY: environment.secret },
  },
  {
    title: "secrets: an id alone, the container",
    secrets: { AWS_ACCESS_KEY_ID: environment.id },
    env: CONTAINER,
  },
  { title: "secrets: web identity", secrets: WEB_IDENTITY, files: TOKEN_FILE },
  {
    title: "secrets: keys under --profile",
    secrets: keyVariables("environment"),
    credentials: section("deploy", keyLines("deploy")),
    args: ["--profile", "deploy"],
  },
  {
    title: "secrets: the container and its token",
    secrets: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:8080/container/full",
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "Basic abc",
    },
  },
  {
    title: "secrets: AWS_REGION",
    secrets: { AWS_REGION: "eu-west-1" },
    env: { AWS_REGION: undefined, ...CONTAINER },
  },
  {
    title: "secrets: AWS_PROFILE",
    secrets: { AWS_PROFILE: "deploy" },
    credentials: section("default", keyLines("shared")) + section("deploy", keyLines("deploy")),
  },
  {
    title: "secrets: AWS_CREDENTIAL_EXPIRATION in the past",
    secrets: { ...keyVariables("environment"), AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" },
  },
  {
    title: "secrets: a role with the keys of the environment",
    secrets: keyVariables("environment"),
    config: section("profile deploy", `role_arn = ${roleArn("assumed")}`, "credential_source = EcsContainer"),
    env: { AWS_PROFILE: "deploy" },
  },
  {
    title: "secrets: the container behind a role",
    secrets: CONTAINER,
    config: section("profile deploy", `role_arn = ${roleArn("assumed")}`, "credential_source = EcsContainer"),
    env: { AWS_PROFILE: "deploy" },
  },
];

/** What an option of ours says, and the AWS CLI has a variable or a profile for. */
const byOption: SetUp[] = [
  { title: "--uri", env: CONTAINER, ours: { args: ["--uri", "/container/codebuild"] } },
  {
    title: "--uri before key variables",
    env: CONTAINER,
    ours: { env: keyVariables("environment"), args: ["--uri", "/container/codebuild"] },
  },
  {
    title: "--uri, a full one",
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:8080/container/full" },
    ours: { args: ["--uri", "http://127.0.0.1:8080/container/full"] },
  },
  {
    title: "--credentials-file",
    env: { AWS_SHARED_CREDENTIALS_FILE: "<HOME>/keys" },
    files: { keys: section("default", keyLines("shared")) },
    ours: {
      args: ["--credentials-file", "<HOME>/keys"],
      files: { keys: section("default", keyLines("shared")) },
    },
  },
  {
    title: "--credentials-file before the container and key variables",
    env: { AWS_SHARED_CREDENTIALS_FILE: "<HOME>/keys" },
    files: { keys: section("default", keyLines("shared")) },
    ours: {
      env: { ...CONTAINER, ...keyVariables("environment") },
      args: ["--credentials-file", "<HOME>/keys"],
      files: { keys: section("default", keyLines("shared")) },
    },
  },
  {
    title: "--credentials-file and --profile, with a role",
    env: { AWS_SHARED_CREDENTIALS_FILE: "<HOME>/keys" },
    args: ["--profile", "deploy"],
    files: {
      keys: BASE_KEYS + section("deploy", `role_arn = ${roleArn("assumed")}`, "source_profile = base"),
    },
    ours: {
      args: ["--credentials-file", "<HOME>/keys", "--profile", "deploy"],
      files: {
        keys: BASE_KEYS + section("deploy", `role_arn = ${roleArn("assumed")}`, "source_profile = base"),
      },
    },
  },
  {
    title: "--web-identity",
    env: WEB_IDENTITY,
    files: TOKEN_FILE,
    ours: { env: WEB_IDENTITY, files: TOKEN_FILE, args: ["--web-identity"] },
  },
  {
    title: "--web-identity before key variables and the container",
    env: WEB_IDENTITY,
    files: TOKEN_FILE,
    ours: {
      env: { ...WEB_IDENTITY, ...CONTAINER, ...keyVariables("environment") },
      files: TOKEN_FILE,
      args: ["--web-identity"],
    },
  },
  { title: "--instance-role", ours: { args: ["--instance-role"] } },
  {
    title: "--instance-role before key variables and the container",
    ours: { env: { ...CONTAINER, ...keyVariables("environment") }, args: ["--instance-role"] },
  },
  {
    title: "--instance-role, AWS_EC2_METADATA_DISABLED",
    env: { AWS_EC2_METADATA_DISABLED: "true" },
    ours: { env: { AWS_EC2_METADATA_DISABLED: "true" }, args: ["--instance-role"] },
  },
  {
    title: "--instance-role at AWS_EC2_METADATA_SERVICE_ENDPOINT",
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:8080" },
    ours: { env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:8080" }, args: ["--instance-role"] },
  },
  {
    title: "--role-arn on the container",
    env: { AWS_PROFILE: "deploy", ...CONTAINER },
    config: section("profile deploy", `role_arn = ${roleArn("assumed")}`, "credential_source = EcsContainer"),
    ours: { env: CONTAINER, args: ["--role-arn", roleArn("assumed")] },
  },
  {
    title: "--role-arn with its parameters",
    env: { AWS_PROFILE: "deploy", ...CONTAINER },
    config: section(
      "profile deploy",
      `role_arn = ${roleArn("assumed")}`,
      "credential_source = EcsContainer",
      "external_id = handshake",
      "role_session_name = mine",
      "duration_seconds = 1800",
    ),
    ours: {
      env: CONTAINER,
      args: [
        "--role-arn",
        roleArn("assumed"),
        "--external-id",
        "handshake",
        "--role-session-name",
        "mine",
        "--duration",
        "30m",
      ],
    },
  },
  {
    title: "--role-arn on key variables",
    env: keyVariables("environment"),
    args: ["--profile", "deploy"],
    config: section("profile deploy", `role_arn = ${roleArn("assumed")}`, "credential_source = Environment"),
    ours: { env: keyVariables("environment"), args: ["--role-arn", roleArn("assumed")] },
  },
  {
    title: "--role-arn on a role of the profile",
    env: { AWS_PROFILE: "outer" },
    config: `${section("profile outer", `role_arn = ${roleArn("outer")}`, "source_profile = deploy")}${deployRole()}`,
    credentials: BASE_KEYS,
    ours: {
      env: { AWS_PROFILE: "deploy" },
      config: deployRole(),
      credentials: BASE_KEYS,
      args: ["--role-arn", roleArn("outer")],
    },
  },
  {
    title: "--role-arn and --region",
    env: { AWS_PROFILE: "deploy", ...CONTAINER },
    config: section("profile deploy", `role_arn = ${roleArn("assumed")}`, "credential_source = EcsContainer"),
    args: ["--region", "eu-west-1"],
    ours: { env: CONTAINER, args: ["--role-arn", roleArn("assumed"), "--region", "eu-west-1"] },
  },
  {
    title: "--role-arn and --endpoint-url",
    env: { AWS_PROFILE: "deploy", ...CONTAINER },
    config: section("profile deploy", `role_arn = ${roleArn("assumed")}`, "credential_source = EcsContainer"),
    args: ["--endpoint-url", "https://any.test"],
    ours: { env: CONTAINER, args: ["--role-arn", roleArn("assumed"), "--endpoint-url", "https://any.test"] },
  },
];

export const secretsAndOptions: SetUpGroup = {
  title: "secrets and options of ours",
  setUps: [...asVariables, ...byOption],
};
