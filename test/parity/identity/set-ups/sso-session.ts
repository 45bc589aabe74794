import { keyLines, keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { ASSUMED, CONTAINER, section } from "./pieces.js";

const SHARED = keyLines("shared");
const NAMED = "sso_session = dev";
const START = "sso_start_url = https://example.awsapps.com/start";
const WHOLE = section("sso-session dev", START, "sso_region = us-east-1");

const named = (title: string, setUp: Omit<SetUp, "title">): SetUp => ({
  title: `sso_session ${title}`,
  ...setUp,
});

/** It names a section of the config file, which is looked up before anybody is asked, whoever's keys are used. */
export const ssoSession: SetUpGroup = {
  title: "sso_session",
  setUps: [
    named("of no section, keys in credentials", {
      config: section("default", NAMED),
      credentials: section("default", SHARED),
    }),
    named("in credentials, of no section", { credentials: section("default", SHARED, NAMED) }),
    named("in credentials, of a section", {
      config: WHOLE,
      credentials: section("default", SHARED, NAMED),
    }),
    named("in credentials, of a section of credentials", {
      credentials: section("default", SHARED, NAMED) + WHOLE,
    }),
    named("of no section, keys in config", { config: section("default", NAMED, SHARED) }),
    named("of no section, key variables", {
      config: section("default", NAMED),
      env: keyVariables("environment"),
    }),
    named("of no section, the container", { config: section("default", NAMED), env: CONTAINER }),
    named("of no section, unsigned", { config: section("default", NAMED), args: ["--no-sign-request"] }),
    named("of no section, --profile", {
      config: section("profile deploy", NAMED),
      credentials: section("deploy", SHARED),
      args: ["--profile", "deploy"],
    }),
    named("of no section, in another profile", {
      config: section("profile deploy", NAMED),
      credentials: section("default", SHARED),
    }),
    named("of no section, in a source_profile", {
      config: section("profile deploy", ASSUMED, "source_profile = base") + section("profile base", NAMED),
      credentials: section("base", keyLines("base")),
      env: { AWS_PROFILE: "deploy" },
    }),
    named("of no section, beside a role", {
      config: section("profile deploy", ASSUMED, "source_profile = base", NAMED),
      credentials: section("base", keyLines("base")),
      env: { AWS_PROFILE: "deploy" },
    }),
    named("of an empty section", {
      config: section("default", NAMED) + section("sso-session dev"),
      credentials: section("default", SHARED),
    }),
    named("of a section without a region", {
      config: section("default", NAMED) + section("sso-session dev", START),
      credentials: section("default", SHARED),
    }),
    named("of a section with empty settings", {
      config: section("default", NAMED) + section("sso-session dev", "sso_start_url =", "sso_region ="),
      credentials: section("default", SHARED),
    }),
    named("of a whole section, keys in credentials", {
      config: section("default", NAMED) + WHOLE,
      credentials: section("default", SHARED),
    }),
    named("that is empty", {
      config: section("default", "sso_session ="),
      credentials: section("default", SHARED),
    }),
    named("in --credentials-file, of no section", {
      env: { AWS_SHARED_CREDENTIALS_FILE: "<HOME>/keys" },
      files: { keys: section("default", SHARED, NAMED) },
      ours: {
        files: { keys: section("default", SHARED, NAMED) },
        args: ["--credentials-file", "<HOME>/keys"],
      },
    }),
    named("in the secret, of no section", {
      credentials: section("default", SHARED, NAMED),
      secrets: { "aws-credentials": section("default", SHARED, NAMED) },
      ours: {},
    }),
  ],
};
