import { chmodSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const PRELOAD = resolve(import.meta.dirname, "../../support/count-access.cjs");

describe.skipIf(process.platform === "win32")("sync asks the system whether a file may be read", () => {
  const world = builtWorld();

  it.each([
    { what: "of no file that its owner, who runs it, may read", mode: 0o600, asks: false },
    { what: "of each that its mode closes to its owner", mode: 0o000, asks: true },
  ])("$what", async ({ mode, asks }) => {
    const place = world.place({ a: "x", b: "y" });
    for (const name of ["a", "b"]) chmodSync(`${place}/${name}`, mode);
    const count = `${world.place()}/count`;
    await world.run(["sync", place, `s3://${world.bucket()}/`, "--dryrun"], {
      env: { COUNT_ACCESS: count },
      nodeOptions: ["-r", PRELOAD],
    });
    expect(Number(readFileSync(count, "utf8")) > 0).toBe(asks);
  });
});
