import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { seededRandom } from "../../test/support/seeded-random.js";
import { type Mutation, mutationsOf } from "./mutations.js";

/** What guards data and secrets. */
const FOLDERS = [
  ...["credentials", "formats", "http", "output", "profiles", "commands/verify.ts"],
  ...["requests", "checksums", "local", "tree", "plan", "downloads", "uploads"].map((name) => `s3/${name}`),
];

/** A run that takes longer is taken as failed: the change has made a loop. */
const PATIENCE_MS = 240_000;

interface Mutant extends Mutation {
  readonly folder: string;
  readonly file: string;
}

function allMutants(): Mutant[] {
  return FOLDERS.flatMap((folder) => {
    const path = join("src", folder);
    const names = path.endsWith(".ts")
      ? [path]
      : readdirSync(path, { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".ts"))
          .map((name) => join(path, name));
    return names
      .sort()
      .flatMap((file) =>
        mutationsOf(file, readFileSync(file, "utf8")).map((each) => ({ ...each, folder, file })),
      );
  });
}

/** The folder's share is as large as its number of mutants; none is drawn twice. */
function drawn(count: number, seed: number, only: string): Mutant[] {
  const next = seededRandom(seed);
  const mutants = allMutants().filter(({ file }) => file.includes(only));
  const order = mutants.map((mutant) => ({ mutant, at: next() })).sort((a, b) => a.at - b.at);
  return order.slice(0, count).map(({ mutant }) => mutant);
}

function passes(cwd: string, args: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: "ignore", timeout: PATIENCE_MS });
  return status === 0;
}

const VITEST = ["node_modules/vitest/vitest.mjs", "--project", "fast", "--bail", "1", "--passWithNoTests"];

/** Whether the tests that import the file, and then the end-to-end tests with a file built from it, pass all the same. */
function survives(mutant: Mutant, copy: string, endToEnd: boolean): boolean {
  const text = readFileSync(mutant.file, "utf8");
  writeFileSync(
    join(copy, mutant.file),
    text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end),
  );
  try {
    if (!passes(copy, [...VITEST, "related", "--run", mutant.file])) return false;
    return !endToEnd || (passes(copy, ["build.mjs"]) && passes(copy, [...VITEST, "run", "test/e2e"]));
  } finally {
    writeFileSync(join(copy, mutant.file), text);
  }
}

function described({ file, start, end, replacement }: Mutant): string {
  const text = readFileSync(file, "utf8");
  const oneLine = (part: string) => part.replace(/\s+/g, " ").trim().slice(0, 100) || "(nothing)";
  return `${file}:${text.slice(0, start).split("\n").length}: ${oneLine(text.slice(start, end))} -> ${oneLine(replacement)}`;
}

/**
 * Draws `count` mutants, runs the fast tests that import the changed file, in a copy of the project, and prints what no test
 * noticed and the score by folder.
 *
 * @param only a part of the paths that are drawn from
 * @param endToEnd whether what survives is built and given to the end-to-end tests
 */
export function runMutants(count: number, seed: number, only: string, endToEnd: boolean): void {
  const copy = mkdtempSync(join(tmpdir(), "fetch-creds-mutants-"));
  for (const name of readdirSync("."))
    if (name !== "node_modules" && name !== ".git") cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  const scores = new Map<string, { killed: number; all: number }>();
  console.log(`seed ${seed}`);
  const mutants = drawn(count, seed, only);
  const files = new Set(mutants.map(({ file }) => file));
  const { status } = spawnSync(process.execPath, [...VITEST, "related", "--run", ...files], {
    cwd: copy,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("the tests fail without any change");
  for (const mutant of mutants) {
    const survived = survives(mutant, copy, endToEnd);
    const score = scores.get(mutant.folder) ?? { killed: 0, all: 0 };
    scores.set(mutant.folder, { killed: score.killed + (survived ? 0 : 1), all: score.all + 1 });
    console.log(`${survived ? "survived" : "killed  "} ${described(mutant)}`);
  }
  rmSync(copy, { recursive: true, force: true });
  for (const [folder, { killed, all }] of [...scores].sort())
    console.log(`${folder.padEnd(20)} ${killed} of ${all} noticed`);
}
