import { readFileSync } from "node:fs";
import { changelogEntries } from "../release/changelog.js";
import { homeOf } from "../release/home.js";
import { getItSection, type Offer } from "./get-it.js";
import { withSpeed } from "./measured.js";

const SECTION = /(?<=^## Get it\n)[\s\S]*?(?=^## )/m;
const MADE = "<!-- Made by npm run docs from package.json and CHANGELOG.md. Changes here are lost. -->";

/** The README with its lines on where to get the file. */
export function withGetIt(readme: string, offer: Offer): string {
  if (!SECTION.test(readme)) throw new Error("README.md has no section 'Get it'");
  return readme.replace(SECTION, () => `\n${MADE}\n\n${getItSection(offer)}\n\n`);
}

/** The version that package.json has; with its bytes when CHANGELOG.md knows them. */
export function currentOffer(): Offer {
  const packageJson = JSON.parse(readFileSync("package.json", "utf8"));
  const { version } = packageJson;
  const entries = changelogEntries(readFileSync("CHANGELOG.md", "utf8"));
  const digest = entries.find((entry) => entry.version === version)?.digest;
  return { home: homeOf(packageJson), version, digest };
}

/** README.md as it has to be. */
export function readmePage(): string {
  return withSpeed(withGetIt(readFileSync("README.md", "utf8"), currentOffer()));
}

/** SECURITY.md as it has to be: with the repository that attests the file. */
export function securityPage(): string {
  const { repository } = currentOffer().home;
  return readFileSync("SECURITY.md", "utf8").replace(
    /(?<=^gh attestation verify fetch-creds\.js --repo )\S+/m,
    () => repository,
  );
}
