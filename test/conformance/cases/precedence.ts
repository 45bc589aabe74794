import { answer } from "../../support/raw-endpoint/scripts.js";
import type { Case } from "../harness/case.js";
import { CODEBUILD, FULL, GOOD_BODY, RELATIVE, TOKEN } from "./good-response.js";

const good = answer(200, GOOD_BODY);
const RELATIVE_SECRET = { [RELATIVE]: "/v2/credentials/ID" };
const FULL_EKS = "http://169.254.170.23/v1/credentials/ID";

function served(name: string, by: RegExp, rest: Partial<Case>): Case {
  return { name, script: good, ...rest, expect: { code: 0, requests: 1, stdout: by, ...rest.expect } };
}

function refused(name: string, stderr: RegExp, rest: Partial<Case>): Case {
  return {
    name,
    script: good,
    ...rest,
    expect: { code: 253, requests: 0, stderr, underMs: 10_000, ...rest.expect },
  };
}

const ORDER: readonly Case[] = [
  served("relative URI in the environment", /RELATIVE_URI/, { env: CODEBUILD }),
  served("full URI in the environment", /FULL_URI/, { env: { [FULL]: FULL_EKS } }),
  served("relative wins over full", /169\.254\.170\.2\//, { env: { ...CODEBUILD, [FULL]: FULL_EKS } }),
  served("an empty relative URI counts as unset", /169\.254\.170\.23/, {
    env: { [RELATIVE]: "", [FULL]: FULL_EKS },
  }),
  served("an empty full URI counts as unset", /169\.254\.170\.2\//, { env: { ...CODEBUILD, [FULL]: "" } }),
  served("--uri wins over the environment", /--uri/, {
    args: ["--uri", "/v2/credentials/ID"],
    env: { [RELATIVE]: "/other" },
  }),
  served("--uri takes a full URI", /169\.254\.170\.23/, {
    args: [`--uri=${FULL_EKS}`],
    env: { [RELATIVE]: "/other" },
  }),
  served("--uri after the verb", /--uri/, { args: ["verify", "--uri", "/v2/credentials/ID"] }),
  served("relative URI as a secret", /secret/, { secrets: RELATIVE_SECRET }),
  served("full URI as a secret", /169\.254\.170\.23/, { secrets: { [FULL]: FULL_EKS } }),
  served("relative secret wins over full secret", /169\.254\.170\.2\//, {
    secrets: { ...RELATIVE_SECRET, [FULL]: FULL_EKS },
  }),
  served("the environment wins over a secret", /169\.254\.170\.23/, {
    env: { [FULL]: FULL_EKS },
    secrets: RELATIVE_SECRET,
  }),
  served("an empty variable leaves it to the secret", /secret/, {
    env: { [RELATIVE]: "", [FULL]: "" },
    secrets: RELATIVE_SECRET,
  }),
  served("an empty secret leaves it to the next", /169\.254\.170\.23/, {
    secrets: { [RELATIVE]: "", [FULL]: FULL_EKS },
  }),
  served("a secret of one newline counts as empty", /169\.254\.170\.23/, {
    secrets: { [RELATIVE]: "\n", [FULL]: FULL_EKS },
  }),
  served("a secret's LF is dropped", /secret/, {
    secrets: { [RELATIVE]: "/v2/credentials/ID\n" },
    expect: { code: 0, head: /^GET \/v2\/credentials\/case\d+ HTTP/ },
  }),
  served("a secret's CRLF is dropped", /secret/, {
    secrets: { [RELATIVE]: "/v2/credentials/ID\r\n" },
    expect: { code: 0, head: /^GET \/v2\/credentials\/case\d+ HTTP/ },
  }),
  served("the region as a secret", /^Region {6}eu-central-1 \(secret AWS_REGION\)$/m, {
    env: CODEBUILD,
    secrets: { AWS_REGION: "eu-central-1\n", AWS_DEFAULT_REGION: "eu-west-1" },
  }),
  served("the default region as a secret", /^Region {6}eu-west-1 \(secret AWS_DEFAULT_REGION\)$/m, {
    env: { ...CODEBUILD, AWS_REGION: "" },
    secrets: { AWS_DEFAULT_REGION: "eu-west-1" },
  }),
  served(
    "a region in the environment before one in a secret",
    /^Region {6}us-west-2 \(AWS_DEFAULT_REGION\)$/m,
    {
      env: { ...CODEBUILD, AWS_DEFAULT_REGION: "us-west-2" },
      secrets: { AWS_REGION: "eu-central-1" },
    },
  ),
  served("no region: how to pass it", /^Region {6}none is set: pass it with --build-arg AWS_REGION/m, {
    env: CODEBUILD,
  }),
  served("exec fills the region in from a secret", /^eu-west-1 eu-west-1$/m, {
    args: ["exec", "--", "sh", "-c", "echo $AWS_REGION $AWS_DEFAULT_REGION"],
    env: CODEBUILD,
    secrets: { AWS_REGION: "eu-west-1" },
  }),
  served("the token as a secret", /secret/, {
    secrets: { [FULL]: FULL_EKS, [TOKEN]: "TOKENVALUE\n" },
    expect: { code: 0, head: /\r\nAuthorization: TOKENVALUE\r\n/ },
  }),
  served("keys in the environment are not the role's", /RELATIVE_URI/, {
    env: { ...CODEBUILD, AWS_ACCESS_KEY_ID: "AKIAX", AWS_SECRET_ACCESS_KEY: "x", AWS_PROFILE: "p" },
  }),
  {
    name: "credentials as a secret, JSON",
    secrets: {
      "aws-credentials": JSON.stringify({
        Version: 1,
        AccessKeyId: "AKIAIOSFODNN7EXA2345",
        SecretAccessKey: "SECRETKEY",
      }),
    },
    expect: { code: 0, requests: 0, stdout: /^Access key {2}\*{16}2345$/m },
  },
  {
    name: "credentials as a secret, lines",
    secrets: {
      "aws-credentials":
        "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXA2345\nexport AWS_SECRET_ACCESS_KEY='SECRETKEY'\n",
    },
    expect: { code: 0, requests: 0, stdout: /^Access key {2}\*{16}2345$/m },
  },
  {
    name: "credentials as a secret, INI with a profile",
    args: ["--profile", "two"],
    secrets: {
      "aws-credentials":
        "[one]\naws_access_key_id=AKIAIOSFODNN7EXA1111\naws_secret_access_key=SECRETKEY\n[two]\naws_access_key_id = AKIAIOSFODNN7EXA2222\naws_secret_access_key = SECRETKEY\n",
    },
    expect: { code: 0, requests: 0, stdout: /^Access key {2}\*{16}2222$/m },
  },
  served("the endpoint wins over credentials as a secret", /RELATIVE_URI/, {
    env: CODEBUILD,
    secrets: { "aws-credentials": "{}" },
  }),
];

const FINAL: readonly Case[] = [
  refused(
    "nothing is configured",
    /no credential source[^\n]*\n {2}in CodeBuild or ECS: `docker build --secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,env=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI \.`.*\n {2}without BuildKit: `docker build --build-arg AWS_CONTAINER_CREDENTIALS_RELATIVE_URI \.`/,
    {},
  ),
  refused("everything is empty", /no credential source.*empty/, { env: { [RELATIVE]: "", [FULL]: "" } }),
  refused("a bad relative URI is not masked by a good full one", /RELATIVE_URI/, {
    env: { [RELATIVE]: "no-slash", [FULL]: FULL_EKS },
  }),
  refused("a bad full URI is not masked by a good secret", /FULL_URI/, {
    env: { [FULL]: "ftp://127.0.0.1/x" },
    secrets: RELATIVE_SECRET,
  }),
  refused("a bad --uri is not masked by a good variable", /--uri/, {
    args: ["--uri", "nonsense"],
    env: CODEBUILD,
  }),
  refused("an empty --uri is not masked", /--uri/, { args: ["--uri", ""], env: CODEBUILD }),
  refused("an unreadable secret is final", /RELATIVE_URI[^\n]*permission denied\n.*(mode=0444|uid=|env=)/, {
    secrets: { ...RELATIVE_SECRET, [FULL]: FULL_EKS },
    unreadable: true,
  }),
  refused("a secret that is a directory is final", /directory/, {
    secrets: { [RELATIVE]: null, [FULL]: FULL_EKS },
  }),
  refused("an unreadable secret of keys", /aws-credentials/, {
    secrets: { "aws-credentials": "x" },
    unreadable: true,
  }),
  refused("a missing credentials file, whatever else there is", /no such file/, {
    args: ["--credentials-file", "/does/not/exist"],
    env: CODEBUILD,
  }),
  {
    name: "a failure of the endpoint is not masked by a later source",
    env: { ...CODEBUILD, [FULL]: FULL_EKS },
    script: answer(404, "no"),
    expect: { code: 254, requests: 1, stderr: /404/ },
  },
  {
    name: "a failure of the endpoint is not masked by credentials as a secret",
    env: CODEBUILD,
    secrets: { "aws-credentials": "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=B\n" },
    script: answer(400, '{"code":"InvalidIdInRequest","message":"Credentials not found"}'),
    expect: { code: 254, requests: 2, stderr: /InvalidIdInRequest: Credentials not found/ },
  },
];

/** Point 1 and the order of sources. */
export const PRECEDENCE: readonly Case[] = [...ORDER, ...FINAL];
