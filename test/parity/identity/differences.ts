/** On purpose not as the AWS CLI. */
export interface Difference {
  /** For docs/differences.md. */
  readonly why: string;
  /** What ours says on standard error in each of these set-ups. */
  readonly says?: RegExp;
  /** By title of the set-up, `outcomeOf` of the AWS CLI and of ours. */
  readonly setUps: Readonly<Record<string, readonly [aws: string, ours: string]>>;
}

const NO_REGION = "at https://BUCKET.s3.amazonaws.com";

const containerFirst: Difference = {
  why: "The container's role takes precedence over keys, `credential_process`, `sso` and a login of the `default` profile if no profile was named, because that role is what fetch-creds is made for. A note says what was skipped.",
  says: /AWS_CONTAINER_CREDENTIALS_RELATIVE_URI [^\n]* is used here instead/,
  setUps: {
    "keys in credentials and the container (default, unnamed)": ["shared", "codebuild"],
    "keys in config and the container (default, unnamed)": ["config", "codebuild"],
    "credential_process and the container (default, unnamed)": ["process", "codebuild"],
    "sso and the container (default, unnamed)": ["portal", "codebuild"],
    "login and the container (default, unnamed)": ["stops", "codebuild"],
    "none named, keys of default and the container": ["default", "codebuild"],
    "credentials: an id alone, the container (default, unnamed)": ["stops", "codebuild"],
    "config: an id alone, the container (default, unnamed)": ["stops", "codebuild"],
    "the container fails, keys of the unnamed default": ["shared", "stops"],
  },
};

const instanceByName: Difference = {
  why: "The instance's role is used only with `--instance-role`, or if the active profile has `credential_source = Ec2InstanceMetadata`, so that a build without its `--secret` does not get the host's role.",
  says: /no credential source found/,
  setUps: {
    "nothing but the instance": ["instance", "stops"],
    "key variables (--profile)": ["instance", "stops"],
    "web identity variables (--profile)": ["instance", "stops"],
    "key variables and web identity variables (--profile)": ["instance", "stops"],
    "source_profile alone": ["instance", "stops"],
    "[Default]": ["instance", "stops"],
    "[DEFAULT]": ["instance", "stops"],
    "[default]]": ["instance", "stops"],
    "export before the names": ["instance", "stops"],
  },
};

const ssoRefused: Difference = {
  why: "A profile that needs `sso` is refused, and the message says what to use instead (`aws configure export-credentials`), since nobody can sign in during a build. The AWS CLI uses the token of an earlier `aws sso login`.",
  says: /SSO/,
  setUps: Object.fromEntries(
    [
      "sso (default, unnamed)",
      "sso (AWS_PROFILE)",
      "sso (--profile)",
      "sso and keys in credentials (default, unnamed)",
      "sso and login (default, unnamed)",
      "sso and credential_process (default, unnamed)",
      "sso and keys in config (default, unnamed)",
      "sso and keys in credentials (AWS_PROFILE)",
      "sso and keys in credentials (--profile)",
      "key variables and sso (--profile)",
      "web identity variables and sso (--profile)",
    ].map((title) => [title, ["portal", "stops"]] as const),
  ),
};

const mfaRefused: Difference = {
  why: "A profile that needs a code from an MFA device is refused. The AWS CLI asks for the code, and reads it from standard input if there is no terminal.",
  says: /MFA/,
  setUps: { "mfa_serial, and its code on standard input": ["assumed (assumed by base)", "stops"] },
};

const emptyIsUnset: Difference = {
  why: "An empty variable counts as not set, and an empty key or region in a profile as missing, because a build argument that was not passed is empty. The AWS CLI looks for a profile, a file or a region with an empty name, or signs with an empty key.",
  setUps: {
    "AWS_PROFILE empty": ["stops", "default"],
    "AWS_PROFILE empty, AWS_DEFAULT_PROFILE set": ["stops", "deploy"],
    "AWS_DEFAULT_PROFILE empty": ["stops", "default"],
    "none named, keys of default and AWS_PROFILE empty and the container": ["stops", "codebuild"],
    "AWS_CONFIG_FILE empty": ["instance", "shared"],
    "AWS_SHARED_CREDENTIALS_FILE empty": ["instance", "shared"],
    "relative empty, full set": ["stops", "full"],
    "credentials: an empty id, the container (AWS_PROFILE)": ["nobody", "stops"],
    "credentials: an empty secret (AWS_PROFILE)": ["half (no token)", "stops"],
    "credential_process: an empty secret": ["process", "stops"],
    "region: AWS_REGION empty": ["stops", "environment"],
    "region: AWS_REGION empty, AWS_DEFAULT_REGION set": [
      "stops",
      "environment (at https://BUCKET.s3.us-west-2.amazonaws.com; in us-west-2)",
    ],
    "region: the profile's, empty": ["stops", "environment"],
    "use_fips_endpoint = true, the variable empty": [
      "environment",
      "environment (at https://BUCKET.s3-fips.us-east-1.amazonaws.com)",
    ],
  },
};

