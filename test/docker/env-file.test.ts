import { expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { succeed } from "../support/docker/command.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { description, engine } from "./suite.js";

it("docker run --env-file takes what export --format env-no-export writes", async () => {
  using folder = temporaryFolder();
  const file = folder.at("keys.env");
  const args = ["export", "--format", "env-no-export", "--uri", description.relativeUri, "--output", file];
  await succeed(process.execPath, [BUILT_FILE, ...args], { env: { AWS_REGION: "us-east-1" } });
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"];
  const seen = await engine.docker("run", "--rm", "--env-file", file, "node:22-slim", "printenv", ...names);
  const { accessKeyId, secretAccessKey, sessionToken } = description.roleKeys;
  expect(seen).toBe(`${[accessKeyId, secretAccessKey, sessionToken, "us-east-1"].join("\n")}\n`);
});
