import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { seededRandom } from "../../test/support/seeded-random.js";
import { BuiltMutants } from "./built-mutants.js";
import { isEquivalent } from "./explained.js";
import type { Order } from "./mutant-worker.js";
import { sitesOf, withAllChanges } from "./mutations.js";

/** What guards data and secrets. */
const FOLDERS = [
  ...["credentials", "aws", "http", "formats", "output", "profiles", "commands/verify.ts"],
  ...["requests", "checksums", "local", "tree", "plan", "downloads", "uploads"].map((name) => `s3/${name}`),
];

interface Mutant {
  readonly number: number;
  readonly folder: string;
  readonly file: string;
  /** `FILE:LINE: WHAT -> WHAT INSTEAD`. */
  readonly title: string;
}

function filesOf(folder: string): string[] {
  const path = join("src", folder);
  if (path.endsWith(".ts")) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(path, name));
}

interface Note {
  readonly file: string;
  readonly test?: string;
  readonly ms: number;
  readonly reached: readonly number[];
}

const oneLine = (part: string) => part.replace(/\s+/g, " ").trim().slice(0, 100);

/** A copy of the project with all changes in it, each waiting for its number. */
function writeCopy(copy: string): Mutant[] {
  for (const name of readdirSync("."))
    if (name !== "node_modules" && name !== ".git") cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  const setup = join(copy, "test/support/same-surroundings.ts");
  writeFileSync(setup, `import "../../scripts/mutants/mutant-setup.js";\n${readFileSync(setup, "utf8")}`);
  const mutants: Mutant[] = [];
  for (const folder of FOLDERS)
    for (const file of filesOf(folder)) {
      const text = readFileSync(file, "utf8");
      const sites = sitesOf(file, text);
      writeFileSync(join(copy, file), withAllChanges(text, sites, mutants.length));
      for (const { start, end, changes } of sites)
        for (const change of changes) {
          const place = `${file}:${text.slice(0, start).split("\n").length}`;
          const title = `${place}: ${oneLine(text.slice(start, end))} -> ${oneLine(change)}`;
          mutants.push({ number: mutants.length, folder, file, title });
        }
    }
  return mutants;
}

interface Tests {
  readonly file: string;
  readonly tests: string[];
  ms: number;
}

/** The tests that come by each change, by file; where a file comes by it while it is loaded, all of its tests. */
function testsReaching(copy: string, mutants: readonly Mutant[]): Map<number, Tests[]> {
  const notes = join(copy, "reached");
  const files = [...new Set(mutants.map(({ file }) => file))];
  const apart = ["e2e", "cases", "bundle"].flatMap((name) => ["--exclude", `test/${name}/**`]);
  const args = [
    "node_modules/vitest/vitest.mjs",
    "related",
    "--run",
    "--project",
    "fast",
    ...apart,
    ...files,
  ];
  spawnSync(process.execPath, args, { cwd: copy, stdio: "ignore", env: { ...process.env, REACHED: notes } });
  const lines = readFileSync(notes, "utf8").trim().split("\n");
  const inTests = new Map<number, Map<string, Tests>>();
  const inLoading = new Map<number, Map<string, Tests>>();
  const took = new Map<string, number>();
  for (const line of lines) {
    const { file, test, ms, reached } = JSON.parse(line) as Note;
    took.set(file, (took.get(file) ?? 0) + ms);
    const all = test === undefined ? inLoading : inTests;
    for (const number of reached) {
      const files = all.get(number) ?? new Map<string, Tests>();
      const tests = files.get(file) ?? { file, tests: [], ms: 0 };
      if (test !== undefined) tests.tests.push(test);
      tests.ms += ms;
      all.set(number, files.set(file, tests));
    }
  }
  for (const [number, files] of inLoading) {
    const all = inTests.get(number) ?? new Map<string, Tests>();
    for (const file of files.keys()) all.set(file, { file, tests: [], ms: took.get(file) ?? 0 });
    inTests.set(number, all);
  }
  return new Map(Array.from(inTests, ([number, files]) => [number, [...files.values()]]));
}

/** For root: a changed writer of files must not replace /dev/null by one. */
const DEVICES_ARE_SAFE =
  process.getuid?.() === 0
    ? [
        "unshare",
        "--mount",
        "sh",
        "-c",
        'mount --rbind /dev /dev; mount -o remount,bind,ro /dev; exec "$@"',
        "sh",
      ]
    : [];

/** Every so many changes that were noticed, the same tests run without the change, and must pass. */
const CONTROL_EVERY = 10;

/** The number of no change. */
const NO_CHANGE = -1;

/** Tests end after 10 s, but for one that loops. */
const LONGEST_TEST_MS = 60_000;

/** A process that runs tests, and is started again when a change makes it loop. */
class Worker {
  readonly #copy: string;
  #child: ChildProcess | undefined;

  constructor(copy: string) {
    this.#copy = copy;
  }

