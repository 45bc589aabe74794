import fs, { existsSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyOptions } from "../../../src/commands/options/copy-options.js";
import { syncVerb } from "../../../src/commands/sync.js";
import { NO_PROGRESS } from "../../../src/output/progress.js";
import { RunningScript } from "../../../src/paths/running-script.js";
import { parseRoute } from "../../../src/s3/locations/location.js";
import { Report } from "../../../src/s3/plan/report.js";
import { sync } from "../../../src/s3/plan/sync.js";
import { TransferQueue } from "../../../src/s3/plan/transfer-queue.js";
import type { ListPage, Store } from "../../../src/s3/store.js";
import { parsed } from "../../support/parsed.js";
import { Share } from "../../support/share.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

/** What the system says of a folder; where one is gone, it holds nothing. */
const CODES = ["EACCES", "EIO", "ESTALE", "ENOTDIR", "ENOENT"] as const;

interface Fault {
  readonly folder: string;
  readonly call: "open" | "read";
  readonly code: (typeof CODES)[number];
}

/** One trouble at most of S3's: a listing that ends early, or that is in doubt; a transfer that fails. */
type Trouble = "none" | "listing fails" | "listing in doubt" | "transfer fails";

/** No file has the name of a folder: that is a transfer that fails, as one of the troubles is. */
const names = fc.uniqueArray(
  fc
    .tuple(fc.array(fc.constantFrom("a", "b", "a-"), { maxLength: 2 }), fc.constantFrom("f", "g"))
    .map(([folders, file]) => [...folders, file].join("/")),
  { minLength: 3, maxLength: 7 },
);

/** The folders of a tree: the root by the empty name. */
function foldersOf(all: readonly string[]): string[] {
  const above = (name: string): string[] => {
    const folder = name.slice(0, Math.max(0, name.lastIndexOf("/")));
    return folder === "" ? [""] : [folder, ...above(folder)];
  };
  return [...new Set(all.flatMap(above))];
}

const fault = fc.record({
  folder: fc.nat({ max: 100 }),
  call: fc.constantFrom("open" as const, "read" as const),
  code: fc.constantFrom(...CODES),
});

const worlds = fc
  .record({
    local: names,
    // Some of them are on both sides.
    remote: names,
    faults: fc.oneof(fc.array(fault, { maxLength: 0 }), fc.array(fault, { minLength: 1, maxLength: 2 })),
    trouble: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Trouble>("none") },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Trouble>("listing fails", "listing in doubt", "transfer fails"),
      },
    ),
  })
  .map(({ faults, ...world }) => {
    const folders = foldersOf(world.local);
    const strike = (one: { folder: number }) => folders[one.folder % folders.length] ?? "";
    return { ...world, faults: faults.map((one): Fault => ({ ...one, folder: strike(one) })) };
  });

type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

/** Where a path leads, which may begin with a folder that is open; the root's ends in a slash. */
function placeOf(path: string, root: string): string {
  const [, open, rest = ""] = /^(\/proc\/self\/fd\/\d+)(\/.*)?$/.exec(path) ?? [];
  const real = open === undefined ? path : readlinkSync(open) + rest;
  return real === root ? `${root}/` : real;
}

/** Folders that cannot be opened or read. @returns how often that struck, by the folder's name */
async function withFaults(root: string, faults: readonly Fault[], action: () => Promise<void>) {
  const struck = new Map<string, string>();
  const { openSync, readdirSync } = fs;
  const strike = (call: Fault["call"], path: unknown) => {
    const fault = faults.find(
      (one) => one.call === call && placeOf(String(path), root) === `${root}/${one.folder}`,
    );
    if (fault === undefined) return;
    struck.set(fault.folder, fault.code);
    throw Object.assign(new Error(fault.code), { code: fault.code, syscall: call, errno: -5 });
  };
  Object.assign(fs, {
    openSync: (...args: Parameters<typeof openSync>) => {
      strike("open", args[0]);
      return openSync(...args);
    },
    readdirSync: (...args: Parameters<typeof readdirSync>) => {
      strike("read", args[0]);
      return readdirSync(...args);
    },
  });
  syncBuiltinESMExports();
  try {
    await action();
  } finally {
    Object.assign(fs, { openSync, readdirSync });
    syncBuiltinESMExports();
  }
  return struck;
}

