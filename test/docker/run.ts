/**
 * `npm run test:docker`: the docker suite inside a bed of its own. Everything runs in namespaces that end with it, and
 * everything is written below one temporary folder, which goes at the end (or, after a kill, at the next start).
 * Arguments go to vitest.
 */
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { startBed } from "../support/docker/bed.js";
import { inNamespaces, pass } from "../support/docker/in-namespaces.js";
import { installRecipeTools } from "../support/docker/recipe-tools.js";

async function outside(args: readonly string[]): Promise<number> {
  if (process.getuid?.() !== 0)
    throw new Error("The docker suite starts an engine of its own: it needs root.");
  // In there is no network.
  await installRecipeTools();
  return inNamespaces("fetch-creds-docker-", fileURLToPath(import.meta.url), ["--inside", ...args]);
}

async function inside(args: readonly string[]): Promise<number> {
  const started = Date.now();
  const bed = await startBed(tmpdir());
  // Without today's engine nothing can be said of it.
  const files = bed.description.root === undefined ? [OLD_ENGINE] : args;
  console.log(`engine, S3 server and endpoint are up after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  console.log(
    `Docker Engine ${(await bed.engine.docker("version", "--format", "{{.Server.Version}}")).trim()}`,
  );
  try {
    const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
    return await pass(process.execPath, [vitest, "run", "--project", "docker", ...files], bed.environment);
  } finally {
    await bed.close();
  }
}

/** What runs on Debian 12's engine. */
const OLD_ENGINE = "test/docker/old-engine.test.ts";

const [first, ...rest] = process.argv.slice(2);
process.exitCode = first === "--inside" ? await inside(rest) : await outside(process.argv.slice(2));
