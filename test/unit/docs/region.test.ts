import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../../support/docker/dockerfile.js";

const FILES = [
  "Dockerfile.example",
  ...readdirSync("docs/recipes")
    .map((name) => join("docs/recipes", name, "Dockerfile"))
    .filter((file) => existsSync(file)),
];

/** The stages of a Dockerfile, each with its instructions from FROM on. */
function stagesOf(text: string): { name: string; rest: string }[][] {
  const stages: { name: string; rest: string }[][] = [];
  for (const one of parseDockerfile(text)) {
    if (one.name === "FROM") stages.push([]);
    stages.at(-1)?.push(one);
  }
  return stages;
}

/** What fetches, or runs a program that does. */
const FETCHES = /fetch-creds\.js|terraform/;

describe("the region reaches every stage that fetches", () => {
  it.each(FILES)("%s", (file) => {
    for (const stage of stagesOf(readFileSync(file, "utf8"))) {
      const run = stage.findIndex(({ name, rest }) => name === "RUN" && FETCHES.test(rest));
      if (run < 0) continue;
      const args = stage.flatMap(({ name, rest }, at) =>
        name === "ARG" && rest === "AWS_REGION" ? [at] : [],
      );
      expect(args).toHaveLength(1);
      expect(args[0]).toBeLessThan(run);
    }
  });

  it("as a build argument in every command that builds", () => {
    const commands = [
      "README.md",
      "Dockerfile.example",
      ...readdirSync("docs/recipes", { recursive: true, encoding: "utf8" })
        .filter((name) => /buildspec\.yml|build\.sh|workflow\.yml|gitlab-ci\.yml$/.test(name))
        .map((name) => join("docs/recipes", name))
        // CDK builds by itself, with the region from its app; npm wants none.
        .filter((name) => !/\/(cdk|codeartifact)\//.test(name)),
    ];
    for (const file of commands) expect(readFileSync(file, "utf8"), file).toContain("--build-arg AWS_REGION");
    expect(commands.length).toBeGreaterThan(5);
  });
});
