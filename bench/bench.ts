import { benchAdaptive } from "./adaptive.js";
import { SECTIONS, type Section } from "./cases.js";
import { measureCeiling, requestTime } from "./ceiling.js";
import { type Client, CRT_NAME, installedClients, NODE, ONE_STREAM } from "./clients.js";
import { benchHuge } from "./huge.js";
import { startLink } from "./link/start-link.js";
import { nginxIsInstalled } from "./nginx.js";
import { wordOption } from "./options.js";
import { benchReal } from "./real-server.js";
import { type Result, table } from "./report.js";
import { machine, versionsOf, writeResults } from "./results.js";
import { runCase } from "./run-case.js";
import { FULL, PATIENCE, QUICK, type Sizes } from "./sizes.js";
import { inFolder, makeWorld, type World } from "./world.js";

const quick = process.argv.includes("--quick");
const sizes: Sizes = quick ? QUICK : FULL;
/** `--only WORDS`: cases whose place and title have them. */
const only = wordOption("--only") ?? "";

/** Programs whose own work for this took very long; they are not run again without the link. */
const slow = new Map<string, readonly string[]>();

interface Bed {
  readonly world: World;
  readonly clients: readonly Client[];
  readonly folder: string;
}

/** Where programs reach the server in this section. */
async function routes({ link }: Section, { nginx }: World) {
  const links =
    link === undefined
      ? []
      : await Promise.all([nginx.http, nginx.https].map((port) => startLink(port, link)));
  const [http, https] = [links[0]?.port ?? nginx.http, links[1]?.port ?? nginx.https];
  if (link !== undefined) {
    const [near, far] = [await requestTime(nginx.http), await requestTime(http)];
    console.log(`a request takes ${near.toFixed(1)} ms without the link, ${far.toFixed(1)} ms through it`);
  }
  const urls = { http: `http://127.0.0.1:${http}`, https: `https://127.0.0.1:${https}` };
  return { urls, close: () => links.map((one) => one.close()) };
}

/** Where the AWS CLI mostly starts, its two clients are one. */
function contestants({ isStart, isForMany }: Section, clients: readonly Client[]): readonly Client[] {
  if (isStart) return [...clients.filter(({ name }) => name !== CRT_NAME), NODE];
  return isForMany ? clients.filter(({ name }) => !ONE_STREAM.includes(name)) : clients;
}

async function runSection(section: Section, bed: Bed): Promise<Result[]> {
  console.log(`\n# ${section.place}`);
  const results: Result[] = [];
  const { urls, close } = await routes(section, bed.world);
  const cases = section.cases(sizes, { ...bed.world.places, ...urls });
  for (const bench of cases.filter(({ title }) => `${section.place}: ${title}`.includes(only))) {
    const late = slow.get(bench.title) ?? [];
    const clients = contestants(section, bed.clients).filter(({ name }) => !late.includes(name));
    const count = section.isStart ? sizes.starts : sizes.runs;
    const result = await runCase(bench, clients, { ...bed, place: section.place, count });
    console.log(`\n${table([result])}`);
    const costly = Object.entries(result.medians).filter(([, { cpu }]) => cpu > PATIENCE);
    slow.set(bench.title, [...late, ...costly.map(([name]) => name)]);
    results.push(result);
  }
  close();
  return results;
}

async function benchAll(folder: string): Promise<void> {
  if (!nginxIsInstalled()) {
    console.error("bench: there is no nginx at /usr/sbin/nginx (apt-get install nginx-light)");
    process.exitCode = 1;
    return;
  }
  const clients = await installedClients();
  const versions = versionsOf([...clients, { ...NODE, name: "Node" }]);
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${machine()}\n${versions.map((line) => line.join(": ")).join("\n")}`,
  );
  const world = await makeWorld(folder, sizes);
  try {
    const run = `${folder}/run`;
    const ceilings = await measureCeiling(world, sizes.large, run);
    for (const { what, direct, linked } of ceilings)
      console.log(`the link without delay and limit: ${what} ${linked} MB/s, ${direct} MB/s past it`);
    const results: Result[] = [];
    for (const section of SECTIONS)
      results.push(...(await runSection(section, { world, clients, folder: run })));
    console.log(`\n${table(results)}`);
    if (only === "")
      writeResults({ quick, versions: Object.fromEntries(versions), sizes, ceilings, results });
  } finally {
    await world.close();
  }
}

/** These need no nginx. */
const OTHERS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  "--adaptive": benchAdaptive,
  "--huge": benchHuge,
  "--real": benchReal,
};

const [, other] = Object.entries(OTHERS).find(([option]) => process.argv.includes(option)) ?? [];
await inFolder(other ?? benchAll);