  /** @returns whether all tests passed; undefined when one of them does not end */
  async passes(order: Order): Promise<boolean | undefined> {
    const child = this.#child ?? (await this.#start());
    this.#child = child;
    const passed = await new Promise<boolean | undefined>((resolve) => {
      const end = (answer?: boolean) => {
        clearTimeout(stuck);
        child.removeAllListeners("message").removeAllListeners("exit");
        resolve(answer);
      };
      const stuck = setTimeout(end, LONGEST_TEST_MS);
      child.on("message", (said) => (typeof said === "boolean" ? end(said) : stuck.refresh()));
      child.once("exit", () => end());
      child.send(order);
    });
    if (passed === undefined) this.stop();
    return passed;
  }

  async #start(): Promise<ChildProcess> {
    const [program = "", ...args] = [...DEVICES_ARE_SAFE, process.execPath, "--import", "tsx"];
    const child = spawn(program, [...args, join(this.#copy, "scripts/mutants/mutant-worker.ts")], {
      cwd: this.#copy,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      detached: true,
    });
    await once(child, "message");
    return child;
  }

  /** Ends it with all that it has started. */
  stop(): void {
    if (this.#child?.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    this.#child = undefined;
  }
}

/** `count` of each folder, drawn at random, those of each in turn. */
function drawn(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const next = seededRandom(seed);
  const order = mutants.map((mutant) => ({ mutant, at: next() })).sort((a, b) => a.at - b.at);
  const of = new Map<string, number>();
  const placed = order.map(({ mutant }) => {
    const place = of.get(mutant.folder) ?? 0;
    of.set(mutant.folder, place + 1);
    return { mutant, place };
  });
  const chosen = placed.filter(({ place }) => place < count).sort((a, b) => a.place - b.place);
  return chosen.map(({ mutant }) => mutant);
}

export interface MutationRun {
  /** A part of the paths whose changes are made. */
  readonly only: string;
  /** How many of these in each folder, drawn at random by the seed. */
  readonly count: number;
  readonly seed: number;
  /** Whether what the other tests do not notice is given to the end-to-end tests: a minute for each. */
  readonly endToEnd: boolean;
}

/**
 * Makes each change, gives it to the unit and property tests that come by it, and prints what no test noticed, and the score
 * by folder.
 *
 * @returns whether the list of equivalent changes explains all that survived
 */
export async function runMutants({ only, count, seed, endToEnd }: MutationRun): Promise<boolean> {
  const copy = mkdtempSync(join(tmpdir(), "fetch-creds-mutants-"));
  // Tests run the built file as other users, too.
  chmodSync(copy, 0o755);
  const mutants = writeCopy(copy).filter(({ title }) => title.includes(only));
  const reaching = testsReaching(copy, mutants);
  const chosen = drawn(mutants, count, seed);
  const built = endToEnd ? new BuiltMutants(copy) : undefined;
  if (built !== undefined && !(await built.passes(NO_CHANGE)))
    throw new Error("end-to-end tests fail without a change");
  const scores = new Map(FOLDERS.map((folder) => [folder, { noticed: 0, equivalent: 0, all: 0 }]));
  let next = 0;
  let failedRuns = 0;
  const failedControls: string[] = [];
  const one = async () => {
    const worker = new Worker(copy);
    for (let mutant = chosen[next++]; mutant !== undefined; mutant = chosen[next++]) {
      const { number, folder, title } = mutant;
      const near = ({ file }: Tests) => (file.includes(`/${folder}/`) ? 0 : 1);
      const files = (reaching.get(number) ?? []).sort((a, b) => near(a) - near(b) || a.ms - b.ms);
      const passes = files.length === 0 || (await worker.passes({ mutant: number, files })) === true;
      const survived = passes && (built === undefined || (await built.passes(number)));
      const isControlled = !passes && ++failedRuns % CONTROL_EVERY === 0;
      if (isControlled && !(await worker.passes({ mutant: NO_CHANGE, files }))) failedControls.push(title);
      const score = scores.get(folder);
      if (score === undefined) continue;
      score.all += 1;
      if (next % 200 === 0) console.error(`${next} of ${chosen.length} made`);
      if (!survived) score.noticed += 1;
      else if (isEquivalent(title.replace(/:\d+:/, ":"))) score.equivalent += 1;
      else console.log(`${files.length === 0 ? "not run " : "survived"} ${title}`);
    }
    worker.stop();
  };
  // Half of the time a test waits.
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, one));
  rmSync(copy, { recursive: true, force: true });
  let unexplained = 0;
  for (const [folder, { noticed, equivalent, all }] of scores) {
    if (all > 0) console.log(`${folder.padEnd(20)} ${noticed} of ${all} noticed, ${equivalent} equivalent`);
    unexplained += all - noticed - equivalent;
  }
  const controls = Math.floor(failedRuns / CONTROL_EVERY);
  console.log(`${controls - failedControls.length} of ${controls} controls passed`);
  for (const title of failedControls) console.log(`control failed at ${title}`);
  return unexplained === 0 && failedControls.length === 0;
}