const GLOBAL_STS = "assumed by base at https://sts.amazonaws.com";
const CHAIN = "first by base at https://sts.amazonaws.com, second by first at https://sts.amazonaws.com";
const BY_CONTAINER = "assumed by codebuild at https://sts.amazonaws.com";
const WEB = "web by web identity at https://sts.amazonaws.com";

const noRegion: Difference = {
  why: "Without a region (or with `aws-global`, which means the same), requests go to the host of us-east-1 instead of the global one, and the instance is not asked for its region.",
  setUps: {
    "region: none": [`environment (${NO_REGION})`, "environment"],
    "region: a named profile without one, default with one": [`codebuild (${NO_REGION})`, "codebuild"],
    "region: aws-global": [`environment (${NO_REGION})`, "environment"],
    "region: none, but the instance's": [
      "environment (at https://BUCKET.s3.eu-north-1.amazonaws.com; in eu-north-1)",
      "environment",
    ],
    "STS: no region": [`assumed (${NO_REGION}; ${GLOBAL_STS})`, `assumed (${GLOBAL_STS})`],
    "STS: default's region": [`assumed (${NO_REGION}; ${GLOBAL_STS})`, `assumed (${GLOBAL_STS})`],
    "STS: the source's region": [`assumed (${NO_REGION}; ${GLOBAL_STS})`, `assumed (${GLOBAL_STS})`],
    "STS: the regions of a chain": [`second (${NO_REGION}; ${CHAIN})`, `second (${CHAIN})`],
    "STS: credential_source and the region of default": [
      `assumed (${NO_REGION}; ${BY_CONTAINER})`,
      `assumed (${BY_CONTAINER})`,
    ],
    "STS: web identity, no region": [`web (${NO_REGION}; ${WEB})`, `web (${WEB})`],
  },
};

const lineEnds: Difference = {
  why: "A line ending after the token in a file is not part of the token. The AWS CLI refuses it in the container's token and sends it with a web identity's.",
  setUps: {
    "a token file with a line end": ["stops", "full"],
    "a token with a line end": [
      'web (web by web identity with the token "web.identity.token\\n")',
      "web (web by web identity)",
    ],
  },
};

const sessionNames: Difference = {
  why: "Characters that STS does not accept in a session's name become `-`. (The default name is `fetch-creds`, in CodeBuild with the build's id; in the AWS CLI, `botocore-session-` and a number.)",
  setUps: {
    "role_session_name that STS refuses": [
      'assumed (assumed by base as "a b/c")',
      'assumed (assumed by base as "a-b-c")',
    ],
  },
};

const unusable: Difference = {
  why: "Keys with a control character, for example from a continuation line, are refused before anything is signed with them.",
  setUps: { "a continuation line behind the secret": ["shared (no token)", "stops"] },
};

const utc: Difference = {
  why: "AWS_CREDENTIAL_EXPIRATION without a time zone is read as UTC; the AWS CLI fails.",
  setUps: { "AWS_CREDENTIAL_EXPIRATION without a zone": ["stops", "environment"] },
};

const loopbackNames: Difference = {
  why: "AWS_CONTAINER_CREDENTIALS_FULL_URI can use any name that resolves to a loopback address, as in other SDKs; the AWS CLI accepts only `localhost`.",
  setUps: { "a full URI, a name of a loopback address": ["stops", "full"] },
};

const noAcceleration: Difference = {
  why: "S3 Transfer Acceleration (`use_accelerate_endpoint`) is refused.",
  setUps: {
    use_accelerate_endpoint: ["environment (at https://BUCKET.s3-accelerate.amazonaws.com)", "stops"],
  },
};

/** Why ours acts as somebody else, elsewhere, or not at all: by the name of each reason in docs/differences.md. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  "container-first": containerFirst,
  "instance-by-name": instanceByName,
  "sso-refused": ssoRefused,
  "mfa-refused": mfaRefused,
  "empty-is-unset": emptyIsUnset,
  "no-region": noRegion,
  "line-ends": lineEnds,
  "session-names": sessionNames,
  "control-characters": unusable,
  "time-without-zone": utc,
  "loopback-names": loopbackNames,
  "no-acceleration": noAcceleration,
};
