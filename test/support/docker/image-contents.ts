import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.js";
import { succeed } from "./command.js";
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

/**
 * Where in an image any of the needles stands: in `docker history`, in the configuration, or in any file of
 * `docker save`, which has every layer as an uncompressed archive. Empty: nowhere.
 */
export async function tracesInImage(
  engine: Engine,
  image: string,
  needles: Readonly<Record<string, string>>,
): Promise<string[]> {
  using folder = temporaryFolder();
  const places: Record<string, Buffer> = {
    history: Buffer.from(await engine.docker("history", "--no-trunc", image)),
    configuration: Buffer.from(await engine.docker("image", "inspect", image)),
  };
  await engine.docker("save", "--output", folder.at("image.tar"), image);
  await succeed("tar", ["-C", folder.path, "-xf", folder.at("image.tar")]);
  for (const [name, bytes] of Object.entries(filesBelow(folder.path))) places[`save: ${name}`] = bytes;
  return Object.entries(places).flatMap(([place, bytes]) =>
    Object.entries(needles)
      .filter(([, needle]) => bytes.includes(needle))
      .map(([name]) => `${name} in ${place}`),
  );
}
