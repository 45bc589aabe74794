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
  why: "The container's role goes before keys, `credential_process`, `sso` or a login of a `default` profile that nobody named: it is what fetch-creds is for. A note names what is passed over.",
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
  why: "The instance is asked only by `--instance-role`, or by a profile in force that says `credential_source = Ec2InstanceMetadata`: a forgotten `--secret` must not become the host's role.",
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
  why: "What needs `sso` is refused with the way round (`aws configure export-credentials`): nobody can answer in a build. The AWS CLI uses the token that `aws sso login` left.",
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
  why: "What needs a code of an MFA device is refused. The AWS CLI asks for it, and reads it from standard input where there is no terminal.",
  says: /MFA/,
  setUps: { "mfa_serial, and its code on standard input": ["assumed (assumed by base)", "stops"] },
};

const emptyIsUnset: Difference = {
  why: "An empty variable counts as not set, and an empty value of a profile's key or region as missing: a build argument that nobody gave leaves one. The AWS CLI looks for a profile, a file or a region without a name, or signs without a key.",
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
  why: "Without a region (and with `aws-global`, which means the same) S3 is asked at us-east-1's own host and not at the global one, and the instance is not asked for a region.",
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
  why: "A line end behind a token in a file is no part of the token. The AWS CLI refuses that of the container, and sends that of web identity.",
  setUps: {
    "a token file with a line end": ["stops", "full"],
    "a token with a line end": [
      'web (web by web identity with the token "web.identity.token\\n")',
      "web (web by web identity)",
    ],
  },
};

const sessionNames: Difference = {
  why: "Characters that STS refuses in a session's name become `-`. (A session that nobody named is `fetch-creds`, in CodeBuild with the build's id; the AWS CLI's is `botocore-session-` and a number.)",
  setUps: {
    "role_session_name that STS refuses": [
      'assumed (assumed by base as "a b/c")',
      'assumed (assumed by base as "a-b-c")',
    ],
  },
};

const unusable: Difference = {
  why: "Keys that hold a control character, as a continuation line gives them, are refused before anything is signed with them.",
  setUps: { "a continuation line behind the secret": ["shared (no token)", "stops"] },
};

const utc: Difference = {
  why: "AWS_CREDENTIAL_EXPIRATION without a zone is UTC; the AWS CLI stumbles over it.",
  setUps: { "AWS_CREDENTIAL_EXPIRATION without a zone": ["stops", "environment"] },
};

const loopbackNames: Difference = {
  why: "A name in AWS_CONTAINER_CREDENTIALS_FULL_URI may be any that stands for a loopback address, as in other SDKs; the AWS CLI knows `localhost` alone.",
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
