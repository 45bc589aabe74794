import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where failures are made: nowhere else does src name one. */
export const MAKERS = /(failure|error-answer|expectations)[^/]*\.ts$/;

/** A literal in the place of an id: an argument, `id: "…"`, the first of a list, a branch, a member of a union. */
const ID = /(?<=[([?:|]\s*)"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"/g;

/** The id of every failure that src can make. */
export function failureIds(): string[] {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => MAKERS.test(file));
  const ids = files.flatMap((file) =>
    [...readFileSync(join("src", file), "utf8").matchAll(ID)].map(([, id = ""]) => id),
  );
  return [...new Set(ids)].sort();
}

/** Files that make a failure of a literal id although they are none of the makers. */
export function strayMakers(): string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !MAKERS.test(file))
    .filter((file) => /new Failure\(\s*["`]/.test(readFileSync(join("src", file), "utf8")));
}
