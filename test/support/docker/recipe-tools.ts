import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.js";

/** What runs or checks files of the recipes: CDK, and what knows the schemas of GitHub's and GitLab's files. */
const PACKAGES = [
  "aws-cdk-lib@2.276.0",
  "constructs@10.8.1",
  "@aws-cdk/cdk-assets-lib@1.5.0",
  "@action-validator/cli@0.6.0",
  "@action-validator/core@0.6.0",
  "gitlab-ci-local@4.61.1",
];
const TRIES = 3;

/** For the processes of a run: the folder, or nothing where npm's registry could not be asked. */
const VARIABLE = "FETCH_CREDS_RECIPE_TOOLS";

/** Kept between runs: they are 240 MB, and never a dependency of ours. */
const CACHE = "/var/cache/fetch-creds-tests";

/** Installs them, if they are not there yet, and tells all processes started from here where they are. Needs a network. */
export async function installRecipeTools(): Promise<void> {
  const name = createHash("sha256").update(PACKAGES.join()).digest("hex").slice(0, 12);
  const folder = join(CACHE, `recipe-tools-${name}`);
  const temporary = `${folder}.${process.pid}`;
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--no-save"];
  for (let attempt = 1; !existsSync(folder) && attempt <= TRIES; attempt++) {
    mkdirSync(temporary, { recursive: true });
    const installed = await command("npm", ["install", "--prefix", temporary, ...flags, ...PACKAGES]);
    if (installed.code === 0 && !existsSync(folder)) renameSync(temporary, folder);
    else console.log(installed.output);
    rmSync(temporary, { recursive: true, force: true });
  }
  process.env[VARIABLE] = existsSync(folder) ? folder : "";
}

/** The folder whose node_modules has them; undefined where they could not be installed. */
export function recipeTools(): string | undefined {
  return process.env[VARIABLE] || undefined;
}
