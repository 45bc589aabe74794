import { writeFileSync } from "node:fs";
import { differencesPage } from "./differences-page.js";

/** Writes docs/differences.md anew from the parity table: `tsx scripts/differences.ts`. */
writeFileSync("docs/differences.md", differencesPage());
