import { keyLines, keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { CONTAINER, roleArn, section, TOKEN_FILE, WEB_IDENTITY } from "./pieces.js";

const files = TOKEN_FILE;
const PROFILE = [`role_arn = ${roleArn("profileweb")}`, "web_identity_token_file = <HOME>/token"];
const TOKEN = "AWS_WEB_IDENTITY_TOKEN_FILE";

const setUps: SetUp[] = [
  { title: "variables and a session's name", files, env: { ...WEB_IDENTITY, AWS_ROLE_SESSION_NAME: "mine" } },
  { title: "variables, an empty session's name", files, env: { ...WEB_IDENTITY, AWS_ROLE_SESSION_NAME: "" } },
  {
    title: "a token file without a role, the container",
    files,
    env: { [TOKEN]: "<HOME>/token", ...CONTAINER },
  },
  {
    title: "a token file with an empty role, the container",
    files,
    env: { [TOKEN]: "<HOME>/token", AWS_ROLE_ARN: "", ...CONTAINER },
  },
  {
    title: "a role without a token file, the container",
    env: { AWS_ROLE_ARN: roleArn("web"), ...CONTAINER },
  },
  { title: "an empty token file's name, the container", env: { ...WEB_IDENTITY, [TOKEN]: "", ...CONTAINER } },
  { title: "a token file that is missing, the container", env: { ...WEB_IDENTITY, ...CONTAINER } },
  { title: "a token file that is empty", files: { token: "" }, env: { ...WEB_IDENTITY, ...CONTAINER } },
  { title: "a token with a line end", files: { token: "web.identity.token\n" }, env: WEB_IDENTITY },
  { title: "a token file with ~", files, env: { ...WEB_IDENTITY, [TOKEN]: "~/token" } },
  { title: "a token file with $HOME", files, env: { ...WEB_IDENTITY, [TOKEN]: "$HOME/token" } },
  { title: "a relative token file", files, env: { ...WEB_IDENTITY, [TOKEN]: "token" } },
  {
    title: "variables: the role is denied, the container",
    files,
    env: { ...WEB_IDENTITY, AWS_ROLE_ARN: roleArn("denied"), ...CONTAINER },
  },
  {
    title: "variables, and static keys of AWS_PROFILE",
    files,
    env: { ...WEB_IDENTITY, AWS_PROFILE: "deploy" },
    credentials: section("deploy", keyLines("deploy")),
  },
  {
    title: "variables, and a named profile without keys",
    files,
    env: { ...WEB_IDENTITY, AWS_PROFILE: "bare" },
    config: section("profile bare", "region = eu-west-1"),
  },
  {
    title: "variables under --profile without keys, the container",
    files,
    env: { ...WEB_IDENTITY, ...CONTAINER },
    config: section("profile bare"),
    args: ["--profile", "bare"],
  },
  {
    title: "variables under --profile default",
    files,
    env: WEB_IDENTITY,
    credentials: section("default", keyLines("shared")),
    args: ["--profile", "default"],
  },
  {
    title: "variables before key variables?",
    files,
    env: { ...WEB_IDENTITY, ...keyVariables("environment") },
  },
  {
    title: "profile: a session's name",
    files,
    config: section("default", ...PROFILE, "role_session_name = mine"),
  },
  {
    title: "profile: external_id and duration_seconds",
    files,
    config: section("default", ...PROFILE, "external_id = x", "duration_seconds = 1800"),
  },
  {
    title: "profile: with source_profile",
    files,
    config: section("default", ...PROFILE, "source_profile = base"),
    credentials: section("base", keyLines("base")),
  },
  {
    title: "profile: with credential_source",
    files,
    config: section("default", ...PROFILE, "credential_source = EcsContainer"),
    env: CONTAINER,
  },
  {
    title: "profile: a token file alone, the container",
    files,
    config: section("default", PROFILE[1]!),
    env: CONTAINER,
  },
  {
    title: "profile: a token file alone, named, the container",
    files,
    config: section("profile deploy", PROFILE[1]!),
    env: { AWS_PROFILE: "deploy", ...CONTAINER },
  },
  { title: "profile: a token file that is missing", config: section("default", ...PROFILE), env: CONTAINER },
  {
    title: "profile: a token file with ~",
    files,
    config: section("default", PROFILE[0]!, "web_identity_token_file = ~/token"),
  },
  {
    title: "profile: an empty token file's name",
    config: section("default", PROFILE[0]!, "web_identity_token_file ="),
    env: CONTAINER,
  },
  {
    title: "profile: with static keys",
    files,
    config: section("default", ...PROFILE),
    credentials: section("default", keyLines("shared")),
  },
  { title: "profile: in credentials", files, credentials: section("default", ...PROFILE) },
  {
    title: "the token file of the variable, the role of the profile",
    files,
    env: { [TOKEN]: "<HOME>/token" },
    config: section("default", `role_arn = ${roleArn("profileweb")}`),
  },
  {
    title: "the role of the variable, the token file of the profile",
    files,
    env: { AWS_ROLE_ARN: roleArn("web") },
    config: section("default", PROFILE[1]!),
  },
  {
    title: "role and token file of both",
    files: { ...files, other: "other.token" },
    env: { AWS_ROLE_ARN: roleArn("web"), [TOKEN]: "<HOME>/other" },
    config: section("default", ...PROFILE),
  },
  {
    title: "the role of both, the token file of the profile",
    files,
    env: { AWS_ROLE_ARN: roleArn("web") },
    config: section("default", ...PROFILE),
  },
  {
    title: "the session's name of the variable, the rest of the profile",
    files,
    env: { AWS_ROLE_SESSION_NAME: "from-variable" },
    config: section("default", ...PROFILE, "role_session_name = from-profile"),
  },
  {
    title: "the session's name of the profile, the rest of the variables",
    files,
    env: WEB_IDENTITY,
    config: section("default", "role_session_name = from-profile"),
  },
  {
    title: "role and token file of both, under --profile",
    files: { ...files, other: "other.token" },
    env: { AWS_ROLE_ARN: roleArn("web"), [TOKEN]: "<HOME>/other" },
    config: section("profile deploy", ...PROFILE),
    args: ["--profile", "deploy"],
  },
  {
    title: "the token file of the variable, the role of --profile",
    files,
    env: { [TOKEN]: "<HOME>/token", ...CONTAINER },
    config: section("profile deploy", `role_arn = ${roleArn("profileweb")}`),
    args: ["--profile", "deploy"],
  },
  {
    title: "a role with source_profile and the variables",
    files,
    env: { ...WEB_IDENTITY, AWS_PROFILE: "deploy" },
    config: section("profile deploy", `role_arn = ${roleArn("assumed")}`, "source_profile = base"),
    credentials: section("base", keyLines("base")),
  },
  {
    title: "a source of a role with web identity variables set",
    files,
    env: WEB_IDENTITY,
    config:
      section("default", `role_arn = ${roleArn("assumed")}`, "source_profile = base") +
      section("profile base", ...PROFILE),
  },
];

export const webIdentity: SetUpGroup = { title: "web identity", setUps };
