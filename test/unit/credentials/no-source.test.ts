import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { noSource } from "../../../src/credentials/failures.js";
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
    expect(lines.join(" ")).toMatch(/outside CodeBuild and ECS.*id=aws-credentials.*doctor looks/);
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
      "secrets with single keys",
      { secrets: { AWS_ACCESS_KEY_ID: "AKIA" } },
      /secrets with single keys are not read/,
    ],
    ["web identity", { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/x" } }, /web identity is not used here/],
    [
      "keys in the environment",
      { env: { AWS_ACCESS_KEY_ID: "AKIA" } },
      /keys in the environment serve cp, sync and ls/,
    ],
    ["a profile", { profile: "x" }, /--profile alone serves cp, sync and ls/],
  ])("says that %s is there and not used", (_, world, line) => {
    expect(hintOf(world).slice(4).join("\n")).toMatch(line);
    expect(hintOf({}).slice(4).join("\n")).not.toMatch(line);
  });

  it("says that a credentials file is there", () => {
    mkdirSync(folder.at(".aws"), { recursive: true });
    writeFileSync(folder.at(".aws", "credentials"), "[other]\n");
    const env = { HOME: folder.path };
    expect(hintOf({ env }).join("\n")).toContain(`--credentials-file ${folder.at(".aws", "credentials")}`);
    expect(hintOf({ env }, "s3").join("\n")).toContain("has no profile default");
  });
});
