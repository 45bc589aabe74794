/**
 * `npm run audit:bundled`: known vulnerabilities in the packages whose code is in fetch-creds.js; exit 1 when there is
 * one. A registry without an audit service is an error with `--strict`, else a line that says so.
 */
import { spawnSync } from "node:child_process";
import { bundledPackages } from "./release/bundled-packages.js";

interface Vulnerability {
  readonly severity: string;
  readonly range: string;
}

const packages = await bundledPackages();
const { stdout } = spawnSync("npm", ["audit", "--json"], { encoding: "utf8" });
const { vulnerabilities, message } = JSON.parse(stdout || "{}");

if (vulnerabilities === undefined) {
  console.log(`skipped: the registry has no audit service (${message ?? "no response"})`);
  process.exitCode = process.argv.includes("--strict") ? 1 : 0;
} else {
  const found = packages.flatMap(({ name, version }) => {
    const known: Vulnerability | undefined = vulnerabilities[name];
    return known === undefined ? [] : [`${name} ${version}: ${known.severity}, ${known.range}`];
  });
  console.log(
    [`${packages.length} bundled packages, ${found.length} with known vulnerabilities`, ...found].join("\n"),
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}
