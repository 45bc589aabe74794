import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { noSource } from "../../../src/credentials/no-source-failure.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());
const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

let count = 0;
function hintOf(
  {
    env = {},
    secrets = {},
    scriptPath = "/fetch-creds.js",
    profile,
  }: {
    env?: Record<string, string>;
    secrets?: Record<string, string>;
    scriptPath?: string;
    profile?: string;
  },
  purpose: "role" | "s3" = "role",
): string[] {
  const secretsFolder = folder.at(`secrets-${++count}`);
  mkdirSync(secretsFolder);
  for (const [name, text] of Object.entries(secrets)) writeFileSync(`${secretsFolder}/${name}`, text);
  return (noSource(purpose, { env, secretsFolder, scriptPath }, profile).hint ?? "").split("\n");
}

describe("no source", () => {
  it("tells commands that can be pasted as they stand, with the path that the file runs from", () => {
    const lines = hintOf({ scriptPath: "/opt/tools/fetch-creds.js" });
    expect(lines).toContain(`docker build --secret id=${RELATIVE},env=${RELATIVE} .`);
    expect(lines).toContain(`docker build --build-arg ${RELATIVE} .`);
    expect(lines[1]).toMatch(
      new RegExp(`RUN --mount=type=secret,id=${RELATIVE} node /opt/tools/fetch-creds\\.js$`),
    );
    expect(lines.join(" ")).toMatch(
      /outside CodeBuild and ECS pass keys \(docker build --secret id=aws-credentials,src=FILE \.\); node \/opt\/tools\/fetch-creds\.js doctor looks/,
    );
    expect(hintOf({ scriptPath: "/a b/$(x).js" }).join("\n")).not.toContain("$(x)");
  });

  it.each<[string, Parameters<typeof hintOf>[0], RegExp]>([
    [
      "an empty secret",
      { secrets: { [RELATIVE]: "" } },
      /secret AWS_CONTAINER_\w+ is mounted, but empty.*not set where docker build ran/,
    ],
    ["an empty secret of one line ending", { secrets: { [RELATIVE]: "\r\n" } }, /mounted, but empty/],
    [
      "an empty file of keys",
      { secrets: { "aws-credentials": "" } },
      /secret aws-credentials is mounted, but empty/,
    ],
    [
      "a secret of another name",
      { secrets: { aws: "[default]" } },
      /not read: aws; a file of keys is read as id=aws-credentials/,
    ],
    [
      "a secret with one key alone",
      { secrets: { AWS_SESSION_TOKEN: "token" } },
      /AWS_SESSION_TOKEN is there, without/,
    ],
    [
      "secrets with single keys",
      { secrets: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" } },
      /cp, sync and ls take keys from variables and secrets/,
    ],
    ["web identity", { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/x" } }, /--web-identity uses it/],
    [
      "web identity in a secret",
      { secrets: { AWS_WEB_IDENTITY_TOKEN_FILE: "/token" } },
      /--web-identity uses it/,
    ],
    [
      "keys in the environment",
      { env: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s" } },
      /here they come from --credentials-file/,
    ],
    [
      "half a pair of keys in the environment",
      { env: { AWS_ACCESS_KEY_ID: "AKIA" } },
      /without AWS_SECRET_ACCESS_KEY: no command takes one/,
    ],
    ["a profile", { profile: "x" }, /the profile x has no credentials of its own/],
  ])("says that %s is there and not used", (_, world, line) => {
    expect(hintOf(world).join("\n")).toMatch(line);
    expect(hintOf({}).join("\n")).not.toMatch(line);
  });

  it("does not tell who has passed an empty secret to pass it", () => {
    const lines = hintOf({ secrets: { [RELATIVE]: "" } });
    expect(lines[0]).toMatch(/is mounted, but empty/);
    expect(lines.join("\n")).not.toContain(`--secret id=${RELATIVE}`);
    expect(lines[1]).toContain("docker build --secret id=aws-credentials,src=FILE .");
  });

  it("says which profiles there are", () => {
    mkdirSync(folder.at(".aws"), { recursive: true });
    writeFileSync(folder.at(".aws", "credentials"), "[other]\n");
    writeFileSync(folder.at(".aws", "config"), "[profile deploy]\n");
    const env = { HOME: folder.path };
    expect(hintOf({ env }).join("\n")).toContain("--profile chooses one of deploy, other");
    expect(hintOf({ env }, "s3").join("\n")).toContain("the profile default has no credentials: --profile");
    writeFileSync(folder.at(".aws", "config"), "nonsense\n");
    expect(hintOf({ env }).join("\n")).not.toContain("--profile");
  });
});
