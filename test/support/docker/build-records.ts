import type { Engine } from "./docker-engine.js";

/** What an engine keeps of a build, by name, and how buildx shows it. */
const SHOWN = {
  record: ["inspect", "--format", "json"],
  log: ["logs"],
  provenance: ["inspect", "attachment", "--type", "provenance"],
} as const;

/** Where in the engine's records of all its builds any of the needles stands. Empty: nowhere. */
export async function tracesInRecords(
  engine: Engine,
  needles: Readonly<Record<string, string>>,
): Promise<string[]> {
  const refs = (await engine.docker("buildx", "history", "ls", "--format", "{{.Ref}}")).trim().split("\n");
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
