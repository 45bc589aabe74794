import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { type Bed, LIFE_MS, SECONDS, startBed, TIMEOUT } from "./bed.js";
import { drift, holding } from "./watched-process.js";

const OBJECTS = 200;
const CHANGED = 20;
const ROUNDS_MIN = 4;
/** In a long loop rounds begin so many ms apart: it is to last, not to keep the machine busy. */
const PACE_MS = SECONDS > 300 ? 5000 : 0;

const folder = temporaryFolder();
let bed: Bed;

beforeAll(async () => {
  bed = await startBed();
});

afterAll(async () => {
  await bed.close();
  folder.remove();
});

function change(round: number): void {
  const count = round === 0 ? OBJECTS : CHANGED;
  for (let index = 0; index < count; index++) {
    const number = (round * CHANGED + index) % OBJECTS;
    bed.server.put(
      "soak",
      `folder-${number % 7}/object-${number}`,
      `round ${round} ${"x".repeat(number * 50 + round)}`,
    );
  }
}

/** One sync through the built file; the most memory it was seen to hold. */
async function sync(): Promise<number> {
  const { child, finished } = startBuilt(
    [
      "sync",
      "s3://soak",
      folder.at("copy"),
      "--delete",
      "--endpoint-url",
      bed.server.url,
      "--region",
      "us-east-1",
      "--only-show-errors",
    ],
    { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: bed.endpoint.uri } },
  );
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, holding(child.pid ?? 0)?.memory ?? 0);
  }, 15);
  const result = await finished;
  clearInterval(look);
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
  return peak;
}

test(`sync, again and again for ${SECONDS} s, with keys that live ${LIFE_MS / 1000} s`, {
  timeout: TIMEOUT,
}, async () => {
  const end = Date.now() + SECONDS * 1000;
  const peaks: number[] = [];
  for (let round = 0; round < ROUNDS_MIN || Date.now() < end; round++) {
    const next = Date.now() + PACE_MS;
    bed.server.forget();
    change(round);
    peaks.push(await sync());
    // Exactly what changed was fetched: nothing is lost, and nothing is copied twice.
    const fetched = bed.server.requests.filter(({ method, key }) => method === "GET" && key !== undefined);
    expect(fetched.length).toBe(round === 0 ? OBJECTS : CHANGED);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
  }
  const names = readdirSync(folder.at("copy"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(names.length).toBe(OBJECTS);
  for (const entry of names) {
    const path = `${entry.parentPath}/${entry.name}`;
    const key = path.slice(folder.at("copy").length + 1);
    expect(readFileSync(path).equals(bed.server.object("soak", key)?.body ?? Buffer.alloc(0))).toBe(true);
  }
  const { early, late } = drift(peaks);
  console.log(
    `${peaks.length} rounds; peak memory of a run ${(early / 1e6).toFixed(0)} MB early, ${(late / 1e6).toFixed(0)} MB late`,
  );
  expect(late).toBeLessThan(early * 1.3 + 10e6);
});
