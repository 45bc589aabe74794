import { keyLines } from "../bed/named-keys.js";
import type { SetUp } from "../set-up.js";

export function roleArn(name: string): string {
  return `arn:aws:iam::123456789012:role/${name}`;
}

/** The endpoint as CodeBuild and ECS name it. */
export const CONTAINER = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/container/codebuild" };

export const TOKEN_FILE = { token: "web.identity.token" };

export const WEB_IDENTITY = {
  AWS_WEB_IDENTITY_TOKEN_FILE: "<HOME>/token",
  AWS_ROLE_ARN: roleArn("web"),
};

/** Profile `deploy` of `~/.aws/config`, which assumes a role with the keys of `base`. */
export function deployRole(more = "", base = ""): string {
  return `[profile deploy]\nrole_arn = ${roleArn("assumed")}\nsource_profile = base\n${more}\n[profile base]\n${base}`;
}

export const BASE_KEYS = `[base]\n${keyLines("base")}`;

/** One section of a file. */
export function section(name: string, ...lines: string[]): string {
  return `[${name}]\n${lines.join("\n")}\n`;
}

export const AWS_PROFILE = { AWS_PROFILE: "deploy" };
export const ASSUMED = `role_arn = ${roleArn("assumed")}`;

/** Profile deploy in config with these lines, the keys of base in credentials. */
export const deploy = (title: string, ...lines: string[]): SetUp => ({
  title,
  config: section("profile deploy", ...lines),
  credentials: BASE_KEYS,
  env: AWS_PROFILE,
});
