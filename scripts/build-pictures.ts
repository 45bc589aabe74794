/**
 * Second half of `npm run pictures`: draws real builds by a real Docker engine, in namespaces of their own. Where there
 * can be no such engine, the pictures stay as they are.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DOCKER, DOCKERD } from "../test/support/docker/docker-engine.js";
import { inNamespaces } from "../test/support/docker/in-namespaces.js";
import { drawBuilds } from "./pictures/builds.js";

/** Why no engine can be started here. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "an engine of our own needs root";
  const missing = [DOCKER, DOCKERD].filter((file) => !existsSync(file));
  return missing.length === 0 ? undefined : `${missing.join(" and ")} missing (Debian: docker.io)`;
}

async function outside(): Promise<number> {
  const reason = obstacle();
  if (reason === undefined)
    return inNamespaces("fetch-creds-pictures-", fileURLToPath(import.meta.url), ["--inside"]);
  console.log(`failing-build.svg, build-plain.svg and build-tty.svg stay as they are: ${reason}`);
  return 0;
}

if (process.argv[2] === "--inside") await drawBuilds();
else process.exitCode = await outside();
