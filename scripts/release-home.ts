/**
 * `npm run release:home -- OWNER/NAME`: exits 1 unless package.json names this repository as the project's home. Without
 * a name it only says where the home is.
 */
import { readFileSync } from "node:fs";
import { checkHome, homeOf } from "./release/home.js";

const [repository] = process.argv.slice(2);
try {
  const home = homeOf(JSON.parse(readFileSync("package.json", "utf8")));
  if (repository !== undefined) checkHome(home, repository);
  const placeholder = "still the placeholder: the workflow refuses to release it";
  console.log(`Home: ${home.address}${home.isPlaceholder ? `, ${placeholder}` : ""}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
