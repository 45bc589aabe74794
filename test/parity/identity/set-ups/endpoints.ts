import { keyLines, keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { CONTAINER, roleArn, section } from "./pieces.js";

const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const fullUri = "http://127.0.0.1:8080/container/full";

const failing: SetUp[] = [
  ...["fails", "forbidden", "missing", "junk", "halfkeys"].map((name) => ({
    title: `the container answers: ${name}`,
    env: { [RELATIVE]: `/container/${name}` },
  })),
  { title: "the container's keys are expired", env: { [RELATIVE]: "/container/expired" } },
  { title: "the container refuses the connection", env: { [FULL]: "http://127.0.0.1:1/container/full" } },
  {
    title: "the container fails behind a profile without keys",
    config: section("profile bare"),
    env: { AWS_PROFILE: "bare", [RELATIVE]: "/container/junk" },
  },
  {
    title: "the container fails, keys of the unnamed default",
    credentials: section("default", keyLines("shared")),
    env: { [RELATIVE]: "/container/junk" },
  },
];

const container: SetUp[] = [
  { title: "a full URI on loopback", env: { [FULL]: fullUri } },
  { title: "a full URI, localhost by name", env: { [FULL]: "http://localhost:8080/container/full" } },
  {
    title: "a full URI, a name of a loopback address",
    env: { [FULL]: "http://agent.test:8080/container/full" },
  },
  { title: "a full URI by https", env: { [FULL]: "https://agent.test/container/full" } },
  { title: "a full URI of the agent's address", env: { [FULL]: "http://169.254.170.2/container/full" } },
  { title: "relative before full", env: { [FULL]: fullUri, ...CONTAINER } },
  {
    title: "relative before full, with a token",
    env: { [FULL]: fullUri, ...CONTAINER, [TOKEN]: "Basic abc" },
  },
  { title: "full with a token", env: { [FULL]: fullUri, [TOKEN]: "Basic abc" } },
  {
    title: "full with a token in a file",
    env: { [FULL]: fullUri, [TOKEN_FILE]: "<HOME>/auth" },
    files: { auth: "from-file" },
  },
  {
    title: "a token file with a line end",
    env: { [FULL]: fullUri, [TOKEN_FILE]: "<HOME>/auth" },
    files: { auth: "from-file\n" },
  },
  {
    title: "a token and a token file",
    env: { [FULL]: fullUri, [TOKEN_FILE]: "<HOME>/auth", [TOKEN]: "from-variable" },
    files: { auth: "from-file" },
  },
  { title: "a token file that is missing", env: { [FULL]: fullUri, [TOKEN_FILE]: "<HOME>/missing" } },
  { title: "an empty token", env: { [FULL]: fullUri, [TOKEN]: "" } },
  { title: "relative empty, full set", env: { [RELATIVE]: "", [FULL]: fullUri } },
  {
    title: "relative empty, keys in the default",
    env: { [RELATIVE]: "" },
    credentials: section("default", keyLines("shared")),
  },
  { title: "relative empty, no other source", env: { [RELATIVE]: "", AWS_EC2_METADATA_DISABLED: "true" } },
  { title: "relative without its slash", env: { [RELATIVE]: "container/codebuild" } },
  {
    title: "key variables and the container that fails",
    env: { ...keyVariables("environment"), [RELATIVE]: "/container/fails" },
  },
];

const instance: SetUp[] = [
  { title: "nothing but the instance" },
  { title: "AWS_EC2_METADATA_DISABLED=true", env: { AWS_EC2_METADATA_DISABLED: "true" } },
  { title: "AWS_EC2_METADATA_DISABLED=TRUE", env: { AWS_EC2_METADATA_DISABLED: "TRUE" } },
  ...["true", "TRUE", "1", "false", ""].map((value) => ({
    title: `credential_source = Ec2InstanceMetadata, AWS_EC2_METADATA_DISABLED=${value || "empty"}`,
    config: section("default", `role_arn = ${roleArn("assumed")}`, "credential_source = Ec2InstanceMetadata"),
    env: { AWS_EC2_METADATA_DISABLED: value },
  })),
  {
    title: "Ec2InstanceMetadata at AWS_EC2_METADATA_SERVICE_ENDPOINT",
    config: section("default", `role_arn = ${roleArn("assumed")}`, "credential_source = Ec2InstanceMetadata"),
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:8080" },
  },
  {
    title: "Ec2InstanceMetadata at AWS_EC2_METADATA_SERVICE_ENDPOINT with a slash",
    config: section("default", `role_arn = ${roleArn("assumed")}`, "credential_source = Ec2InstanceMetadata"),
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:8080/" },
  },
  {
    title: "Ec2InstanceMetadata at ec2_metadata_service_endpoint of the profile",
    config: section(
      "default",
      `role_arn = ${roleArn("assumed")}`,
      "credential_source = Ec2InstanceMetadata",
      "ec2_metadata_service_endpoint = http://127.0.0.1:8080",
    ),
  },
  {
    title: "Ec2InstanceMetadata, the variable and the profile",
    config: section(
      "default",
      `role_arn = ${roleArn("assumed")}`,
      "credential_source = Ec2InstanceMetadata",
      "ec2_metadata_service_endpoint = http://127.0.0.1:8080",
    ),
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:80" },
  },
  {
    title: "Ec2InstanceMetadata that does not answer",
    config: section("default", `role_arn = ${roleArn("assumed")}`, "credential_source = Ec2InstanceMetadata"),
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1" },
  },
];

export const endpoints: SetUpGroup = {
  title: "the container and the instance",
  setUps: [...failing, ...container, ...instance],
};
