import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type RunOptions, type RunResult, runBuilt } from "./run-built.js";
import { type S3Server, type S3ServerOptions, startS3Server } from "./s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.js";

export interface World {
  readonly server: S3Server;
  readonly folder: TemporaryFolder;
  /** Runs the built file in the folder, with keys that the server knows. */
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** A bucket of its own for one test. */
  bucket(objects?: Readonly<Record<string, string>>): string;
  /** A folder of its own for one test; absolute path. */
  place(files?: Readonly<Record<string, string>>): string;
}

/** One server for all tests of a file. */
export function builtWorld(options: S3ServerOptions = {}): World {
  let server: S3Server | undefined;
  let folder: TemporaryFolder | undefined;
  let count = 0;
  beforeAll(async () => {
    server = await startS3Server(options);
    folder = temporaryFolder();
  });
  afterAll(async () => {
    await server?.close();
    folder?.remove();
  });
  const world: World = {
    get server() {
      return server!;
    },
    get folder() {
      return folder!;
    },
    run: (args, { env, ...rest } = {}) =>
      runBuilt(quieted(args), {
        cwd: world.folder.path,
        env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url, TZ: "UTC", ...env },
        ...rest,
      }),
    bucket(objects = {}) {
      const name = `bucket-${++count}`;
      world.server.createBucket(name);
      for (const [key, body] of Object.entries(objects)) world.server.put(name, key, body);
      return name;
    },
    place(files = {}) {
      const path = world.folder.at(`place-${++count}`);
      mkdirSync(path);
      for (const [name, body] of Object.entries(files)) {
        mkdirSync(dirname(`${path}/${name}`), { recursive: true });
        writeFileSync(`${path}/${name}`, body);
      }
      return path;
    },
  };
  return world;
}

/** On a busy machine a copy may take long enough for a line of progress. */
function quieted(args: readonly string[]): readonly string[] {
  return args[0] === "cp" || args[0] === "sync" ? [...args, "--no-progress"] : args;
}

/** Every file below a folder with its content; links as `-> TARGET`, so that nothing is followed. */
export function filesOf(path: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const full = `${entry.parentPath}/${entry.name}`;
    if (lstatSync(full).isFile()) found[full.slice(path.length + 1)] = readFileSync(full, "utf8");
  }
  return Object.fromEntries(Object.entries(found).sort());
}

/** Every object of a bucket with its content. */
export function objectsOf(world: World, bucket: string): Record<string, string> {
  const keys = world.server.bucket(bucket).keys();
  return Object.fromEntries(
    keys.flatMap((key) => {
      const object = world.server.object(bucket, key);
      return object === undefined ? [] : [[key, object.body.toString()]];
    }),
  );
}

/** Lines without order: transfers end as they end. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
