import { describe, expect, it } from "vitest";
import { builtWorld, filesOf } from "../../support/built-world.js";

const world = builtWorld();

/** The events of a stream of JSON lines. */
const eventsOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe.concurrent("--json", () => {
  it("cp --recursive --dryrun: an event for each, and nothing that was done", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/b": "22" });
    const place = world.place();
    const args = ["cp", `s3://${bucket}/p`, ".", "--recursive", "--json"];
    const dry = await world.run([...args, "--dryrun"], { cwd: place });
    expect(eventsOf(dry.stdout).map(({ event }) => event)).toEqual(["dryrun", "dryrun", "summary"]);
    expect(eventsOf(dry.stdout).at(-1)).toMatchObject({ done: 0, failed: 0, skipped: 0, warnings: 0 });
    expect(filesOf(place)).toEqual({});
    const real = await world.run(args, { cwd: place });
    expect(eventsOf(real.stdout).at(-1)).toMatchObject({ event: "summary", done: 2 });
  });

  it("cp s3://b/k -: the object on stdout, the events on stderr", async () => {
    const bucket = world.bucket({ k: "bytes" });
    const { code, stdout, stderr } = await world.run(["cp", `s3://${bucket}/k`, "-", "--json"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "bytes" });
    expect(eventsOf(stderr).map(({ event }) => event)).toEqual(["done", "summary"]);
  });

  it("a warning has the id of its entry in docs/troubleshooting.md", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/../up": "2" });
    const place = world.place();
    const args = ["cp", `s3://${bucket}/p`, ".", "--recursive", "--json"];
    const { code, stdout } = await world.run(args, { cwd: place });
    expect(code).toBe(2);
    expect(eventsOf(stdout).find(({ event }) => event === "warning")).toEqual({
      event: "warning",
      id: "skipped-unsafe-name",
      message: "Skipping file ../up. File references a parent directory.",
    });
  });
});

describe.concurrent("--quiet", () => {
  it("says nothing of transfers that fail, but what ends the whole command", async () => {
    const bucket = world.bucket({ k: "x" });
    const place = world.place();
    const one = await world.run(["cp", `s3://${bucket}/no`, ".", "--quiet"], { cwd: place });
    expect(one).toMatchObject({ code: 1, stdout: "", stderr: "" });
    const all = await world.run(["sync", "s3://no-such-bucket/x", ".", "--quiet"], { cwd: place });
    expect(all).toMatchObject({ code: 1, stdout: "" });
    expect(all.stderr).toMatch(/^fetch-creds: An error occurred \(NoSuchBucket\)/);
  });
});
