import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importGraph } from "../support/bundle/import-graph.js";

/** Whom a room of src may import from; types are free. The ways through the house: docs/architecture.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ["cli", "failure", "process-context", "s3-side"],
  "process-context": ["cli", "failure", "output"],
  cli: ["aws", "commands", "credentials", "output", "profiles", "s3-side", "failure", "version"],
  commands: [
    "aws",
    "cli",
    "credentials",
    "doctor",
    "exec",
    "formats",
    "output",
    "paths",
    "profiles",
    "s3",
    "s3-side",
    "failure",
  ],
  credentials: ["http", "output", "paths", "profiles", "failure"],
  profiles: ["output", "paths", "failure"],
  formats: ["output", "failure"],
  exec: ["aws", "cli", "formats", "output", "paths", "failure"],
  doctor: ["aws", "cli", "credentials", "output", "profiles", "s3", "failure"],
  s3: ["aws", "http", "output", "paths", "failure"],
  aws: ["credentials", "http", "output", "failure"],
  http: ["output", "paths", "failure"],
  "s3-side": ["commands", "s3"],
  output: ["paths", "failure"],
  paths: [],
  version: [],
};

/** `src/s3/plan/cp.ts` → `s3`; `src/main.ts` → `main`. */
function room(file: string): string {
  const [, first = "", second] = file.split("/");
  return second === undefined ? first.replace(/\.ts$/, "") : first;
}

const graph = importGraph("src");

/** What all may import: no room with rules of its own. */
const NO_ROOMS = ["context", "failure", "system-error"];

describe("the rooms of src", () => {
  it("each have their rule, and no rule is of a room that is gone", () => {
    const rooms = [...new Set(graph.files.map(room))].filter((name) => !NO_ROOMS.includes(name));
    expect(rooms.sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it.each(NO_ROOMS)("%s imports nothing but types", (name) => {
    const files = graph.files.filter((file) => room(file) === name);
    expect(files).toHaveLength(1);
    expect(files.flatMap((file) => [...graph.importsOf(file), ...graph.lazyOf(file)])).toEqual([]);
  });

  it("stand in the table of docs/architecture.md", () => {
    const page = readFileSync("docs/architecture.md", "utf8");
    const told = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`/]+?)(?:\.ts|\/)`/g)].map(([, name = ""]) => name),
    );
    const rooms = [...Object.keys(MAY_IMPORT), ...NO_ROOMS];
    expect(told.sort()).toEqual(rooms.sort());
  });

  it.each(Object.entries(MAY_IMPORT))("%s imports from nobody else than %s", (name, permitted) => {
    const strangers = graph.files
      .filter((file) => room(file) === name)
      .flatMap((file) =>
        [...graph.importsOf(file), ...graph.lazyOf(file)]
          .filter((target) => target.startsWith("src/") && room(target) !== name)
          .filter((target) => !permitted.includes(room(target)) && room(target) !== "system-error")
          .map((target) => `${file} imports ${target}`),
      );
    expect(strangers).toEqual([]);
  });

  it("leave the command line to cli and commands", () => {
    const readers = graph.files.filter((file) => /Invocation\b/.test(readFileSync(file, "utf8"))).map(room);
    expect([...new Set(readers)].sort()).toEqual(["cli", "commands"]);
  });

  it("have no file of more than 300 lines", () => {
    const long = graph.files.filter((file) => readFileSync(file, "utf8").split("\n").length > 301);
    expect(long).toEqual([]);
  });
});
