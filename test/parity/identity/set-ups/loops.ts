import { BUILT_FILE } from "../../../support/built-file.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { section } from "./pieces.js";

const ours = (profile: string) =>
  `"${process.execPath}" "${BUILT_FILE}" export --format process --profile ${profile}`;
const awsCli = (profile: string) => `aws configure export-credentials --format process --profile ${profile}`;

/** Profile deploy in force, whose keys a program gives; and another, which it may run for. */
const through = (title: string, deploy: string, other = ""): SetUp => ({
  title: `credential_process in a circle: ${title}`,
  config:
    section("profile deploy", `credential_process = ${deploy}`) +
    section("profile other", `credential_process = ${other}`),
  env: { AWS_PROFILE: "deploy" },
});

export const loops: SetUpGroup = {
  title: "credential_process in a circle",
  setUps: [
    through("the AWS CLI", awsCli("deploy")),
    through("fetch-creds", ours("deploy")),
    through("the AWS CLI, then fetch-creds", awsCli("other"), ours("deploy")),
    through("fetch-creds, then the AWS CLI", ours("other"), awsCli("deploy")),
    through("fetch-creds within another of the AWS CLI", awsCli("other"), ours("other")),
  ],
};
