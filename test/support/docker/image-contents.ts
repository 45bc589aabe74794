import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.js";
import type { Engine } from "./docker-engine.js";

/** The regular files below a folder, by relative path. */
function filesBelow(folder: string): Record<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name))]));
}

/** The files below `path` in an image. */
export async function filesInImage(
  engine: Engine,
  image: string,
  path: string,
): Promise<Record<string, Buffer>> {
  using folder = temporaryFolder();
  const container = (await engine.docker("create", image, "none")).trim();
  try {
    await engine.docker("cp", `${container}:${path}`, folder.at("files"));
  } finally {
    await engine.docker("rm", container);
  }
  return filesBelow(folder.at("files"));
}

/** One file of an image. */
export async function fileInImage(engine: Engine, image: string, path: string): Promise<Buffer> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const file = (await filesInImage(engine, image, folder))[path.slice(folder.length + 1)];
  if (file === undefined) throw new Error(`${image} has no ${path}`);
  return file;
}

type Needles = Readonly<Record<string, string>>;

/** The names of the needles that stand in a stream, also where one lies across two chunks. */
async function foundIn(stream: AsyncIterable<Buffer>, needles: Needles): Promise<Set<string>> {
  const overlap = Math.max(...Object.values(needles).map((needle) => Buffer.byteLength(needle))) - 1;
  const found = new Set<string>();
  let tail = Buffer.alloc(0);
  for await (const chunk of stream) {
    const window = Buffer.concat([tail, chunk]);
    for (const [name, needle] of Object.entries(needles)) if (window.includes(needle)) found.add(name);
    tail = window.subarray(Math.max(0, window.length - overlap));
  }
  return found;
}

/**
 * Where in an image any of the needles stands: in `docker history`, in the configuration, or in `docker save`, which
 * has every layer as an uncompressed archive. Empty: nowhere.
 */
export async function tracesInImage(engine: Engine, image: string, needles: Needles): Promise<string[]> {
  const history = await engine.docker("history", "--no-trunc", image);
  const configuration = await engine.docker("image", "inspect", image);
  const saved = await foundIn(engine.saved(image), needles);
  return Object.entries(needles).flatMap(([name, needle]) => [
    ...(history.includes(needle) ? [`${name} in the history`] : []),
    ...(configuration.includes(needle) ? [`${name} in the configuration`] : []),
    ...(saved.has(name) ? [`${name} in docker save`] : []),
  ]);
}
