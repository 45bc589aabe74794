import type { SetUp, SetUpGroup } from "../set-up.js";
import { ASSUMED, AWS_PROFILE, BASE_KEYS, deploy, deployRole, roleArn } from "./pieces.js";

const withLine = (title: string, ...lines: string[]): SetUp =>
  deploy(title, ASSUMED, "source_profile = base", ...lines);
const setUps: SetUp[] = [
  withLine("external_id", "external_id = secret-handshake"),
  withLine("external_id with a blank and a comment", "external_id = a b # c"),
  withLine("external_id empty", "external_id ="),
  withLine("role_session_name", "role_session_name = release-7"),
  withLine("role_session_name that STS refuses", "role_session_name = a b/c"),
  withLine("role_session_name empty", "role_session_name ="),
  withLine("duration_seconds = 900", "duration_seconds = 900"),
  withLine("duration_seconds = 43200", "duration_seconds = 43200"),
  withLine("duration_seconds = 60", "duration_seconds = 60"),
  withLine("duration_seconds = 100000", "duration_seconds = 100000"),
  withLine("duration_seconds = 0", "duration_seconds = 0"),
  withLine("duration_seconds = -5", "duration_seconds = -5"),
  withLine("duration_seconds = junk", "duration_seconds = junk"),
  withLine("duration_seconds = 1h", "duration_seconds = 1h"),
  withLine("duration_seconds = 1800.5", "duration_seconds = 1800.5"),
  withLine("duration_seconds = +1800", "duration_seconds = +1800"),
  withLine("duration_seconds = 1_800", "duration_seconds = 1_800"),
  withLine("duration_seconds empty", "duration_seconds ="),
  withLine("mfa_serial", "mfa_serial = arn:aws:iam::123456789012:mfa/me"),
  {
    ...withLine(
      "mfa_serial, and its code on standard input",
      "mfa_serial = arn:aws:iam::123456789012:mfa/me",
    ),
    stdin: "123456\n",
  },
  withLine("mfa_serial empty", "mfa_serial ="),
  {
    title: "mfa_serial of the source",
    config: deployRole("", "mfa_serial = arn:aws:iam::123456789012:mfa/me\n"),
    credentials: BASE_KEYS,
    env: AWS_PROFILE,
  },
  {
    title: "AWS_ROLE_SESSION_NAME and a role of the profile",
    config: deployRole(),
    credentials: BASE_KEYS,
    env: { ...AWS_PROFILE, AWS_ROLE_SESSION_NAME: "from-variable" },
  },
  {
    title: "AWS_ROLE_ARN and a role of the profile",
    config: deployRole(),
    credentials: BASE_KEYS,
    env: { ...AWS_PROFILE, AWS_ROLE_ARN: roleArn("variable") },
  },
  deploy(
    "a role in another partition",
    "role_arn = arn:aws-cn:iam::123456789012:role/china",
    "source_profile = base",
  ),
  deploy("a role_arn that is none", "role_arn = deploy", "source_profile = base"),
  deploy(
    "a role with a path",
    "role_arn = arn:aws:iam::123456789012:role/team/build/deep",
    "source_profile = base",
  ),
];

export const roleParameters: SetUpGroup = { title: "parameters of a role", setUps };
