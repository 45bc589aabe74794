import { keyLines, keyVariables, processDocument } from "../bed/named-keys.js";
import { BUCKET, type SetUp, type SetUpGroup } from "../set-up.js";
import {
  ASSUMED,
  AWS_PROFILE,
  BASE_KEYS,
  CONTAINER,
  deploy,
  deployRole,
  roleArn,
  section,
  TOKEN_FILE,
} from "./pieces.js";

const chains: SetUp[] = [
  { title: "source_profile", config: deployRole(), credentials: BASE_KEYS, env: AWS_PROFILE },
  {
    title: "source_profile, by --profile",
    config: deployRole(),
    credentials: BASE_KEYS,
    args: ["--profile", "deploy"],
  },
  {
    title: "source_profile, cp",
    config: deployRole(),
    credentials: BASE_KEYS,
    env: AWS_PROFILE,
    command: ["cp", `s3://${BUCKET}/key`, "-"],
  },
  {
    title: "source_profile of the default profile",
    config: section("default", ASSUMED, "source_profile = base"),
    credentials: BASE_KEYS,
  },
  {
    title: "a chain of three",
    config: [
      section(
        "profile deploy",
        `role_arn = ${roleArn("third")}`,
        "source_profile = middle",
        "external_id = x3",
      ),
      section(
        "profile middle",
        `role_arn = ${roleArn("second")}`,
        "source_profile = first",
        "role_session_name = mine",
      ),
      section(
        "profile first",
        `role_arn = ${roleArn("first")}`,
        "source_profile = base",
        "duration_seconds = 1800",
      ),
    ].join(""),
    credentials: BASE_KEYS,
    env: AWS_PROFILE,
  },
  {
    title: "a chain of three that ends in the container",
    config: [
      section("profile deploy", `role_arn = ${roleArn("third")}`, "source_profile = middle"),
      section("profile middle", `role_arn = ${roleArn("second")}`, "source_profile = first"),
      section("profile first", `role_arn = ${roleArn("first")}`, "credential_source = EcsContainer"),
    ].join(""),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "a loop of two",
    config:
      section("profile deploy", ASSUMED, "source_profile = b") +
      section("profile b", `role_arn = ${roleArn("b")}`, "source_profile = deploy"),
    env: AWS_PROFILE,
  },
  {
    title: "a loop of three behind the first",
    config: [
      section("profile deploy", ASSUMED, "source_profile = a"),
      section("profile a", `role_arn = ${roleArn("a")}`, "source_profile = b"),
      section("profile b", `role_arn = ${roleArn("b")}`, "source_profile = a"),
    ].join(""),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "itself, with keys",
    config: section("profile deploy", ASSUMED, "source_profile = deploy"),
    credentials: section("deploy", keyLines("self")),
    env: AWS_PROFILE,
  },
  {
    title: "itself, with keys in config",
    config: section("profile deploy", ASSUMED, "source_profile = deploy", keyLines("self")),
    env: AWS_PROFILE,
  },
  {
    title: "itself, without keys",
    config: section("profile deploy", ASSUMED, "source_profile = deploy"),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "itself, half of a pair",
    config: section(
      "profile deploy",
      ASSUMED,
      "source_profile = deploy",
      "aws_access_key_id = ASIAHALF000000000000",
    ),
    env: AWS_PROFILE,
  },
];

