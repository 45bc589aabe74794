import { readdirSync, statSync } from "node:fs";
import type { Task } from "./clients.js";
import { LARGE_KEY } from "./data.js";
import type { Sizes } from "./sizes.js";

/** One row of the result: a task, and which goals of ours it stands for. */
export interface Case {
  readonly title: string;
  readonly task: Task;
  /** Emptied before each run. */
  readonly empties?: string;
  /** Throws when the program left less than it should have. */
  readonly check?: (program: string) => void;
}

function filesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;
}

/** A program that does nothing is fast. */
function expectCount(folder: string, count: number): (program: string) => void {
  return (program) => {
    const found = filesIn(folder);
    if (found !== count) throw new Error(`${program} left ${found} files in ${folder}, not ${count}`);
  };
}

function expectSize(file: string, size: number): (program: string) => void {
  return (program) => {
    const found = statSync(file).size;
    if (found !== size) throw new Error(`${program} left ${found} bytes in ${file}, not ${size}`);
  };
}

export interface Places {
  readonly http: string;
  readonly https: string;
  /** Folder of the objects, as the bucket has them. */
  readonly objects: string;
  readonly synced: string;
  /** Downloads go here. */
  readonly target: string;
  /** Uploads arrive here. */
  readonly sink: string;
}

function bytes(count: number): string {
  return count >= 1 << 30 ? `${count / (1 << 30)} GiB` : `${count / (1 << 20)} MiB`;
}

function transfers(scheme: "http" | "https", sizes: Sizes, places: Places): Case[] {
  const endpoint = places[scheme];
  const { objects, target } = places;
  const many = `${sizes.small.toLocaleString("en")} × 4 KiB`;
  const large = bytes(sizes.large);
  return [
    {
      title: `${large} down, ${scheme}`,
      task: { kind: "object-down", endpoint, remote: `bench/${LARGE_KEY}`, local: `${target}/${LARGE_KEY}` },
      empties: target,
      check: expectSize(`${target}/${LARGE_KEY}`, sizes.large),
    },
    {
      title: `${large} up, ${scheme}`,
      task: {
        kind: "object-up",
        endpoint,
        remote: `bench/sink/${LARGE_KEY}`,
        local: `${objects}/${LARGE_KEY}`,
      },
      empties: places.sink,
    },
    {
      title: `${many} down, ${scheme}`,
      task: { kind: "tree-down", endpoint, remote: "bench/small/", local: target },
      empties: target,
      check: expectCount(target, sizes.small),
    },
    {
      title: `${many} up, ${scheme}`,
      task: { kind: "tree-up", endpoint, remote: "bench/sink/small/", local: `${objects}/small` },
      empties: places.sink,
      check: expectCount(places.sink, sizes.small),
    },
  ];
}

/** Every case against the fast server. */
export function cases(sizes: Sizes, places: Places): Case[] {
  const endpoint = places.http;
  const count = sizes.synced.toLocaleString("en");
  return [
    ...transfers("http", sizes, places),
    ...transfers("https", sizes, places),
    {
      title: `list ${count} objects`,
      task: { kind: "list", endpoint, remote: "bench/synced/", local: "" },
    },
    {
      title: `sync ${count} objects, nothing to do`,
      task: { kind: "sync", endpoint, remote: "bench/synced/", local: `${places.synced}/synced` },
    },
  ];
}
