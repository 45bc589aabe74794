import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { dockerfileBlocks } from "../support/docker/dockerfile-blocks.js";
import { buildArgumentForm } from "../support/docker/example.js";
import { standInForTerraform } from "../support/docker/terraform.js";
import { engine } from "./suite.js";

/** The build-argument form, by its nature: docs/recipes/README.md says so. */
const ARGUMENT = ["SecretsUsedInArgOrEnv"];

const RECIPES = readdirSync("docs/recipes")
  .map((name) => join("docs/recipes", name, "Dockerfile"))
  .filter((file) => existsSync(file));

/** The rules of BuildKit that a Dockerfile breaks, as `docker build --check` says; a failure of the check itself throws. */
async function brokenRules(text: string): Promise<string[]> {
  using context = buildContext({ Dockerfile: text });
  const { code, output } = await engine.run(["buildx", "build", "--check", context.path]);
  const broken = [...output.matchAll(/^WARNING: (\w+)/gm)].map(([, rule]) => rule!);
  const isClean = /^Check complete, no warnings found\.$/m.test(output);
  if (isClean ? code !== 0 || broken.length > 0 : broken.length === 0) throw new Error(output);
  return broken;
}

describe("docker build --check", () => {
  beforeAll(() => standInForTerraform(engine));

  it.each(["Dockerfile.example", ...RECIPES])("%s", async (file) => {
    const isArgument = file.includes("codebuild-build-arg");
    expect(await brokenRules(readFileSync(file, "utf8"))).toEqual(isArgument ? ARGUMENT : []);
  });

  it("Dockerfile.example in the build-argument form", async () => {
    expect(await brokenRules(buildArgumentForm())).toEqual(ARGUMENT);
  });

  const blocks = dockerfileBlocks();

  it.each(blocks)("$place", async ({ text }) => {
    // A release's digest and image are not there to be asked for.
    const there = text
      .replace("sha256:SHA256", `sha256:${"0".repeat(64)}`)
      .replace(/ghcr\.io\S+/, "node:22-slim");
    const whole = /^FROM /m.test(there) ? there : `FROM node:22-slim\n${there}`;
    expect(await brokenRules(whole)).toEqual(/^ARG AWS_CONTAINER_/m.test(text) ? ARGUMENT : []);
  });

  it("finds the blocks, and what is wrong with one", async () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(await brokenRules("FROM node:22-slim as a\nMAINTAINER me\n")).toEqual([
      "FromAsCasing",
      "MaintainerDeprecated",
    ]);
    await expect(brokenRules("FROM node:22-slim\nRUNS x\n")).rejects.toThrow(/unknown instruction/);
  });
});