const sources: SetUp[] = [
  deploy("keys and a role without a source", ASSUMED, keyLines("config")),
  {
    ...deploy("a role without a source", ASSUMED),
    env: { ...AWS_PROFILE, ...CONTAINER, ...keyVariables("environment") },
  },
  {
    title: "a role without a source (--profile)",
    config: section("profile deploy", ASSUMED),
    env: CONTAINER,
    args: ["--profile", "deploy"],
  },
  {
    title: "a role without a source (default, unnamed), the container",
    config: section("default", ASSUMED),
    env: CONTAINER,
  },
  deploy("a source that is missing", ASSUMED, "source_profile = missing"),
  {
    title: "a source without keys",
    config: `${section("profile deploy", ASSUMED, "source_profile = bare")}[profile bare]\nregion = eu-west-1\n`,
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "a source with half of a pair",
    config: section("profile deploy", ASSUMED, "source_profile = bad"),
    credentials: section("bad", "aws_access_key_id = ASIAHALF000000000000"),
    env: AWS_PROFILE,
  },
  {
    title: "a source with keys and a role",
    config: deployRole("", `role_arn = ${roleArn("inner")}\nsource_profile = other\n`),
    credentials: BASE_KEYS + section("other", keyLines("other")),
    env: AWS_PROFILE,
  },
  {
    title: "a source with keys and a role, both in config",
    config:
      section("profile deploy", ASSUMED, "source_profile = b") +
      section("profile b", `role_arn = ${roleArn("inner")}`, "source_profile = base", keyLines("both")),
    credentials: BASE_KEYS,
    env: AWS_PROFILE,
  },
  { title: "a source with keys in config", config: deployRole("", keyLines("config")), env: AWS_PROFILE },
  {
    title: "a source with keys in both files",
    config: deployRole("", keyLines("config")),
    credentials: BASE_KEYS,
    env: AWS_PROFILE,
  },
  {
    title: "the source is default",
    config: section("profile deploy", ASSUMED, "source_profile = default"),
    credentials: section("default", keyLines("shared")),
    env: AWS_PROFILE,
  },
  {
    title: "the source is default, the container",
    config: section("profile deploy", ASSUMED, "source_profile = default"),
    credentials: section("default", keyLines("shared")),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "the source is default, key variables (--profile)",
    config: section("profile deploy", ASSUMED, "source_profile = default"),
    credentials: section("default", keyLines("shared")),
    env: keyVariables("environment"),
    args: ["--profile", "deploy"],
  },
  {
    title: "a source with credential_process",
    config: deployRole("", "credential_process = cat <HOME>/p\n"),
    files: { p: processDocument("process") },
    env: AWS_PROFILE,
  },
  {
    title: "a source with web identity",
    config: deployRole("", `role_arn = ${roleArn("web")}\nweb_identity_token_file = <HOME>/token\n`),
    files: TOKEN_FILE,
    env: AWS_PROFILE,
  },
  {
    title: "a source with credential_source",
    config: deployRole("", `role_arn = ${roleArn("inner")}\ncredential_source = EcsContainer\n`),
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "a source with sso",
    config: deployRole(
      "",
      "sso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = r\n",
    ),
    env: AWS_PROFILE,
  },
  {
    title: "a source with a login",
    config: deployRole("", "login_session = arn:aws:iam::123456789012:user/me\n"),
    env: AWS_PROFILE,
  },
  {
    title: "a role in credentials, its source in config",
    credentials: section("deploy", ASSUMED, "source_profile = base"),
    config: section("profile base", keyLines("config")),
    env: AWS_PROFILE,
  },
  {
    title: "role_arn in config, source_profile in credentials",
    config: section("profile deploy", ASSUMED),
    credentials: `${BASE_KEYS}${section("deploy", "source_profile = base")}`,
    env: AWS_PROFILE,
  },
  {
    title: "role_arn in both files",
    config: section("profile deploy", `role_arn = ${roleArn("inconfig")}`, "source_profile = base"),
    credentials: `${BASE_KEYS}${section("deploy", `role_arn = ${roleArn("shared")}`)}`,
    env: AWS_PROFILE,
  },
  deploy("source_profile alone", "source_profile = base"),
  deploy("role_arn empty", "role_arn =", "source_profile = base"),
  deploy("source_profile empty", ASSUMED, "source_profile ="),
  {
    title: "key variables and a role of AWS_PROFILE",
    config: deployRole(),
    credentials: BASE_KEYS,
    env: { ...AWS_PROFILE, ...keyVariables("environment") },
  },
  {
    title: "key variables and a role of --profile",
    config: deployRole(),
    credentials: BASE_KEYS,
    env: keyVariables("environment"),
    args: ["--profile", "deploy"],
  },
  {
    title: "a role that is denied, the container",
    config: section("profile deploy", `role_arn = ${roleArn("denied")}`, "source_profile = base"),
    credentials: BASE_KEYS,
    env: { ...AWS_PROFILE, ...CONTAINER },
  },
  {
    title: "a default with a role, the container",
    config: section("default", ASSUMED, "source_profile = base"),
    credentials: BASE_KEYS,
    env: CONTAINER,
  },
  {
    title: "a quoted source_profile",
    config: section("profile deploy", ASSUMED, 'source_profile = "base"'),
    credentials: BASE_KEYS,
    env: AWS_PROFILE,
  },
  {
    title: "a source with a blank in its name",
    config: section("profile deploy", ASSUMED, "source_profile = my team"),
    credentials: section("my team", keyLines("team")),
    env: AWS_PROFILE,
  },
];

export const roles: SetUpGroup = { title: "roles", setUps: [...chains, ...sources] };
