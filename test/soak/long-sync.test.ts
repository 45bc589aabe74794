import { afterAll, beforeAll, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy/fault-proxy.js";
import { startBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { type Bed, expectRenewals, LIFE_MS, SECONDS, startBed, TIMEOUT } from "./bed.js";
import { expectFlat, Watch } from "./watched-process.js";

const CONCURRENCY = 4;
/** Each object takes at least so long, ms, whatever the machine: the process lasts SECONDS. */
const PAUSE_MS = 200;
const OBJECTS = Math.ceil((SECONDS * 1000 * CONCURRENCY) / PAUSE_MS);

const folder = temporaryFolder();
let bed: Bed;
let slow: FaultProxy;

beforeAll(async () => {
  bed = await startBed();
  for (let index = 0; index < OBJECTS; index++)
    bed.server.put("soak", `object-${index}`, `${index} `.repeat(8000));
  slow = await startFaultProxy(bed.server.url);
  slow.plan = ({ operation }) =>
    operation === "GetObject" ? { kind: "drip", pieces: 2, pauseMs: PAUSE_MS } : undefined;
});

afterAll(async () => {
  await slow.close();
  await bed.close();
  folder.remove();
});

test(`one sync that lasts ${SECONDS} s outlives its keys, which live ${LIFE_MS / 1000} s, its memory flat`, {
  timeout: TIMEOUT,
}, async () => {
  const started = Date.now();
  const options = ["--endpoint-url", slow.url, "--region", "us-east-1", "--only-show-errors"];
  const { child, finished } = startBuilt(
    ["sync", "s3://soak", folder.at("copy"), "--concurrency", String(CONCURRENCY), ...options],
    { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: bed.endpoint.uri }, timeoutMs: TIMEOUT },
  );
  const watch = new Watch(child.pid);
  const result = await finished;
  const seen = watch.end();
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
  expect(slow.count("GetObject")).toBeGreaterThanOrEqual(OBJECTS);
  expectRenewals(bed, Date.now() - started);
  expectFlat(seen);
});
