import { readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { Failure } from "../../../../src/failure.js";
import { carried, uncarried } from "../../../../src/s3/threads/messages.js";
import { Outbox } from "../../../../src/s3/threads/outbox.js";
import { BUILT_FILE } from "../../../support/built-file.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const COUNT = 400;

/** A store of the world whose second thread runs a script of the test's. */
function storeWith(world: StoreWorld, script: string, renewed?: () => Promise<never>) {
  const { env } = world.server;
  const steps: string[] = [];
  const keys = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
  };
  let expired = false;
  const store = world.open({
    credentials: () => (expired && renewed !== undefined ? renewed() : keys),
    expire: () => {
      expired = true;
    },
  });
  Object.assign(world.context, {
    scriptPath: script,
    debugging: true,
    debug: (step: string) => steps.push(step),
  });
  return { store, steps };
}

/** Downloads a key a millisecond, until `enough` have been begun; each result. */
async function download(
  { store }: ReturnType<typeof storeWith>,
  world: StoreWorld,
  enough: (begun: number) => boolean,
) {
  const running: Promise<unknown>[] = [];
  while (!enough(running.length)) {
    const key = `k${running.length % COUNT}`;
    const target = { kind: "file", path: world.folder.at(key) } as const;
    const run = store.download({ bucket: "b", key }, target, { size: 2 });
    run.catch(() => undefined);
    running.push(run);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return Promise.allSettled(running);
}

describe.runIf(availableParallelism() > 1)("a second thread", () => {
  const script = (world: StoreWorld, text: string) => {
    const path = world.folder.at("thread.cjs");
    writeFileSync(path, `const { parentPort } = require("node:worker_threads");\n${text}`);
    return path;
  };

  it.each([
    {
      what: "ends in the middle of its jobs",
      text: `parentPort.postMessage({ ready: true }); parentPort.on("message", () => process.exit(3));`,
    },
    {
      what: "throws in the middle of its jobs",
      text: `parentPort.postMessage({ ready: true }); parentPort.on("message", () => { throw new Error("x"); });`,
    },
    { what: "never comes up", text: "process.exit(1);" },
    { what: "is no program", text: "(" },
  ])("that $what costs nothing: all is done by the first", async ({ text }) => {
    const world = await storeWorld();
    for (let index = 0; index < COUNT; index++) world.server.put("b", `k${index}`, "ok");
    const lost = storeWith(world, script(world, text));
    const results = await download(lost, world, (begun) => begun >= COUNT);
    await lost.store.close();
    expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
    expect(readdirSync(world.folder.path).filter((name) => name.startsWith("k"))).toHaveLength(COUNT);
  });

  it("fails with the words of the credentials' failure, and does not wait for ever", async () => {
    const world = await storeWorld();
    for (let index = 0; index < COUNT; index++) world.server.put("b", `k${index}`, "ok");
    const failing = storeWith(world, BUILT_FILE, async () => {
      throw new Failure("endpoint-gone", { message: "no keys any more", exitCode: 254 });
    });
    const helps = () => failing.steps.some((step) => step.startsWith("[2] "));
    world.server.instead = () =>
      helps()
        ? {
            status: 400,
            headers: { "content-type": "application/xml" },
            body: Buffer.from("<Error><Code>ExpiredToken</Code><Message>m</Message></Error>"),
          }
        : undefined;
    let left = 200;
    const results = await download(failing, world, () => helps() && --left === 0);
    await failing.store.close();
    const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(reasons.length).toBeGreaterThan(50);
    expect(new Set(reasons.map(({ id, message }) => `${id}: ${message}`))).toEqual(
      new Set(["endpoint-gone: no keys any more"]),
    );
  });
});

describe("an error between threads", () => {
  it("is the same Failure there", () => {
    const failure = new Failure("s3-denied", { message: "m", hint: "h", exitCode: 1 });
    const arrived = uncarried(structuredClone(carried(failure)));
    expect(arrived).toBeInstanceOf(Failure);
    expect(arrived).toMatchObject({
      id: "s3-denied",
      message: "m",
      hint: "h",
      exitCode: 1,
      stack: failure.stack,
    });
  });

  it("of ours stays a bug, with its stack", () => {
    const bug = new TypeError("x is undefined");
    const arrived = uncarried(structuredClone(carried(bug)));
    expect(arrived).not.toBeInstanceOf(Failure);
    expect(arrived).toMatchObject({ message: "x is undefined", stack: bug.stack });
  });
});

describe("an outbox", () => {
  it("posts once for all of one turn", async () => {
    let posts = 0;
    const outbox = new Outbox(() => posts++);
    outbox.soon();
    outbox.later();
    outbox.soon();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(posts).toBe(1);
  });

  it("posts what can wait as well, a little later", async () => {
    await new Promise<void>((resolve) => new Outbox(resolve).later());
  });
});
