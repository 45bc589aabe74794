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
    ["a secret with one key alone", { secrets: { AWS_SESSION_TOKEN: "x" } }, /AWS_SESSION_TOKEN is mounted/],
    [
      "secrets with single keys",
      { secrets: { AWS_ACCESS_KEY_ID: "AKIA" } },
      /secrets with single keys are not read/,
    ],
    ["web identity", { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/x" } }, /web identity is not used here/],
    [
      "keys in the environment",
      { env: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s" } },
      /keys in the environment serve cp, sync and ls/,
    ],
    [
      "half a pair of keys in the environment",
      { env: { AWS_ACCESS_KEY_ID: "AKIA" } },
      /without AWS_SECRET_ACCESS_KEY: no command takes one/,
    ],
    ["a profile", { profile: "x" }, /--profile alone serves cp, sync and ls/],
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

  it("says that a config file is there", () => {
    const path = folder.at("config");
    writeFileSync(path, "[default]\n");
    expect(hintOf({ env: { AWS_CONFIG_FILE: path } }).join("\n")).toContain(`${path} is there, and no keys`);
  });

  it("says that a credentials file is there", () => {
    mkdirSync(folder.at(".aws"), { recursive: true });
    writeFileSync(folder.at(".aws", "credentials"), "[other]\n");
    const env = { HOME: folder.path };
    expect(hintOf({ env }).join("\n")).toContain(`--credentials-file ${folder.at(".aws", "credentials")}`);
    expect(hintOf({ env }, "s3").join("\n")).toContain("has no profile default");
    // cp, sync and ls would not take it.
    expect(hintOf({ env }).join("\n")).toContain("has no keys for the profile default");
    expect(hintOf({ env }).join("\n")).not.toContain("serves cp");
    writeFileSync(
      folder.at(".aws", "credentials"),
      "[default]\naws_access_key_id = A\naws_secret_access_key = s\n",
    );
    expect(hintOf({ env }).join("\n")).toContain("serves cp, sync and ls");
  });
});
