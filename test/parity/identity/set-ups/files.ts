import { keyLines, keysOf, keyVariables } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { CONTAINER, section } from "./pieces.js";

const good = section("default", keyLines("shared"));
const { id, secret, token } = keysOf("shared");

/** Each in config, with good keys in credentials, and in credentials itself. */
const UNPARSABLE: Readonly<Record<string, string | Buffer>> = {
  "a section twice": "[default]\nregion = eu-west-1\n[default]\noutput = json\n",
  "a profile twice": "[profile a]\nregion = eu-west-1\n[profile a]\noutput = json\n",
  "a name twice": "[default]\nregion = eu-west-1\nregion = eu-west-2\n",
  "a name twice, in two cases": "[default]\nregion = eu-west-1\nREGION = eu-west-2\n",
  "a name twice, in another profile": "[profile x]\nregion = eu-west-1\nregion = eu-west-2\n",
  "a BOM": Buffer.from("\ufeff[default]\nregion = eu-west-1\n"),
  "not UTF-8": Buffer.concat([Buffer.from("[default]\nregion = eu-west-1\n# caf"), Buffer.from([0xe9, 10])]),
  "a nested line without =": "[default]\ns3 =\n  addressing_style\n",
  "a line without =": "[default]\nregion\n",
  "a line before the first section": "region = eu-west-1\n[default]\n",
  "an open bracket": "[default\nregion = eu-west-1\n",
  junk: "hello world\n",
};

const unparsable: SetUp[] = Object.entries(UNPARSABLE).flatMap(([what, text]): SetUp[] => [
  { title: `config: ${what}`, config: text, credentials: good, env: { AWS_REGION: undefined } },
  {
    title: `credentials: ${what}`,
    credentials: text,
    config: section("profile deploy", keyLines("config")),
    env: { AWS_PROFILE: "deploy" },
  },
]);

const unparsableElsewhere: SetUp[] = [
  { title: "config cannot be parsed, key variables", config: "hello\n", env: keyVariables("environment") },
  { title: "config cannot be parsed, the container", config: "hello\n", env: CONTAINER },
  { title: "config cannot be parsed, --no-sign-request", config: "hello\n", args: ["--no-sign-request"] },
  {
    title: "credentials cannot be parsed, key variables",
    credentials: "hello\n",
    env: keyVariables("environment"),
  },
  { title: "credentials cannot be parsed, the container", credentials: "hello\n", env: CONTAINER },
  {
    title: "credentials cannot be parsed, --no-sign-request",
    credentials: "hello\n",
    args: ["--no-sign-request"],
  },
  { title: "config is a folder", files: { ".aws/config/x": "" }, credentials: good },
  { title: "credentials is a folder", files: { ".aws/credentials/x": "" }, env: CONTAINER },
];

const lines = (...all: string[]): string => `[default]\n${all.join("\n")}\n`;
const pair = [`aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`];

