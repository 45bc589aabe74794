/** Writes every page of docs that is made from the code: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { PAGES } from "./docs/pages.js";

for (const [path, make] of Object.entries(PAGES)) {
  writeFileSync(path, make());
  console.log(path);
}
