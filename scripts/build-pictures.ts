/**
 * Second half of `npm run pictures`: draws real builds by a real Docker engine, in namespaces of their own. Where there
 * can be no such engine, the pictures stay as they are.
 */
import { fileURLToPath } from "node:url";
import { inNamespaces } from "../test/support/docker/in-namespaces.js";
import { forkyRoot } from "../test/support/forky/root.js";
import { drawBuilds } from "./pictures/builds.js";

/** Why no engine can be started here. */
async function obstacle(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "an engine of our own needs root";
  return (await forkyRoot()) === undefined
    ? "Debian's testing suite, which has the engine, is not here"
    : undefined;
}

async function outside(): Promise<number> {
  const reason = await obstacle();
  if (reason === undefined)
    return inNamespaces("fetch-creds-pictures-", fileURLToPath(import.meta.url), ["--inside"]);
  console.log(`verify.svg, failing-build.svg, build-plain.svg and build-tty.svg stay as they are: ${reason}`);
  return 0;
}

if (process.argv[2] === "--inside") await drawBuilds();
else process.exitCode = await outside();
