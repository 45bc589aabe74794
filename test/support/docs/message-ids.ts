import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where failures and notices are made: nowhere else does src name one. */
export const MAKERS = /(failure|error-response|expectations|notices)[^/]*\.ts$/;

/** A literal in the place of an id: an argument, `id: "…"`, the first of a list, a branch, a member of a union. */
const ID = /(?<=[([?:|]\s*)"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"/g;

function sources(): string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
}

/** What stands above the bundle says it: an old Node reads nothing of src. */
export const OLD_NODE = "old-node";

/** The id of every failure, warning and note that src can make. */
export function messageIds(): string[] {
  const ids = sources()
    .filter((file) => MAKERS.test(file))
    .flatMap((file) => [...readFileSync(join("src", file), "utf8").matchAll(ID)].map(([, id = ""]) => id));
  return [...new Set([...ids, OLD_NODE])].sort();
}

/** Files that make a failure or a notice although they are none of the makers. */
export function strayMakers(): string[] {
  return sources()
    .filter((file) => !MAKERS.test(file))
    .filter((file) => /new Failure\(\s*["`]|new Notice\(/.test(readFileSync(join("src", file), "utf8")));
}

/** Files that write to stderr by themselves, not through those that take a Failure or a Notice. */
export function stderrWriters(): string[] {
  return sources().filter((file) => /stderr\.write\(/.test(readFileSync(join("src", file), "utf8")));
}
