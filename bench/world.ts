import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCredentialEndpoint } from "../test/support/credential-endpoint/credential-endpoint.js";
import type { Places } from "./cases.js";
import { FEW_KEYS, makeObjects, makeSyncedTree, objectChecksums, smallKeys } from "./data.js";
import { writeListing } from "./listing.js";
import { type Nginx, startNginx } from "./nginx.js";
import { type Sizes, SMALL_OBJECT } from "./sizes.js";

/** The server with its data, and where programs read and write. */
export interface World {
  readonly nginx: Nginx;
  readonly places: Omit<Places, "http" | "https">;
  close(): Promise<void>;
}

/** Makes everything that cases need in a folder, and starts the servers. */
export async function makeWorld(folder: string, sizes: Sizes): Promise<World> {
  const at = (name: string) => join(folder, name);
  for (const name of ["target", "nginx", "run"]) mkdirSync(at(name));
  const objects = at("objects/bench");
  makeObjects(objects, sizes);
  makeSyncedTree(at("local"), sizes);
  const listed = (prefix: string, keys: readonly string[], size: number) =>
    writeListing(at("listings"), prefix, keys, size);
  listed("small", smallKeys("small", sizes.small), SMALL_OBJECT);
  listed("few", FEW_KEYS, SMALL_OBJECT);
  listed("listed", smallKeys("listed", 1000), SMALL_OBJECT);
  listed("synced", smallKeys("synced", sizes.synced), 1);
  const nginx = await startNginx({
    folder: at("nginx"),
    objects: at("objects"),
    listings: at("listings"),
    checksums: objectChecksums(objects),
  });
  const endpoint = await startCredentialEndpoint();
  const places = {
    objects,
    synced: at("local"),
    target: at("target"),
    sink: at("nginx/bench/sink"),
    credentials: endpoint.uri,
  };
  return { nginx, places, close: async () => void (await Promise.all([nginx.close(), endpoint.close()])) };
}

/** Memory rather than a disk, so that the programs are measured. */
function memoryFolder(): string {
  try {
    readdirSync("/dev/shm");
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

/** Runs a benchmark in a folder of its own, which it removes. */
export async function inFolder(bench: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? memoryFolder(), "fetch-creds-bench-"));
  try {
    await bench(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
