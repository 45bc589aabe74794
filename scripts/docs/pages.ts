import { housePicture } from "../pictures/house-picture.js";
import { differencesPage } from "./differences.js";
import { readmePage, securityPage } from "./readme.js";
import { reference } from "./reference.js";

/** What `npm run docs` writes, whole or in part, each with what makes its text. A test says when one is stale. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/reference.md": reference,
  "docs/differences.md": differencesPage,
  "docs/images/house.svg": () => housePicture("src"),
  "README.md": readmePage,
  "SECURITY.md": securityPage,
};
