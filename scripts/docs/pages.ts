import { benchPicture } from "../../bench/picture.js";
import { lastResults } from "../../bench/results.js";
import { housePicture } from "../pictures/house-picture.js";
import { differencesPage } from "./differences.js";
import { comparisonPage } from "./measured.js";
import { readmePage, securityPage } from "./readme.js";
import { reference } from "./reference.js";

const measured = lastResults();

/** What `npm run docs` writes, whole or in part, each with what makes its text. A test says when one is stale. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/reference.md": reference,
  "docs/differences.md": differencesPage,
  "docs/images/house.svg": () => housePicture("src"),
  "docs/comparison.md": comparisonPage,
  ...(measured && { "docs/images/bench.svg": () => benchPicture(measured) }),
  "README.md": readmePage,
  "SECURITY.md": securityPage,
};
