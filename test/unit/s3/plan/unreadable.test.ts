import { accessSync } from "node:fs";
import { beforeEach, expect, it, vi } from "vitest";
import { copy } from "../../../../src/s3/plan/cp.js";
import { sync } from "../../../../src/s3/plan/sync.js";
import { PlanWorld } from "../../../support/plan-world.js";

/** A system in which nobody may read, not even root. */
vi.mock("node:fs", async (original) => ({
  ...(await original<object>()),
  accessSync: vi.fn(() => {
    throw Object.assign(new Error("EACCES"), { code: "EACCES" });
  }),
}));

let world: PlanWorld;
beforeEach(() => {
  world = new PlanWorld();
  world.files({ "d/a": "1" });
  world.objects({ "p/a": "1" });
});

/** Of a file that is somebody else's, the system is asked. */
const work = () => world.work({}, { uid: undefined });
const WARNING = "warning: skipped-unreadable: Skipping file ROOT/d/a. File/Directory is not readable.";

it("a file that cannot be read is left out with a warning", async () => {
  const route = world.route("d/a", "s3://b/x");
  await copy(work(), { route, recursive: false, raw: false, versionId: undefined, expectedSize: undefined });
  expect(world.said).toEqual([WARNING]);
  expect(world.requests).toEqual([]);
  expect(accessSync).toHaveBeenCalled();
});

it("a sync warns of it too, though the object is there and the same", async () => {
  const route = world.route("d", "s3://b/p", true);
  await sync(work(), { route, delete: false, sizeOnly: true, exactTimestamps: false });
  expect(world.said).toEqual([WARNING]);
  expect(world.requests).toEqual([]);
});