const forms: SetUp[] = [
  {
    title: "a colon between name and value",
    credentials: lines(`aws_access_key_id: ${id}`, `aws_secret_access_key : ${secret}`),
  },
  {
    title: "no blanks around =",
    credentials: lines(`aws_access_key_id=${id}`, `aws_secret_access_key=${secret}`),
  },
  { title: "CRLF", credentials: `[default]\r\n${pair.join("\r\n")}\r\n` },
  { title: "CR alone", credentials: `[default]\r${pair.join("\r")}\r` },
  { title: "a section that is indented", credentials: `  [default]\n${pair.join("\n")}\n` },
  { title: "names that are indented", credentials: `[default]\n  ${pair.join("\n  ")}\n` },
  { title: "the second name is indented", credentials: `[default]\n${pair.join("\n  ")}\n` },
  { title: "names indented by tabs", credentials: `[default]\n\t${pair.join("\n\t")}\n` },
  { title: "[default] # comment", credentials: `[default] # mine\n${pair.join("\n")}\n` },
  { title: "[default]junk", credentials: `[default]junk\n${pair.join("\n")}\n` },
  { title: "[default]]", credentials: `[default]]\n${pair.join("\n")}\n` },
  { title: "comments of both kinds", credentials: `# a\n; b\n[default]\n# c\n${pair.join("\n; d\n")}\n` },
  { title: "a comment behind the secret, #", credentials: lines(pair[0]!, `${pair[1]} # mine`) },
  { title: "a comment behind the id, #", credentials: lines(`${pair[0]} # mine`, pair[1]!) },
  { title: "a comment behind the id, ;", credentials: lines(`${pair[0]} ; mine`, pair[1]!) },
  { title: "the id in quotes", credentials: lines(`aws_access_key_id = "${id}"`, pair[1]!) },
  {
    title: "names in capitals",
    credentials: lines(
      `AWS_ACCESS_KEY_ID = ${id}`,
      `AWS_SECRET_ACCESS_KEY = ${secret}`,
      `AWS_SESSION_TOKEN = ${token}`,
    ),
  },
  {
    title: "export before the names",
    credentials: lines(`export AWS_ACCESS_KEY_ID=${id}`, `export AWS_SECRET_ACCESS_KEY=${secret}`),
  },
  { title: "aws_security_token alone", credentials: lines(...pair, "aws_security_token = old") },
  {
    title: "aws_security_token before aws_session_token",
    credentials: lines(...pair, "aws_security_token = old", "aws_session_token = new"),
  },
  {
    title: "aws_session_token before aws_security_token",
    credentials: lines(...pair, "aws_session_token = new", "aws_security_token = old"),
  },
  {
    title: "aws_security_token empty",
    credentials: lines(...pair, "aws_security_token =", "aws_session_token = new"),
  },
  {
    title: "a percent sign in the secret",
    credentials: lines(pair[0]!, "aws_secret_access_key = ab%cd%(x)s/efghijklmnopqrstuvwxyz012345"),
  },
  { title: "a continuation line behind the secret", credentials: lines(...pair, "  more") },
  { title: "an empty line in between", credentials: lines(pair[0]!, "", pair[1]!) },
  { title: "[profile default] alone, in config", config: section("profile default", keyLines("shared")) },
  {
    title: "[default] then [profile default]",
    config: section("default", keyLines("first")) + section("profile default", keyLines("second")),
  },
  {
    title: "[profile default] then [default]",
    config: section("profile default", keyLines("first")) + section("default", keyLines("second")),
  },
  {
    title: "[default] with keys, [profile default] with a region",
    config: section("default", keyLines("first")) + section("profile default", "region = eu-west-1"),
    env: { AWS_REGION: undefined, AWS_EC2_METADATA_DISABLED: "true" },
  },
  { title: "[DEFAULT]", credentials: section("DEFAULT", keyLines("shared")) },
  { title: "an empty section's name", credentials: `[]\n${pair.join("\n")}\n` },
  {
    title: "an unterminated quote in a profile's name",
    config: section('profile "deploy', keyLines("config")),
    credentials: good,
  },
  { title: "empty files", config: "", credentials: "", env: CONTAINER },
  { title: "files of comments", config: "# nothing\n", credentials: "; nothing\n", env: CONTAINER },
  {
    title: "config and credentials of the same profile: credentials win",
    config: section("default", keyLines("config"), "region = eu-west-1"),
    credentials: section("default", keyLines("shared"), "region = eu-central-1"),
    env: { AWS_REGION: undefined },
  },
  {
    title: "a section of a kind that nobody knows",
    config: `[plugins]\nx = y\n[sso-session a]\nsso_region = us-east-1\n${good}`,
  },
  {
    title: "a value that is nested and no setting",
    config: `[default]\nmine =\n  a = b\n  c = d\n${keyLines("shared")}`,
  },
  { title: "a vertical tab in a name's line", credentials: lines(...pair, "\u000b") },
];

const paths: SetUp[] = [
  {
    title: "AWS_SHARED_CREDENTIALS_FILE with ~",
    env: { AWS_SHARED_CREDENTIALS_FILE: "~/keys" },
    files: { keys: good },
  },
  {
    title: "AWS_SHARED_CREDENTIALS_FILE with $HOME",
    env: { AWS_SHARED_CREDENTIALS_FILE: "$HOME/keys" },
    files: { keys: good },
  },
  {
    title: "AWS_SHARED_CREDENTIALS_FILE with ${HOME}",
    env: { AWS_SHARED_CREDENTIALS_FILE: "${HOME}/keys" },
    files: { keys: good },
  },
  {
    title: "AWS_SHARED_CREDENTIALS_FILE with another variable",
    env: { AWS_SHARED_CREDENTIALS_FILE: "$PLACE/keys", PLACE: "<HOME>" },
    files: { keys: good },
  },
  { title: "AWS_CONFIG_FILE with ~", env: { AWS_CONFIG_FILE: "~/mine" }, files: { mine: good } },
  { title: "AWS_CONFIG_FILE with $HOME", env: { AWS_CONFIG_FILE: "$HOME/mine" }, files: { mine: good } },
  { title: "a relative AWS_CONFIG_FILE", env: { AWS_CONFIG_FILE: "mine" }, files: { mine: good } },
  {
    title: "AWS_CONFIG_FILE that is missing, the container",
    env: { AWS_CONFIG_FILE: "<HOME>/missing", ...CONTAINER },
  },
  {
    title: "AWS_SHARED_CREDENTIALS_FILE that is missing, the container",
    env: { AWS_SHARED_CREDENTIALS_FILE: "<HOME>/missing", ...CONTAINER },
    credentials: good,
  },
  { title: "AWS_SHARED_CREDENTIALS_FILE empty", env: { AWS_SHARED_CREDENTIALS_FILE: "" }, credentials: good },
  { title: "AWS_CONFIG_FILE empty", env: { AWS_CONFIG_FILE: "" }, config: good },
  {
    title: "AWS_CONFIG_FILE in place of ~/.aws/config",
    env: { AWS_CONFIG_FILE: "<HOME>/mine" },
    config: section("default", keyLines("config")),
    files: { mine: section("default", keyLines("mine")) },
  },
  {
    title: "both variables name one file",
    env: { AWS_CONFIG_FILE: "<HOME>/one", AWS_SHARED_CREDENTIALS_FILE: "<HOME>/one", AWS_PROFILE: "deploy" },
    files: { one: section("deploy", keyLines("deploy")) },
  },
  { title: "HOME unset", env: { HOME: undefined, ...CONTAINER }, credentials: good },
];

export const files: SetUpGroup = {
  title: "files",
  setUps: [...unparsable, ...unparsableElsewhere, ...forms, ...paths],
};
