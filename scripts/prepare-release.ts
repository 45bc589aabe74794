/**
 * `npm run release:prepare`: gives what CHANGELOG.md has under [Unreleased] the version of package.json, today's date and
 * the sha256 of what is built, and writes the pages that name them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { PAGES } from "./docs/pages.js";
import { dated } from "./release/changelog.js";
import { sha256 } from "./release/sha256.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const digest = sha256(readFileSync("dist/fetch-creds.js"));
const date = new Date().toISOString().slice(0, 10);
const changelog = readFileSync("CHANGELOG.md", "utf8");
writeFileSync("CHANGELOG.md", dated(changelog, { version, date, digest }));
for (const [path, make] of Object.entries(PAGES)) writeFileSync(path, make());
console.log(`CHANGELOG.md has ${version}, ${date}, ${digest}`);
