import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isExplained } from "./explained.js";
import { type Product, products, writeProduct } from "./products.js";
import type { TestResult } from "./results-reporter.js";
import { missingFor, SUITES, type Suite, WITHOUT_PRODUCT } from "./suites.js";

/** A run of the product that did nothing. */
interface Struck {
  readonly at: number;
  readonly code: number;
  readonly args: readonly string[];
}

/** Of a suite that names none, in ms. */
const PATIENCE = 6000;

function readLines<Line>(file: string): Line[] {
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
}

const nameOf = ({ file, title }: TestResult) => `${file} > ${title.replace(/\s+/g, " ").trim()}`;

/**
 * The runs that were struck while no test failed. A run belongs to the tests that were going on at its time, or, when
 * there was none (in a hook, or before the first test), to all.
 */
function unnoticed(results: readonly TestResult[], struck: readonly Struck[]): string[] {
  return struck.flatMap(({ at, code, args }) => {
    const then = results.filter(({ started, ended }) => started <= at + 20 && at <= ended + 20);
    const blamed = then.length === 0 ? results : then;
    if (blamed.some(({ state }) => state === "failed")) return [];
    const tests = then.map(nameOf).join(" | ") || "(before the tests)";
    return [`${tests}\n    exited ${code}: ${args.join(" ").slice(0, 120)}`];
  });
}

interface Judged {
  readonly summary: string;
  readonly faults: readonly string[];
}

function judge(product: Product, results: readonly TestResult[], struck: readonly Struck[]): Judged {
  const passed = results.filter(({ state }) => state === "passed").map(nameOf);
  const suspicious = product.fails === "some" ? unnoticed(results, struck) : passed;
  const faults = suspicious.filter((test) => !isExplained(product.name, test));
  const runs =
    product.fails === "some" ? `, ${struck.length} runs failed, ${suspicious.length} unnoticed` : "";
  const explained = suspicious.length - faults.length;
  const stuck = results.filter(({ timedOut }) => timedOut).length;
  return {
    summary: `${passed.length} of ${results.length} tests passed${runs}, ${explained} explained, ${stuck} timed out`,
    faults: results.length === 0 ? ["no test ran", ...faults] : faults,
  };
}

function run(suite: Suite, file: string, product: Product, folder: string): TestResult[] {
  const results = join(folder, "results");
  rmSync(results, { force: true });
  const reporter = resolve("scripts/mutants/results-reporter.ts");
  const [program = "", ...args] = suite.command;
  const ms = suite.patience ?? PATIENCE;
  const patience = ["--testTimeout", String(ms), "--hookTimeout", String(10 * ms)];
  const options = ["--reporter", reporter, ...(product.fails === "some" ? [] : patience)];
  const env = { ...process.env, ...suite.env, FETCH_CREDS_FILE: file, HOLLOW_RESULTS: results };
  spawnSync(program, [...args, ...options], { env, stdio: ["ignore", "ignore", "ignore"] });
  return readLines<TestResult>(results);
}

/**
 * Runs each suite with products that do nothing, or not always, and prints what passes all the same and is not on the
 * list of explained passes.
 *
 * @param wanted names of suites and products; all when it names none
 * @returns whether every pass was explained
 */
export function runHollow(wanted: readonly string[], seed: number): boolean {
  const folder = mkdtempSync(join(tmpdir(), "fetch-creds-hollow-"));
  chmodSync(folder, 0o755);
  const log = join(folder, "struck");
  const all = products(seed, log);
  const chosen = <Named extends { readonly name: string }>(list: readonly Named[]) => {
    const named = list.filter(({ name }) => wanted.includes(name));
    return named.length === 0 ? list : named;
  };
  let good = true;
  console.log(`seed ${seed}`);
  for (const [name, reason] of Object.entries(WITHOUT_PRODUCT)) console.log(`not run: ${name}: ${reason}`);
  for (const suite of chosen(SUITES)) {
    const missing = missingFor(suite);
    if (missing.length > 0) console.log(`skipped: ${suite.name}: ${missing.join(", ")} missing`);
    for (const product of missing.length > 0 ? [] : chosen(all)) {
      const own = join(folder, product.name);
      mkdirSync(own, { recursive: true });
      for (const old of [log, `${log}.count`]) rmSync(old, { force: true });
      const results = run(suite, writeProduct(product, own), product, folder);
      const { summary, faults } = judge(product, results, readLines<Struck>(log));
      console.log(`${suite.name}, ${product.name}: ${summary}`);
      for (const fault of faults) console.log(`  not explained: ${fault}`);
      good &&= faults.length === 0;
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return good;
}
