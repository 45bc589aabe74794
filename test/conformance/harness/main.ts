/**
 * Runs every case inside the network namespace it was started in, and prints one JSON line for each: name, faults and
 * what was seen. Started by test/conformance/endpoint.test.ts.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEST_TLS } from "../../support/certificate/certificate.js";
import { type Script, type SeenRequest, startRawEndpoint } from "../../support/raw-endpoint/raw-endpoint.js";
import { ALL_CASES } from "../cases/all-cases.js";
import { AFTER_THE_CASES, type Case, faultsOf, mayBeLate, type Observed } from "./case.js";
import { runHerd } from "./herd.js";
import { wasLateSince, watchLateness } from "./lateness.js";
import { AGENTS, HOSTS, SILENT, setUpNetwork } from "./network.js";
import { runCase } from "./run-case.js";

/** Runs that wait and runs that work, at the same time: most of the time goes into waiting. */
const AT_ONCE = 60;

/** Processes that are starting: more of them would keep the endpoint from answering in time. */
const STARTING_AT_ONCE = 5;

/** Runs that are repeated at the most: more of them are no busy machine, but a product that is late by itself. */
const REPEATED_MOST = 10;

interface Running {
  readonly given: Case;
  /** Called at the first request: the process has started. */
  readonly started: () => void;
  readonly requests: SeenRequest[];
  readonly paths: { file: string };
}

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const running = new Map<string, Running>();
const strays: string[] = [];

function print(name: string, faults: readonly string[], seen?: unknown): void {
  console.log(JSON.stringify({ name, faults, seen: faults.length === 0 ? undefined : seen }));
}

function choose(request: SeenRequest): Script | undefined {
  const id = /case\d{4}/.exec(request.target)?.[0] ?? /case\d{4}/.exec(request.head)?.[0] ?? "";
  const owner = running.get(id);
  if (owner === undefined) {
    strays.push(`${request.address}${request.target}`);
    return undefined;
  }
  owner.requests.push(request);
  owner.started();
  owner.given.onRequest?.(owner.requests.length, owner.paths);
  const { script = [] } = owner.given;
  const scripts = typeof script === "function" ? [script] : script;
  return scripts[Math.min(owner.requests.length, scripts.length) - 1];
}

async function listen(): Promise<void> {
  for (const address of [...AGENTS, "127.0.0.1", "127.0.0.5", "::1"])
    await startRawEndpoint(address, 80, choose);
  await startRawEndpoint("127.0.0.1", 8080, choose);
  await startRawEndpoint("169.254.170.23", 8081, choose);
  for (const address of ["127.0.0.1", "127.0.0.5"]) await startRawEndpoint(address, 8443, choose, TEST_TLS);
  for (const address of SILENT) {
    for (const port of [80, 443, 8080]) {
      const server = createServer((socket) => {
        strays.push(`${address}:${port}`);
        socket.destroy();
      });
      await new Promise<void>((resolve) =>
        server.listen(
          { host: address, port, ...(address.startsWith("fe80") ? { host: `${address}%lo` } : {}) },
          resolve,
        ),
      );
    }
  }
}

/** Name lookups end inside the namespace: its own hosts, and a resolver that refuses at once. */
function mountNames(): void {
  const mount = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    execFileSync("mount", ["--bind", join(folder, name), `/etc/${name}`]);
  };
  mount("hosts", HOSTS);
  mount("resolv.conf", "nameserver 127.0.0.1\n");
}

let starting = 0;
const queue: (() => void)[] = [];

/** Waits for a free place among those that start. @returns gives the place back, at the latest after a while */
async function startingPlace(): Promise<() => void> {
  if (starting >= STARTING_AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
  starting++;
  let held = true;
  const giveBack = () => {
    if (!held) return;
    held = false;
    starting--;
    queue.shift()?.();
  };
  setTimeout(giveBack, 1500);
  return giveBack;
}

let ids = 0;

async function runOne(given: Case): Promise<{ faults: string[]; seen: Observed }> {
  const index = ids++;
  const id = `case${String(index).padStart(4, "0")}`;
  const started = await startingPlace();
  const entry: Running = { given, started, requests: [], paths: { file: "" } };
  running.set(id, entry);
  const host = `127.77.${index >> 8}.${index & 255 || 1}`;
  const seen = await runCase(given, id, host, folder, entry.requests, entry.paths);
  started();
  return { faults: faultsOf(given.expect, seen), seen };
}

/**
 * Runs many at once. One that may have failed because this machine was late is run a second time by itself, and that
 * counts. All other faults stand: a product that fails now and then fails here.
 */
async function runAll(cases: readonly Case[]): Promise<void> {
  const waiting = [...cases];
  const again: Case[] = [];
  const worker = async () => {
    for (let given = waiting.shift(); given !== undefined; given = waiting.shift()) {
      const started = performance.now();
      const { faults, seen } = await runOne(given);
      const late = mayBeLate(given.expect, seen, faults) || wasLateSince(started);
      const repeat = faults.length > 0 && late && again.length < REPEATED_MOST;
      if (repeat) again.push(given);
      else print(given.name, faults, seen);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const given of again) {
    const { faults, seen } = await runOne(given);
    console.error(`repeated: ${given.name}: ${faults.length === 0 ? "good" : faults.join(", ")}`);
    print(given.name, faults, seen);
  }
  console.error(`repeated: ${again.length} of ${cases.length} cases`);
}

watchLateness();
setUpNetwork();
mountNames();
await listen();
const patient = (given: Case) =>
  (given.expect.overMs ?? 0) + (given.expect.underMs ?? 0) + 1000 * (given.expect.gaps?.length ?? 0);
const only = process.env.CONFORMANCE_ONLY;
const cases = ALL_CASES.filter(({ name }) => only === undefined || name.includes(only));
// Those that wait longest begin first.
await runAll([...cases].sort((a, b) => patient(b) - patient(a)));
const [silent, herd] = AFTER_THE_CASES;
print(silent, strays.slice(0, 20));
if (only === undefined || only === "processes") print(herd, await runHerd());
rmSync(folder, { recursive: true, force: true });
process.exit(0);
