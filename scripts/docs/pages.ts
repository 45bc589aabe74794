import { housePicture } from "../pictures/house-picture.js";
import { differencesPage } from "./differences.js";
import { reference } from "./reference.js";

/** The pages and the picture that `npm run docs` writes, each with what makes its text. A test says when one is stale. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/reference.md": reference,
  "docs/differences.md": differencesPage,
  "docs/images/house.svg": () => housePicture("src"),
};
