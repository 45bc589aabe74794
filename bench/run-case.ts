import type { Case } from "./cases.js";
import { type Client, ENVIRONMENT } from "./clients.js";
import { emptyFolder } from "./data.js";
import { type Measurement, measure, median } from "./measure.js";
import type { Result } from "./report.js";
import { PATIENCE } from "./sizes.js";

/** How a case is run. */
export interface Runs {
  readonly place: string;
  readonly count: number;
  /** For what the programs leave. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A B C A B C …, so that a busy minute of the machine falls on all alike. What takes very long is run once. */
export async function runCase(bench: Case, clients: readonly Client[], runs: Runs): Promise<Result> {
  const { place, folder } = runs;
  const env = bench.env ?? runs.env ?? ENVIRONMENT;
  const measured = new Map<string, Measurement[]>();
  for (let run = 0; run < runs.count; run++) {
    for (const client of clients) {
      const command = client.command(bench.task);
      const list = measured.get(client.name) ?? [];
      if (command === undefined || list.some(({ wall }) => wall > PATIENCE)) continue;
      if (bench.empties !== undefined) emptyFolder(bench.empties);
      list.push(await measure(command, { env, folder }));
      if (client.name !== "node -e 0") bench.check?.(client.name);
      measured.set(client.name, list);
    }
  }
  const medians = Object.fromEntries([...measured].map(([name, list]) => [name, median(list)]));
  return { place, title: bench.title, medians };
}
