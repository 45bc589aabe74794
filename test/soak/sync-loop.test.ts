import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { type Bed, SECONDS, startBed, TIMEOUT } from "./bed.js";

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

/** Changes CHANGED objects, takes away one that was there and brings another. */
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
  bed.server.bucket("soak").remove(`passing-${round - 1}`, undefined, Date.now());
  bed.server.put("soak", `passing-${round}`, "here for a round");
}

/** One sync through the built file, in a process of its own. */
async function sync(): Promise<void> {
  const options = ["--endpoint-url", bed.server.url, "--region", "us-east-1", "--only-show-errors"];
  const result = await runBuilt(["sync", "s3://soak", folder.at("copy"), "--delete", ...options], {
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: bed.endpoint.uri },
  });
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
}

test(`sync, again and again for ${SECONDS} s, copies each time what has changed, deletes what is gone, and no more`, {
  timeout: TIMEOUT,
}, async () => {
  const end = Date.now() + SECONDS * 1000;
  let round = 0;
  for (; round < ROUNDS_MIN || Date.now() < end; round++) {
    const next = Date.now() + PACE_MS;
    bed.server.forget();
    change(round);
    await sync();
    // Nothing is lost, and nothing is copied twice.
    const fetched = bed.server.requests.filter(({ method, key }) => method === "GET" && key !== undefined);
    expect(fetched.length).toBe((round === 0 ? OBJECTS : CHANGED) + 1);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
  }
  const names = readdirSync(folder.at("copy"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(names.length).toBe(OBJECTS + 1);
  for (const entry of names) {
    const path = `${entry.parentPath}/${entry.name}`;
    const key = path.slice(folder.at("copy").length + 1);
    expect(readFileSync(path).equals(bed.server.object("soak", key)?.body ?? Buffer.alloc(0))).toBe(true);
  }
  console.log(`${round} rounds`);
});
