import { readdirSync, statSync } from "node:fs";
import type { Task } from "./clients.js";
import { FEW_KEYS, LARGE_KEY, MIDDLE_KEY } from "./data.js";
import type { LinkOptions } from "./link/link.js";
import { MIDDLE_OBJECT, type Sizes } from "./sizes.js";

/** One row of the result. */
export interface Case {
  readonly title: string;
  readonly task: Task;
  /** In place of the environment that has S3's keys. */
  readonly env?: NodeJS.ProcessEnv;
  /** Emptied before each run. */
  readonly empties?: string;
  /** Throws when the program left less than it should have. */
  readonly check?: (program: string) => void;
}

/** Where cases run: through a link, or on loopback. */
export interface Section {
  readonly place: string;
  readonly link?: LinkOptions;
  /** Whether programs that copy an object in one stream stay out: how long that takes follows from the rate. */
  readonly isForMany?: true;
  /** Whether what counts is the time from start to exit: more runs, and a Node that does nothing beside them. */
  readonly isStart?: true;
  readonly cases: (sizes: Sizes, places: Places) => Case[];
}

export interface Places {
  /** `http://127.0.0.1:PORT`, of the server or of the link to it. */
  readonly http: string;
  readonly https: string;
  /** Folder of the objects, as the bucket has them. */
  readonly objects: string;
  readonly synced: string;
  /** Downloads go here. */
  readonly target: string;
  /** Uploads arrive here. */
  readonly sink: string;
  /** The address of a credential endpoint. */
  readonly credentials: string;
}

type Scheme = "http" | "https";
const SCHEMES: readonly Scheme[] = ["http", "https"];

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

function bytes(count: number): string {
  return count >= 1 << 30 ? `${count / (1 << 30)} GiB` : `${count / (1 << 20)} MiB`;
}

function objectDown(size: number, key: string, scheme: Scheme, places: Places): Case {
  const local = `${places.target}/${key}`;
  return {
    title: `${bytes(size)} down, ${scheme}`,
    task: { kind: "object-down", endpoint: places[scheme], remote: `bench/${key}`, local },
    empties: places.target,
    check: expectSize(local, size),
  };
}

function objectUp(size: number, key: string, scheme: Scheme, places: Places): Case {
  const local = `${places.objects}/${key}`;
  return {
    title: `${bytes(size)} up, ${scheme}`,
    task: { kind: "object-up", endpoint: places[scheme], remote: `bench/sink/${key}`, local },
    empties: places.sink,
  };
}

function many({ small }: Sizes, scheme: Scheme, places: Places): Case[] {
  const endpoint = places[scheme];
  const { objects, target, sink } = places;
  const title = `${small.toLocaleString("en")} × 4 KiB`;
  return [
    {
      title: `${title} down, ${scheme}`,
      task: { kind: "tree-down", endpoint, remote: "bench/small/", local: target },
      empties: target,
      check: expectCount(target, small),
    },
    {
      title: `${title} up, ${scheme}`,
      task: { kind: "tree-up", endpoint, remote: "bench/sink/small/", local: `${objects}/small` },
      empties: sink,
      check: expectCount(sink, small),
    },
  ];
}

/** The usual build. curl lists nothing: it is given the names. */
function few(scheme: Scheme, places: Places): Case {
  const names = FEW_KEYS.map((key) => key.slice("few/".length));
  return {
    title: `${names.length} × 4 KiB down, ${scheme}`,
    task: {
      kind: "tree-down",
      endpoint: places[scheme],
      remote: "bench/few/",
      local: places.target,
      names,
    },
    empties: places.target,
    check: expectCount(places.target, names.length),
  };
}

function transfers(sizes: Sizes, places: Places): Case[] {
  return SCHEMES.flatMap((scheme) => [
    objectDown(sizes.large, LARGE_KEY, scheme, places),
    objectUp(sizes.large, LARGE_KEY, scheme, places),
    ...many(sizes, scheme, places),
    few(scheme, places),
  ]);
}

function listings({ synced }: Sizes, { http: endpoint, synced: local }: Places): Case[] {
  const count = synced.toLocaleString("en");
  const remote = "bench/synced/";
  return [
    { title: `list ${count} objects`, task: { kind: "list", endpoint, remote, local: "" } },
    {
      title: `sync ${count} objects, nothing to do`,
      task: { kind: "sync", endpoint, remote, local: `${local}/synced` },
    },
  ];
}

function starts(_: Sizes, places: Places): Case[] {
  const endpoint = places.http;
  const remote = `bench/${FEW_KEYS[0]}`;
  const local = `${places.target}/object`;
  const env = { PATH: process.env.PATH, AWS_CONTAINER_CREDENTIALS_FULL_URI: places.credentials };
  const verify: Task = { kind: "verify", endpoint, remote: "", local: "" };
  return [
    { title: "verify", task: verify, env },
    {
      title: "copy down 4 KiB",
      task: { kind: "object-down", endpoint, remote, local },
      empties: places.target,
    },
    { ...objectUp(MIDDLE_OBJECT, MIDDLE_KEY, "http", places), title: "copy up 10 MiB" },
    { title: "copy 4 KiB within S3", task: { kind: "copy", endpoint, remote, local: "bench/sink/copy" } },
    { title: "list 1,000 objects", task: { kind: "list", endpoint, remote: "bench/listed/", local: "" } },
  ];
}

const largeDown = (sizes: Sizes, places: Places) => objectDown(sizes.large, LARGE_KEY, "https", places);
const largeUp = (sizes: Sizes, places: Places) => objectUp(sizes.large, LARGE_KEY, "https", places);

/** The link first: nobody's S3 is on loopback. */
export const SECTIONS: readonly Section[] = [
  {
    place: "Link: 10 ms, 80 MB/s a connection",
    link: { roundTripMs: 10, mbPerSecond: 80, mbPerSecondInAll: 0 },
    cases: transfers,
  },
  {
    place: "Link: 30 ms, 40 MB/s a connection",
    link: { roundTripMs: 30, mbPerSecond: 40, mbPerSecondInAll: 0 },
    isForMany: true,
    cases: (sizes, places) => [largeDown(sizes, places), largeUp(sizes, places)],
  },
  {
    place: "Link: 10 ms, 80 MB/s a connection, 300 MB/s in all",
    link: { roundTripMs: 10, mbPerSecond: 80, mbPerSecondInAll: 300 },
    isForMany: true,
    cases: (sizes, places) => [largeDown(sizes, places)],
  },
  {
    place: "Loopback",
    cases: (sizes, places) => [...transfers(sizes, places), ...listings(sizes, places)],
  },
  { place: "Loopback, from start to exit", isStart: true, cases: starts },
];
