import { keyLines, keyVariables } from "../bed/named-keys.js";
import type { SetUpGroup } from "../set-up.js";
import { CONTAINER, section } from "./pieces.js";

/** Keys of four profiles, and one without keys. */
const credentials = ["default", "deploy", "other", "third"]
  .map((name) => `[${name}]\n${keyLines(name)}`)
  .join("");
const config = section("profile bare", "region = eu-west-1");

export const profileInForce: SetUpGroup = {
  title: "profile in force",
  setUps: [
    { title: "none named", credentials, config },
    { title: "AWS_PROFILE", credentials, config, env: { AWS_PROFILE: "deploy" } },
    { title: "AWS_DEFAULT_PROFILE", credentials, config, env: { AWS_DEFAULT_PROFILE: "deploy" } },
    {
      title: "AWS_PROFILE and AWS_DEFAULT_PROFILE",
      credentials,
      env: { AWS_PROFILE: "deploy", AWS_DEFAULT_PROFILE: "other" },
    },
    {
      title: "--profile before both variables",
      credentials,
      env: { AWS_PROFILE: "deploy", AWS_DEFAULT_PROFILE: "other" },
      args: ["--profile", "third"],
    },
    { title: "AWS_PROFILE empty", credentials, env: { AWS_PROFILE: "" } },
    {
      title: "AWS_PROFILE empty, AWS_DEFAULT_PROFILE set",
      credentials,
      env: { AWS_PROFILE: "", AWS_DEFAULT_PROFILE: "deploy" },
    },
    { title: "AWS_DEFAULT_PROFILE empty", credentials, env: { AWS_DEFAULT_PROFILE: "" } },
    { title: "--profile ''", credentials, args: ["--profile", ""] },
    {
      title: "--profile '' and AWS_PROFILE",
      credentials,
      env: { AWS_PROFILE: "deploy" },
      args: ["--profile", ""],
    },
    {
      title: "--profile '' and key variables",
      credentials,
      env: keyVariables("environment"),
      args: ["--profile", ""],
    },
    { title: "--profile=NAME", credentials, args: ["--profile=deploy"] },
    { title: "AWS_PROFILE missing", credentials, env: { AWS_PROFILE: "missing" } },
    { title: "--profile missing", credentials, args: ["--profile", "missing"] },
    {
      title: "AWS_PROFILE missing, key variables",
      credentials,
      env: { AWS_PROFILE: "missing", ...keyVariables("environment") },
    },
    {
      title: "--profile missing, key variables",
      env: keyVariables("environment"),
      args: ["--profile", "missing"],
    },
    { title: "AWS_PROFILE missing, the container", env: { AWS_PROFILE: "missing", ...CONTAINER } },
    { title: "--profile missing, the container", env: CONTAINER, args: ["--profile", "missing"] },
    {
      title: "AWS_PROFILE missing, --no-sign-request",
      credentials,
      env: { AWS_PROFILE: "missing" },
      args: ["--no-sign-request"],
    },
    {
      title: "AWS_PROFILE=default without files, the container",
      env: { AWS_PROFILE: "default", ...CONTAINER },
    },
    {
      title: "AWS_PROFILE=default without files, key variables",
      env: { AWS_PROFILE: "default", ...keyVariables("environment") },
    },
    {
      title: "--profile default without files, the container",
      env: CONTAINER,
      args: ["--profile", "default"],
    },
    {
      title: "AWS_PROFILE=default, keys and the container",
      credentials,
      env: { AWS_PROFILE: "default", ...CONTAINER },
    },
    {
      title: "AWS_DEFAULT_PROFILE=default, keys and the container",
      credentials,
      env: { AWS_DEFAULT_PROFILE: "default", ...CONTAINER },
    },
    {
      title: "--profile default, keys and the container",
      credentials,
      env: CONTAINER,
      args: ["--profile", "default"],
    },
    { title: "none named, keys of default and the container", credentials, env: CONTAINER },
    {
      title: "none named, keys of default and AWS_PROFILE empty and the container",
      credentials,
      env: { AWS_PROFILE: "", ...CONTAINER },
    },
    {
      title: "AWS_PROFILE without keys, the container",
      credentials,
      config,
      env: { AWS_PROFILE: "bare", AWS_REGION: undefined, ...CONTAINER },
    },
    {
      title: "--profile without keys, the container",
      credentials,
      config,
      env: { AWS_REGION: undefined, ...CONTAINER },
      args: ["--profile", "bare"],
    },
    {
      title: "AWS_PROFILE without keys, key variables",
      credentials,
      config,
      env: { AWS_PROFILE: "bare", ...keyVariables("environment") },
    },
    {
      title: "--profile without keys, key variables, the container",
      config,
      env: { ...CONTAINER, ...keyVariables("environment") },
      args: ["--profile", "bare"],
    },
    {
      title: "AWS_PROFILE without keys, no other source",
      credentials,
      config,
      env: { AWS_PROFILE: "bare", AWS_EC2_METADATA_DISABLED: "true" },
    },
    {
      title: "--profile without keys, key variables, no other source",
      config,
      env: { AWS_EC2_METADATA_DISABLED: "true", ...keyVariables("environment") },
      args: ["--profile", "bare"],
    },
    { title: "AWS_PROFILE in another case", credentials, env: { AWS_PROFILE: "Deploy" } },
    { title: "AWS_PROFILE with a blank behind it", credentials, env: { AWS_PROFILE: "deploy " } },
    {
      title: "a section of config without the word profile",
      config: section("deploy", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "[profile deploy] in credentials",
      credentials: section("profile deploy", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "[profile deploy] in credentials, named so",
      credentials: section("profile deploy", keyLines("deploy")),
      env: { AWS_PROFILE: "profile deploy" },
    },
    {
      title: "a name with a blank, in quotes",
      config: section('profile "my team"', keyLines("team")),
      env: { AWS_PROFILE: "my team" },
    },
    {
      title: "a name with a blank, in single quotes",
      config: section("profile 'my team'", keyLines("team")),
      env: { AWS_PROFILE: "my team" },
    },
    {
      title: "a name with a blank, without quotes",
      config: section("profile my team", keyLines("team")),
      env: { AWS_PROFILE: "my team" },
    },
    {
      title: "a name with a blank in credentials",
      credentials: section("my team", keyLines("team")),
      env: { AWS_PROFILE: "my team" },
    },
    {
      title: "a name with a tab before it",
      config: section("profile\tdeploy", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "a name with two blanks before it",
      config: section("profile  deploy", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "[PROFILE deploy]",
      config: section("PROFILE deploy", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
    { title: "[Default]", credentials: section("Default", keyLines("default")) },
    {
      title: "blanks within the brackets of config",
      config: section(" profile deploy ", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "blanks within the brackets of credentials",
      credentials: section(" deploy ", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "a name with an umlaut",
      credentials: section("übung", keyLines("deploy")),
      env: { AWS_PROFILE: "übung" },
    },
    {
      title: "a name with a dot and a slash",
      credentials: section("team/a.b", keyLines("deploy")),
      env: { AWS_PROFILE: "team/a.b" },
    },
    {
      title: "a name with a colon",
      config: section("profile a:b", keyLines("deploy")),
      env: { AWS_PROFILE: "a:b" },
    },
    {
      title: "an empty profile in credentials, keys in config",
      credentials: "[deploy]\n",
      config: section("profile deploy", keyLines("deploy")),
      env: { AWS_PROFILE: "deploy" },
    },
  ],
};
