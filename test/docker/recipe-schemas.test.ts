import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CommandResult, command, succeed } from "../support/docker/command.js";
import { recipeTools } from "../support/docker/recipe-tools.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const GITHUB = "docs/recipes/github-actions/workflow.yml";
const GITLAB = "docs/recipes/gitlab-ci/.gitlab-ci.yml";

const tool = (name: string) => join(recipeTools()!, "node_modules/.bin", name);

/** Whether GitHub's schema takes the workflow. */
function github(file: string): Promise<CommandResult> {
  return command(process.execPath, [tool("action-validator"), file]);
}

/** Whether GitLab's schema takes the file, as the `.gitlab-ci.yml` of a repository. */
async function gitlab(file: string): Promise<CommandResult> {
  using folder = temporaryFolder();
  const env = { HOME: folder.path, GIT_CONFIG_GLOBAL: "/dev/null" };
  await succeed("git", ["init", "--quiet", folder.path], { env });
  copyFileSync(file, folder.at(".gitlab-ci.yml"));
  return await command(process.execPath, [tool("gitlab-ci-local"), "--list"], { cwd: folder.path, env });
}

describe.skipIf(recipeTools() === undefined)("the schema", () => {
  it.each([
    ["GitHub", GITHUB, github, "runs-on:"],
    ["GitLab", GITLAB, gitlab, "id_tokens:"],
  ] as const)("of %s takes %s, and not one with a misspelled key", async (_, file, check, key) => {
    const whole = await check(file);
    expect(whole.code, whole.output).toBe(0);
    using folder = temporaryFolder();
    const misspelled = readFileSync(file, "utf8").replace(key, `x${key}`);
    writeFileSync(folder.at("misspelled.yml"), misspelled);
    const refused = await check(folder.at("misspelled.yml"));
    expect(refused.code, refused.output).not.toBe(0);
    expect(refused.output).toContain(key.replace(":", ""));
  });
});

it("each action of the workflow is pinned by a commit id, with its release behind it", () => {
  const uses = readFileSync(GITHUB, "utf8").match(/uses: .*/g) ?? [];
  expect(uses.length).toBe(2);
  for (const line of uses) expect(line).toMatch(/^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
