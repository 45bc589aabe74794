import { keyLines, keysOf, keyVariables } from "../bed/named-keys.js";
import type { SetUpGroup } from "../set-up.js";
import { CONTAINER, section } from "./pieces.js";

const environment = keysOf("environment");
const ID = { AWS_ACCESS_KEY_ID: environment.id };
const SECRET = { AWS_SECRET_ACCESS_KEY: environment.secret };
const credentials = section("default", keyLines("shared"));
const idLine = `aws_access_key_id = ${keysOf("half").id}`;
const secretLine = `aws_secret_access_key = ${keysOf("half").secret}`;

/** The first source that is configured is final, also when it is half. */
export const half: SetUpGroup = {
  title: "half-configured sources",
  setUps: [
    { title: "an id alone, keys in credentials", env: ID, credentials },
    { title: "an id alone, the container", env: { ...ID, ...CONTAINER } },
    { title: "a secret alone, keys in credentials", env: SECRET, credentials },
    { title: "a secret alone, the container", env: { ...SECRET, ...CONTAINER } },
    {
      title: "a token alone, keys in credentials",
      env: { AWS_SESSION_TOKEN: environment.token },
      credentials,
    },
    {
      title: "an id and an empty secret, keys in credentials",
      env: { ...ID, AWS_SECRET_ACCESS_KEY: "" },
      credentials,
    },
    {
      title: "an empty id and a secret, keys in credentials",
      env: { AWS_ACCESS_KEY_ID: "", ...SECRET },
      credentials,
    },
    { title: "an id of blanks and a secret", env: { AWS_ACCESS_KEY_ID: " ", ...SECRET }, credentials },
    {
      title: "both empty, keys in credentials",
      env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
      credentials,
    },
    {
      title: "both empty, the container",
      env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_SESSION_TOKEN: "", ...CONTAINER },
    },
    {
      title: "key variables with an empty token",
      env: { ...keyVariables("environment"), AWS_SESSION_TOKEN: "" },
    },
    {
      title: "an id alone under --profile",
      env: ID,
      credentials: section("deploy", keyLines("deploy")),
      args: ["--profile", "deploy"],
    },
    {
      title: "credentials: an id alone, the container (default, unnamed)",
      credentials: section("default", idLine),
      env: CONTAINER,
    },
    {
      title: "credentials: an id alone, the container (AWS_PROFILE)",
      credentials: section("deploy", idLine),
      env: { AWS_PROFILE: "deploy", ...CONTAINER },
    },
    {
      title: "credentials: an id alone, the container (--profile)",
      credentials: section("deploy", idLine),
      env: CONTAINER,
      args: ["--profile", "deploy"],
    },
    {
      title: "credentials: an id alone, the pair in config",
      credentials: section("deploy", idLine),
      config: section("profile deploy", keyLines("config")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "credentials: a secret alone, the container (AWS_PROFILE)",
      credentials: section("deploy", secretLine),
      env: { AWS_PROFILE: "deploy", ...CONTAINER },
    },
    {
      title: "credentials: a secret alone, the pair in config",
      credentials: section("deploy", secretLine),
      config: section("profile deploy", keyLines("config")),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "the id in credentials, the secret in config",
      credentials: section("deploy", idLine),
      config: section("profile deploy", secretLine),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "the secret in credentials, the id in config",
      credentials: section("deploy", secretLine),
      config: section("profile deploy", idLine),
      env: { AWS_PROFILE: "deploy", AWS_EC2_METADATA_DISABLED: "true" },
    },
    {
      title: "the pair in credentials, the token in config",
      credentials: section("deploy", keyLines("deploy", false)),
      config: section("profile deploy", "aws_session_token = from-config"),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "config: an id alone, the container (AWS_PROFILE)",
      config: section("profile deploy", idLine),
      env: { AWS_PROFILE: "deploy", ...CONTAINER },
    },
    {
      title: "config: an id alone, the container (default, unnamed)",
      config: section("default", idLine),
      env: CONTAINER,
    },
    {
      title: "config: a secret alone, the container (AWS_PROFILE)",
      config: section("profile deploy", secretLine),
      env: { AWS_PROFILE: "deploy", ...CONTAINER },
    },
    {
      title: "credentials: an empty id, the container (AWS_PROFILE)",
      credentials: section("deploy", "aws_access_key_id =", secretLine),
      env: { AWS_PROFILE: "deploy", ...CONTAINER },
    },
    {
      title: "credentials: an empty secret (AWS_PROFILE)",
      credentials: section("deploy", idLine, "aws_secret_access_key ="),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "credentials: an empty token (AWS_PROFILE)",
      credentials: section("deploy", idLine, secretLine, "aws_session_token ="),
      env: { AWS_PROFILE: "deploy" },
    },
    {
      title: "key variables and a token of another form",
      env: { ...keyVariables("environment"), AWS_SESSION_TOKEN: undefined, AWS_SECURITY_TOKEN: "old-name" },
    },
    {
      title: "AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN",
      env: { ...keyVariables("environment"), AWS_SECURITY_TOKEN: "old-name" },
    },
    {
      title: "AWS_SECURITY_TOKEN empty and AWS_SESSION_TOKEN",
      env: { ...keyVariables("environment"), AWS_SECURITY_TOKEN: "" },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION in the future",
      env: { ...keyVariables("environment"), AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:00Z" },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION in the past",
      env: { ...keyVariables("environment"), AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION in the past, the container",
      env: {
        ...keyVariables("environment"),
        ...CONTAINER,
        AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z",
      },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION that is no time",
      env: { ...keyVariables("environment"), AWS_CREDENTIAL_EXPIRATION: "junk" },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION empty",
      env: { ...keyVariables("environment"), AWS_CREDENTIAL_EXPIRATION: "" },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION without a zone",
      env: { ...keyVariables("environment"), AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:00" },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION with an offset",
      env: { ...keyVariables("environment"), AWS_CREDENTIAL_EXPIRATION: "2099-01-01T00:00:00+02:00" },
    },
    {
      title: "AWS_CREDENTIAL_EXPIRATION in the past, keys in credentials",
      credentials,
      env: { AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" },
    },
  ],
};
