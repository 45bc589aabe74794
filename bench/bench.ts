import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { benchAdaptive } from "./adaptive.js";
import { type Case, cases, type Places } from "./cases.js";
import { type Client, ENVIRONMENT, installedClients } from "./clients.js";
import { emptyFolder, makeObjects, makeSyncedTree, smallKeys } from "./data.js";
import { benchHuge } from "./huge.js";
import { writeListing } from "./listing.js";
import { type Measurement, measure, median } from "./measure.js";
import { nginxIsInstalled, startNginx } from "./nginx.js";
import { benchPicture } from "./picture.js";
import { realCases, realSizes, startRealServer } from "./real-server.js";
import { type Result, table } from "./report.js";
import { FULL, QUICK, SMALL_OBJECT } from "./sizes.js";
import { measureStarts } from "./starts.js";

const quick = process.argv.includes("--quick");
const sizes = quick ? QUICK : FULL;

/** A B C A B C …, so that a busy minute of the machine falls on all alike. */
async function runCase(
  bench: Case,
  clients: readonly Client[],
  folder: string,
  env: NodeJS.ProcessEnv = ENVIRONMENT,
): Promise<Result> {
  const measured = new Map<string, Measurement[]>();
  for (let run = 0; run < sizes.runs; run++) {
    for (const client of clients) {
      const command = client.command(bench.task);
      if (command === undefined) continue;
      if (bench.empties !== undefined) emptyFolder(bench.empties);
      const list = measured.get(client.name) ?? [];
      list.push(await measure(command, { env, folder }));
      bench.check?.(client.name);
      measured.set(client.name, list);
    }
  }
  const medians = Object.fromEntries([...measured].map(([name, list]) => [name, median(list)]));
  return { title: bench.title, medians };
}

/** The same programs against a server that checks and stores; curl cannot sign as the others do. */
async function runRealCases(clients: readonly Client[], folder: string): Promise<Result[]> {
  const server = await startRealServer();
  if (server === undefined) {
    console.error("bench: no real S3 server (it needs root and debootstrap)");
    process.exitCode = 1;
    return [];
  }
  try {
    const at = (name: string) => join(folder, name);
    const reduced = realSizes(sizes);
    makeObjects(at("real"), reduced);
    const signing = clients.filter(({ name }) => name !== "curl");
    const results: Result[] = [];
    for (const bench of realCases(reduced, server.url, at("real"), at("target"))) {
      results.push(await runCase(bench, signing, at("run"), { ...ENVIRONMENT, ...server.keys }));
      console.log(`\n${table(results.slice(-1))}`);
    }
    return results;
  } finally {
    await server.close();
  }
}

function writeResults(results: readonly Result[], clients: readonly Client[]): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
  const folder = join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  const versions = Object.fromEntries(clients.map(({ name, version }) => [name, version]));
  const all = { date: new Date().toISOString(), quick, machine, versions, sizes, results };
  const file = join(folder, quick ? "quick.json" : "full.json");
  writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`);
  console.log(`\n${machine}\n${file}`);
  if (quick) return;
  const images = join(import.meta.dirname, "../docs/images");
  mkdirSync(images, { recursive: true });
  writeFileSync(join(images, "bench.svg"), benchPicture(all));
}

/** Adaptive and huge need no nginx, and no memory to hold what they copy. */
async function main(): Promise<void> {
  if (process.argv.includes("--adaptive")) return inFolder(benchAdaptive);
  if (process.argv.includes("--huge")) return inFolder(benchHuge);
  return inFolder(benchAll);
}

async function inFolder(bench: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? memoryFolder(), "fetch-creds-bench-"));
  try {
    await bench(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAll(folder: string): Promise<void> {
  if (!nginxIsInstalled()) {
    console.error("bench: there is no nginx at /usr/sbin/nginx (apt-get install nginx-light)");
    process.exitCode = 1;
    return;
  }
  const at = (name: string) => join(folder, name);
  for (const name of ["target", "nginx", "run"]) mkdirSync(at(name));
  makeObjects(at("objects/bench"), sizes);
  makeSyncedTree(at("local"), sizes);
  writeListing(at("listings"), "small", smallKeys("small", sizes.small), SMALL_OBJECT);
  writeListing(at("listings"), "synced", smallKeys("synced", sizes.synced), 1);
  const nginx = await startNginx(at("nginx"), at("objects"), at("listings"));
  try {
    const clients = await installedClients();
    console.log(clients.map(({ name, version }) => `${name}: ${version}`).join("\n"));
    const places: Places = {
      ...nginx,
      objects: at("objects/bench"),
      synced: at("local"),
      target: at("target"),
      sink: at("nginx/bench/sink"),
    };
    const results: Result[] = [await measureStarts(sizes.starts, at("run"))];
    for (const bench of cases(sizes, places)) {
      results.push(await runCase(bench, clients, at("run")));
      console.log(`\n${table(results.slice(-1))}`);
    }
    results.push(...(await runRealCases(clients, folder)));
    console.log(`\n${table(results)}`);
    writeResults(results, clients);
  } finally {
    await nginx.close();
  }
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

await main();
