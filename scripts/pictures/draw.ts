import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Row, textOf } from "./screen.js";
import { terminalPicture } from "./terminal-picture.js";

/** Where the pictures of the documentation are. */
export const IMAGES = "docs/images";

/** Draws rows as `docs/images/NAME.svg`, and shows them to whoever draws. */
export function draw(name: string, title: string, rows: readonly Row[]): void {
  mkdirSync(IMAGES, { recursive: true });
  writeFileSync(join(IMAGES, `${name}.svg`), terminalPicture(title, rows));
  console.log(`\n${name}.svg\n${textOf(rows)}`);
}
