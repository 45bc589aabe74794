import { Agent, get } from "node:http";
import { ENVIRONMENT } from "./clients.js";
import { FEW_KEYS, LARGE_KEY, MIDDLE_KEY } from "./data.js";
import type { LinkOptions } from "./link/link.js";
import { startLink } from "./link/start-link.js";
import { measure } from "./measure.js";
import { MIDDLE_OBJECT } from "./sizes.js";
import type { World } from "./world.js";

const UNLIMITED: LinkOptions = { roundTripMs: 0, mbPerSecond: 0, mbPerSecondInAll: 0 };
const CONNECTIONS = 16;
const ROUND_TRIPS = 31;

/** What the link could pass if it neither delayed nor limited: it has to be well above what is measured through it. */
export interface Ceiling {
  readonly what: string;
  /** 10^6 bytes a second, without and with the link. */
  readonly direct: number;
  readonly linked: number;
}

/** As many times as there are connections. */
function each(words: readonly string[]): string[] {
  return Array.from({ length: CONNECTIONS }, () => words).flat();
}

function inParallel(words: readonly string[]): string[] {
  return [
    "curl",
    "-sSf",
    "--parallel",
    "--parallel-immediate",
    "--parallel-max",
    `${CONNECTIONS}`,
    ...each(words),
  ];
}

/** curl's rate, best of two. */
async function rate(command: readonly string[], bytes: number, folder: string): Promise<number> {
  const walls = [];
  for (let run = 0; run < 2; run++) walls.push((await measure(command, { env: ENVIRONMENT, folder })).wall);
  return Math.round(bytes / Math.min(...walls) / 1e6);
}

/** curl through a link that does nothing, beside curl without it. */
export async function measureCeiling(
  { nginx, places }: World,
  large: number,
  folder: string,
): Promise<Ceiling[]> {
  const link = await startLink(nginx.http, UNLIMITED);
  const down = (port: number) => ["--output", "/dev/null", `http://127.0.0.1:${port}/bench/${LARGE_KEY}`];
  const part = Math.min(large, 64 << 20);
  const up = (port: number) => [
    "--upload-file",
    `${places.objects}/${MIDDLE_KEY}`,
    `http://127.0.0.1:${port}/bench/sink/x?partNumber=1`,
  ];
  const measured = [
    {
      what: "1 connection down",
      command: (port: number) => ["curl", "-sSf", ...each(down(port)), "--range", `0-${part - 1}`],
      bytes: part * CONNECTIONS,
    },
    {
      what: `${CONNECTIONS} connections down`,
      command: (port: number) => [...inParallel(down(port)), "--range", `0-${part - 1}`],
      bytes: part * CONNECTIONS,
    },
    {
      what: `${CONNECTIONS} connections up`,
      command: (port: number) => inParallel([...up(port), ...up(port), ...up(port), ...up(port)]),
      bytes: MIDDLE_OBJECT * CONNECTIONS * 4,
    },
  ];
  const ceilings: Ceiling[] = [];
  for (const { what, command, bytes } of measured) {
    const direct = await rate(command(nginx.http), bytes, folder);
    ceilings.push({ what, direct, linked: await rate(command(link.port), bytes, folder) });
  }
  link.close();
  return ceilings;
}

function oneRequest(port: number, agent: Agent): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const url = `http://127.0.0.1:${port}/bench/${FEW_KEYS[0]}`;
    const answered = get(url, { agent }, (response) =>
      response.resume().on("end", () => resolve(performance.now() - started)),
    );
    answered.on("error", reject);
  });
}

/** What a request takes on a connection that is there: ms, the median. */
export async function requestTime(port: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (let run = 0; run < ROUND_TRIPS; run++) times.push(await oneRequest(port, agent));
  agent.destroy();
  return times.sort((a, b) => a - b)[ROUND_TRIPS >> 1]!;
}
