import { TLS_AND_TIME } from "./tls-and-time-options.js";
import type { OptionGroup, OptionSpec } from "./verb.js";

const URI = {
  name: "uri",
  value: "URI",
  summary: "The credential endpoint: a /path on 169.254.170.2, or a full URI.",
} as const satisfies OptionSpec;

const SOURCE = [
  URI,
  {
    name: "credentials-file",
    value: "FILE",
    summary:
      "Keys from a file: what export writes in any format, JSON of the AWS CLI, or an INI credentials file.",
  },
  {
    name: "profile",
    value: "NAME",
    summary: "A profile of the AWS CLI, or of --credentials-file.",
  },
  {
    name: "web-identity",
    summary: "The role of AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN.",
  },
  { name: "instance-role", summary: "The role of the EC2 instance, by IMDSv2." },
  {
    name: "role-arn",
    value: "ARN",
    summary: "Assume this role with the keys that were found.",
  },
  {
    name: "role-session-name",
    value: "NAME",
    summary: "For --role-arn; otherwise fetch-creds, in CodeBuild with its id.",
  },
  { name: "external-id", value: "ID", summary: "For --role-arn, if its trust policy asks for one." },
  {
    name: "duration",
    value: "TIME",
    summary: "For --role-arn: 15m to 12h; with a role's keys at most 1h.",
  },
  {
    name: "timeout",
    value: "TIME",
    default: "30s",
    summary: "Time limit for getting the credentials, not for the work after it: 500ms, 10s, 2m.",
  },
  {
    name: "if-available",
    summary:
      "Succeed when no credential source is configured, or the file or variable that an option needs is missing; expectations are then not checked. One that is configured and fails is still a failure.",
  },
] as const satisfies readonly OptionSpec[];

const EXPECTATIONS = [
  {
    name: "expect-role",
    value: "ROLE",
    summary:
      "Continue only with this role: an ARN, a name, or a pattern with * and ?. Where the endpoint names no role, STS is asked.",
  },
  {
    name: "expect-account",
    value: "ID",
    summary: "Continue only in this account. Where the endpoint names none, STS is asked.",
  },
  {
    name: "min-ttl",
    value: "TIME",
    summary:
      "Continue only if the keys are valid for at least this long: 15m, 1h30m; a bare number is seconds.",
  },
  {
    name: "sts",
    summary:
      "Always ask STS whose keys these are (GetCallerIdentity); its response wins over the endpoint's.",
  },
  {
    name: "endpoint-url-sts",
    value: "URL",
    summary: "The STS endpoint, instead of the region's. Also AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL.",
  },
] as const satisfies readonly OptionSpec[];

/** For the verbs that reach no S3: how STS is reached. */
export const STS_GROUP = {
  title: "How STS is reached",
  options: [{ name: "region", value: "REGION", summary: "The region of STS." }, ...TLS_AND_TIME],
} as const satisfies OptionGroup;

/** For every verb that uses credentials: where they come from, and what must hold of them. */
export const CREDENTIAL_GROUPS = [
  { title: "Where credentials come from", options: SOURCE },
  { title: "Checks before anything else runs (exit 1 if one fails)", options: EXPECTATIONS },
] as const satisfies readonly OptionGroup[];

/** For every verb. */
export const GENERAL_GROUP = {
  title: "General",
  options: [
    { name: "help", summary: "This text." },
    { name: "version", summary: "This file's version and sha256, and Node's version." },
    {
      name: "debug",
      summary:
        "Print each step with its time and each request with its id to stderr, with secrets concealed.",
    },
  ],
} as const satisfies OptionGroup;
