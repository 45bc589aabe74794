import type { Engine } from "./docker-engine.js";

/** What an engine keeps of a build, by name, and how buildx shows it. */
const SHOWN = {
  record: ["inspect", "--format", "json"],
  log: ["logs"],
  provenance: ["inspect", "attachment", "--type", "provenance"],
} as const;

/** By what the engine's records of its builds are named, from the newest on. */
export async function buildRecords(engine: Engine): Promise<string[]> {
  const listed = await engine.docker("buildx", "history", "ls", "--format", "{{.Ref}}");
  return listed.split("\n").filter((ref) => ref !== "");
}

/** Where in records of the engine's builds, by default all, any of the needles stands. Empty: nowhere. */
export async function tracesInRecords(
  engine: Engine,
  needles: Readonly<Record<string, string>>,
  records?: readonly string[],
): Promise<string[]> {
  const refs = records ?? (await buildRecords(engine));
  if (refs.length === 0) throw new Error("The engine has no record of a build.");
  const found = new Set<string>();
  for (const ref of refs) {
    for (const [place, words] of Object.entries(SHOWN)) {
      const { output } = await engine.run(["buildx", "history", ...words, ref]);
      for (const [name, needle] of Object.entries(needles))
        if (output.includes(needle)) found.add(`${name} in the ${place}`);
    }
  }
  return [...found];
}
