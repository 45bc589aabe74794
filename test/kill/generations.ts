import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Names of the files that are copied again and again, and their sizes in bytes. */
export const SIZES: ReadonlyMap<string, number> = new Map([
  ["large.bin", 9 * 1024 ** 2],
  ...Array.from({ length: 240 }, (_, index): [string, number] => [`small-${index}`, 2_000 + index]),
]);

/**
 * What a file holds in a generation: its name and number over and over, so that a part of another generation shows; a
 * byte longer each time, so that sync sees that it is another.
 */
export function contentOf(name: string, generation: number): Buffer {
  const size = (SIZES.get(name) ?? 0) + generation;
  return Buffer.alloc(size, `generation ${generation} of ${name};`);
}

/** The generation that a content is wholly of; undefined for a mixture or a piece. */
export function generationOf(name: string, content: Buffer): number | undefined {
  const generation = Number(/^generation (\d+) of /.exec(content.toString("latin1", 0, 40))?.[1]);
  return content.equals(contentOf(name, generation)) ? generation : undefined;
}

/** Files of ours that are still in the making. */
export function temporaryFiles(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".fetch-creds")) : [];
}

/** Each file of a folder under its final name, with its generation. */
export function generationsIn(folder: string): Map<string, number | undefined> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => !name.endsWith(".fetch-creds"));
  return new Map(names.map((name) => [name, generationOf(name, readFileSync(join(folder, name)))]));
}

/** Writes a generation of all files. */
export function writeGeneration(folder: string, generation: number): void {
  for (const name of SIZES.keys()) writeFileSync(join(folder, name), contentOf(name, generation));
}
