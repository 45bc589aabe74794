import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { type Bed, expectRenewals, SECONDS, startBed, TIMEOUT } from "./bed.js";
import { expectFlat, Watch } from "./watched-process.js";

/** What is written in all: small enough for the server's memory, large enough for many parts. */
const TOTAL = 400 * 1024 ** 2;
const STEPS = 400;

let bed: Bed;

beforeAll(async () => {
  bed = await startBed();
});

afterAll(async () => {
  await bed.close();
});

test(`one upload from standard input that lasts ${SECONDS} s outlives its keys many times`, {
  timeout: TIMEOUT,
}, async () => {
  const child = spawn(
    process.execPath,
    [
      BUILT_FILE,
      "cp",
      "-",
      "s3://soak/stream",
      "--endpoint-url",
      bed.server.url,
      "--region",
      "us-east-1",
      "--quiet",
    ],
    {
      env: { PATH: process.env.PATH, AWS_CONTAINER_CREDENTIALS_FULL_URI: bed.endpoint.uri },
      stdio: ["pipe", "inherit", "pipe"],
    },
  );
  const errors: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, "close");
  const hash = createHash("sha256");
  const started = Date.now();
  const watch = new Watch(child.pid);
  for (let step = 0; step < STEPS; step++) {
    const chunk = Buffer.alloc(TOTAL / STEPS, `step ${step} `);
    hash.update(chunk);
    if (!child.stdin.write(chunk)) await once(child.stdin, "drain");
    // The pace is the load, not a wait for something to have happened.
    await new Promise((resolve) => setTimeout(resolve, (SECONDS * 1000) / STEPS));
  }
  // What it does with the rest after the end of its input is no trend.
  const seen = watch.end();
  child.stdin.end();
  const [code] = await ended;
  expect(Buffer.concat(errors).toString()).toBe("");
  expect(code).toBe(0);
  const stored = bed.server.object("soak", "stream");
  expect(
    createHash("sha256")
      .update(stored?.body ?? "")
      .digest("hex"),
  ).toBe(hash.digest("hex"));
  expect(bed.server.bucket("soak").uploads.size).toBe(0);
  expectRenewals(bed, Date.now() - started);
  expectFlat(seen);
});
