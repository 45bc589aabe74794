import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const part = (text: string) => Buffer.from(text).toString("base64url");
const SIGNATURE = "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
const TOKEN = `${part('{"alg":"RS256"}')}.${part('{"iss":"https://issuer.example"}')}.${SIGNATURE}`;
const SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01";
const ROLE = "arn:aws:iam::210987654321:role/deploy";
const NOWHERE = { AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_REGION: "eu-west-1", HOME: folder.path };

/** Nothing of a secret is on either stream: neither it, nor half of it. */
function expectNothingOf(secret: string, output: string): void {
  for (let at = 0; at + 12 <= secret.length; at += 12)
    expect(output).not.toContain(secret.slice(at, at + 12));
}

describe.concurrent("a token or a key where the path of a file belongs is not printed", () => {
  const webIdentity = { AWS_ROLE_ARN: ROLE };
  it.each([
    ["ls", TOKEN],
    ["verify --web-identity", TOKEN],
    ["verify --web-identity --json", TOKEN],
    ["verify --web-identity --debug", TOKEN],
    ["doctor", TOKEN],
    ["ls", SECRET],
    ["ls", "T".repeat(300)],
  ])("AWS_WEB_IDENTITY_TOKEN_FILE: %s, %s", async (words, value) => {
    const { code, stdout, stderr } = await runBuilt(words.split(" "), {
      env: { ...NOWHERE, ...webIdentity, AWS_WEB_IDENTITY_TOKEN_FILE: value },
    });
    expect(code).not.toBe(0);
    expectNothingOf(value, stdout + stderr);
    if (words === "doctor") return expect(stdout).toContain("***");
    expect(stdout + stderr).toContain("it is a token, not the path of its file");
  });

  it.each([TOKEN, SECRET, `Bearer ${TOKEN}`])("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: %s", async (value) => {
    const { code, stdout, stderr } = await runBuilt(["verify"], {
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/",
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: value,
      },
    });
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    expectNothingOf(value.replace("Bearer ", ""), stderr);
    expect(stderr).toContain("the file must contain the token alone");
  });

  it.each([
    ["--credentials-file", ["ls", "s3://b", "--credentials-file", SECRET], {}, 253],
    ["AWS_CONFIG_FILE", ["ls", "s3://b"], { AWS_CONFIG_FILE: "x".repeat(300) + SECRET }, 253],
    ["AWS_SHARED_CREDENTIALS_FILE", ["ls", "s3://b"], { AWS_SHARED_CREDENTIALS_FILE: TOKEN.repeat(4) }, 253],
    ["AWS_CA_BUNDLE", ["ls", "s3://b", "--no-sign-request"], { AWS_CA_BUNDLE: SECRET }, 252],
  ])("%s", async (_, args, env, expected) => {
    const { code, stdout, stderr } = await runBuilt(args, {
      env: { ...NOWHERE, AWS_ENDPOINT_URL: "https://127.0.0.1:9", ...env },
    });
    expect(code, stderr).toBe(expected);
    for (const secret of [SECRET, TOKEN]) expectNothingOf(secret, stdout + stderr);
    expect(stderr).toContain("not the path of a file");
  });

  it("but a path is", async () => {
    const { code, stderr } = await runBuilt(["ls"], {
      env: { ...NOWHERE, ...webIdentity, AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/eks/token" },
    });
    expect(code).toBe(253);
    expect(stderr).toContain(
      "cannot use the web identity token file /var/run/secrets/eks/token: no such file",
    );
  });
});

let homes = 0;
/** A home whose credentials file has the secret key in a line that is indented by mistake. */
function indentedBelow(setting: string): string {
  const home = folder.at(`home ${++homes}`);
  mkdirSync(`${home}/.aws`, { recursive: true });
  const lines = [
    "[p]",
    setting,
    `  aws_secret_access_key = ${SECRET}`,
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
  ];
  writeFileSync(`${home}/.aws/credentials`, `${lines.join("\n")}\n`);
  return home;
}

describe.concurrent("a line that is indented below", () => {
  it.each([
    ["region = us-east-1", "ls"],
    [`role_arn = ${ROLE}\nsource_profile = q`, "ls"],
    [`role_arn = ${ROLE}\ncredential_source = Environment`, "ls"],
    ["services = s", "ls"],
    ["endpoint_url = http://127.0.0.1:9", "ls"],
    ["request_checksum_calculation = when_required", "ls"],
    ["ca_bundle = /none", "ls"],
    [`role_arn = ${ROLE}\nweb_identity_token_file = /none`, "ls"],
    [`role_arn = ${ROLE}\nweb_identity_token_file = /none\nrole_session_name = build`, "ls"],
    [`role_arn = ${ROLE}\ncredential_source = Environment\nrole_session_name = build`, "ls"],
    [`role_arn = ${ROLE}\ncredential_source = Environment\nexternal_id = build`, "ls"],
    ["region = us-east-1", "doctor"],
  ])("%j is named by its setting, and nothing of it is printed: %s", async (setting, verb) => {
    const name = /(\w+) = [^\n]*$/.exec(setting)?.[1] ?? "";
    const { code, stdout, stderr } = await runBuilt([verb, "--profile", "p"], {
      env: {
        HOME: indentedBelow(setting),
        AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9",
        ...(name === "endpoint_url" || name === "services"
          ? {}
          : { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9" }),
        ...(name === "region" ? {} : { AWS_REGION: "eu-west-1" }),
      },
    });
    expect(stdout + stderr).toContain(`${name} in ~/.aws/credentials, profile p holds a line break`);
    expectNothingOf(SECRET, stdout + stderr);
    expect(code).toBe(verb === "doctor" ? 1 : 253);
  });
});
