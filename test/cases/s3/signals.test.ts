import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { RARE_SIGNALS } from "../../support/ending-signals.js";
import { startBuilt } from "../../support/run-built.js";
import { until } from "../../support/until.js";

const world = builtWorld();
const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGUSR1: 10 } as const;

/** Whether a process has a handler for a signal, by its number. */
function catches(pid: number, number: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return ((BigInt(`0x${mask ?? "0"}`) >> BigInt(number - 1)) & 1n) === 1n;
}

describe("a reader that goes away", () => {
  it("ends a listing quietly, as SIGPIPE would", async () => {
    const names = Array.from({ length: 3000 }, (_, index) => [`${"long".repeat(50)}${index}`, ""]);
    const bucket = world.bucket(Object.fromEntries(names));
    const { child, finished } = startBuilt(["ls", `s3://${bucket}`, "--page-size", "100"], {
      env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await finished).toMatchObject({ code: 141, stderr: "" });
  });
});

describe("a reader of an object that goes away", () => {
  it("ends the copy with 141, and one line", async () => {
    const bucket = world.bucket();
    world.server.put(bucket, "large", Buffer.alloc(20_000_000, "x"));
    const { child, finished } = startBuilt(["cp", `s3://${bucket}/large`, "-"], {
      env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const { code, stderr } = await finished;
    expect(code).toBe(141);
    expect(stderr).toContain("The reader of the output closed it.");
  });
});

describe("a signal in the middle of a copy", () => {
  it("ends one that waits for a fifo's reader", async () => {
    const bucket = world.bucket({ k: "x" });
    const place = world.place();
    execFileSync("mkfifo", [`${place}/fifo`]);
    const { child, finished } = startBuilt(["cp", `s3://${bucket}/k`, "fifo"], {
      cwd: place,
      env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    // Node itself catches SIGINT and SIGTERM from its start.
    await until(() => catches(child.pid!, NUMBERS.SIGHUP), child);
    child.kill("SIGHUP");
    expect((await finished).code).toBe(129);
  });

  it.each([...Object.entries(NUMBERS), ...RARE_SIGNALS])(
    "%s: the target as it was, no temporary file, 128 + %d",
    async (signal, number) => {
      const bucket = world.bucket({ "p/fast": "1" });
      world.server.put(bucket, "p/stuck", Buffer.alloc(20_000_000, "x"));
      const place = world.place({ stuck: "before" });
      // Half of each part but the first, and then nothing: the temporary file is there.
      world.server.alter = (answer, { method, key, headers }) =>
        method === "GET" && key === "p/stuck" && !/^bytes=0-/.test(`${headers.range}`)
          ? {
              ...answer,
              headers: { ...answer.headers, "content-length": `${answer.body.length}` },
              body: answer.body.subarray(0, answer.body.length / 2),
            }
          : answer;
      onTestFinished(() => {
        world.server.alter = undefined;
      });
      const { child, finished } = startBuilt(["cp", `s3://${bucket}/p`, ".", "--recursive"], {
        cwd: place,
        env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
      });
      const temporary = () => readdirSync(place).filter((name) => !["fast", "stuck"].includes(name));
      await until(() => existsSync(`${place}/fast`) && temporary().length === 1, child);
      child.kill(signal as NodeJS.Signals);
      const result = await finished;
      expect(result).toMatchObject({ code: 128 + number, signal: null });
      expect(result.stderr).toBe(`cancelled: ${signal} received\n`);
      expect(readdirSync(place).sort()).toEqual(["fast", "stuck"]);
      expect(readFileSync(`${place}/stuck`, "utf8")).toBe("before");
    },
  );
});