/** What sync needs of a store, with the objects of a world below `p/`. */
function storeOf({ remote, trouble }: World, root: string, removed: string[]): Store {
  const transfer = async () => {
    if (trouble === "transfer fails") throw new Error("no transfer today");
  };
  async function* list(): AsyncGenerator<ListPage> {
    const keys = remote.map((name) => `p/${name}`).sort();
    const doubt = trouble === "listing in doubt" ? { doubt: "the listing may lack some" } : {};
    for (const key of keys) yield { objects: [{ key, size: 1, lastModified: 0 }], prefixes: [], ...doubt };
    if (trouble === "listing fails") throw new Error("no listing today");
  }
  return {
    isAmazon: false,
    list,
    upload: transfer,
    async download({ key }: { key: string }) {
      await transfer();
      const path = `${root}/${key.slice(2)}`;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "x");
      return { size: 1, timeRefused: undefined };
    },
    remove: async ({ key }: { key: string }) => void removed.push(key.slice(2)),
  } as unknown as Store;
}

/** Syncs a world in one direction, with --delete. */
async function syncWorld(world: World, direction: "up" | "down") {
  using folder = temporaryFolder();
  const root = folder.at("tree");
  mkdirSync(root);
  for (const name of world.local) {
    mkdirSync(dirname(`${root}/${name}`), { recursive: true });
    writeFileSync(`${root}/${name}`, "x");
  }
  const removed: string[] = [];
  const operands = direction === "up" ? [root, "s3://b/p"] : ["s3://b/p", root];
  const route = parseRoute(operands[0] ?? "", operands[1] ?? "", true);
  const failed: string[] = [];
  const work = {
    store: storeOf(world, root, removed),
    report: new Report(
      {
        say: (event) => void (event.event === "failed" && failed.push(event.transfer.operation)),
        flush: () => undefined,
      },
      NO_PROGRESS,
    ),
    queue: new TransferQueue(),
    options: copyOptions(parsed(syncVerb, operands), route),
    workingFolder: folder.path,
    local: { uid: process.getuid?.(), idleFolders: 64, script: new RunningScript("/nonexistent") },
  };
  let thrown: unknown;
  const struck = await withFaults(root, world.faults, () =>
    sync(work, { route, delete: true, sizeOnly: false, exactTimestamps: false }).catch((error: unknown) => {
      thrown = error;
    }),
  );
  if (direction === "down") removed.push(...world.local.filter((name) => !existsSync(`${root}/${name}`)));
  return { removed: removed.sort(), thrown, struck, failed };
}

const isBelow = (name: string, folder: string) => folder === "" || name.startsWith(`${folder}/`);

describe("sync --delete, whatever folders cannot be read", () => {
  it.each(["up", "down"] as const)(
    "%s: deletes all that the source has not, or nothing where something is not known",
    async (direction) => {
      const complete = new Share();
      let strikes = 0;
      await fc.assert(
        fc.asyncProperty(worlds, async (world) => {
          const { removed, thrown, struck, failed } = await syncWorld(world, direction);
          strikes += struck.size;
          const unread = [...struck].filter(([folder, code]) => code !== "ENOENT" || folder === "");
          const isKnown =
            unread.length === 0 &&
            thrown === undefined &&
            failed.length === 0 &&
            !world.trouble.startsWith("listing");
          if (!complete.count(isKnown)) {
            expect(removed).toEqual([]);
            return;
          }
          const gone = [...struck.keys()];
          const local = world.local.filter((name) => !gone.some((folder) => isBelow(name, folder)));
          const [source, target] = direction === "up" ? [local, world.remote] : [world.remote, local];
          expect(removed).toEqual(target.filter((name) => !source.includes(name)).sort());
        }),
        { numRuns: 40 },
      );
      complete.expectAtLeast(0.1, 0.9);
      expect(strikes).toBeGreaterThan(5);
    },
  );
});
