import { beforeEach, describe, expect, it } from "vitest";
import { ExitCode, Failure } from "../../../../src/failure.js";
import { Notice } from "../../../../src/output/notice.js";
import type { TransferNames } from "../../../../src/output/transfer-events.js";
import { Report } from "../../../../src/s3/plan/report.js";
import { PlanWorld } from "../../../support/plan-world.js";

let world: PlanWorld;
let report: Report;
beforeEach(() => {
  world = new PlanWorld();
  report = world.report();
});

const A: TransferNames = { operation: "upload", source: "./a", destination: "s3://b/a" };
const DOWN: TransferNames = { operation: "download", source: "s3://b/a", destination: "./a" };
const failure = (id: string) => new Failure(id, { message: id, exitCode: ExitCode.failed });
const summary = () => world.events.at(-1);
const NOTHING = { done: 0, failed: 0, skipped: 0, warnings: 0, transfers: 0, first: undefined };

describe("the report of a copy", () => {
  it("of nothing is 0, and its totals are 0", () => {
    expect(report.finish()).toBe(0);
    expect(world.events).toEqual([{ event: "summary", ...NOTHING }]);
    expect([world.cleared, world.flushed]).toEqual([1, 1]);
  });

  it("counts what is done, shown, left alone, failed and warned of; failed ones make it 1", () => {
    report.done(A, 3);
    report.dryRun(A, 3);
    report.skipped(A, "exists");
    report.failed(A, failure("first"), "");
    report.failed(DOWN, failure("second"), "");
    report.warned(new Notice("w", "words"));
    report.warnedAsAsked(new Notice("w", "words"));
    report.unverified(A, "it has none");
    report.noted(new Notice("n", "words"));
    expect(report.failures).toBe(2);
    expect(report.finish()).toBe(1);
    expect(summary()).toMatchObject({
      event: "summary",
      ...{ done: 1, failed: 2, skipped: 1, warnings: 2, transfers: 4 },
      first: { transfer: A, failure: { id: "first" } },
    });
  });

  it("is 2 when something was left out, and 0 when that was asked for", () => {
    report.warnedAsAsked(new Notice("w", "words"));
    expect(report.finish()).toBe(0);
    report.skippedFile("a", { id: "why", text: "Because." });
    expect(report.finish()).toBe(2);
    expect(world.said).toContain("warning: why: Skipping file a. Because.");
  });

  it("tells progress how far it is", () => {
    report.expect(10);
    report.expect(0);
    report.grow(5);
    report.onBytes(4);
    expect(world.state).toEqual({
      bytes: 4,
      expectedBytes: 15,
      files: 0,
      failed: 0,
      expectedFiles: 2,
      final: false,
    });
    report.onBytes(-1);
    report.planned();
    report.done(A);
    expect(world.state).toMatchObject({ bytes: 3, files: 1, final: true });
    report.skipped(A, "exists");
    report.failed(A, failure("f"));
    expect(world.state).toMatchObject({ files: 2, failed: 1 });
    const { length } = world.states;
    report.dryRun(A);
    expect(world.states).toHaveLength(length);
  });

  it.each([
    [A, "Cannot read x: permission denied (EACCES)"],
    [DOWN, "Cannot write x: permission denied (EACCES)"],
  ])("names the file of the system's error, which was read or written", (transfer, message) => {
    report.failed(transfer, Object.assign(new Error("no"), { code: "EACCES", syscall: "open" }), "x");
    expect(world.events).toEqual([
      expect.objectContaining({ failure: expect.objectContaining({ message }) }),
    ]);
  });

  it("tells progress before a line is said, and takes it away before the totals, which are handed over", () => {
    const made = () => {
      const log: string[] = [];
      const note = (what: string) => void log.push(what);
      const ordered = new Report(
        { say: ({ event }) => note(event), flush: () => note("flush") },
        { moved: () => note("moved"), clear: () => note("clear") },
      );
      return { ordered, log };
    };
    const { ordered, log } = made();
    ordered.done(A);
    ordered.skipped(A, "exists");
    ordered.finish();
    expect(log).toEqual(["moved", "done", "moved", "skipped", "clear", "summary", "flush"]);
    const ended = made();
    ended.ordered.silence();
    expect(ended.log).toEqual(["clear", "interrupted", "flush"]);
  });

  it("what stops it all is said once", () => {
    const end = failure("end");
    report.stopped(end);
    expect(end.told).toBe(true);
    expect(world.events).toEqual([{ event: "error", failure: end }]);
  });

  it("says nothing more after a signal but what is left alone, and its totals stand", () => {
    report.done(A);
    report.failed(A, failure("f"));
    report.silence();
    expect(summary()).toMatchObject({ event: "interrupted", done: 1, failed: 1, transfers: 2 });
    expect([world.cleared, world.flushed]).toEqual([1, 1]);
    const [events, states] = [world.events.length, world.states.length];
    report.done(A);
    report.failed(A, failure("f"));
    report.warned(new Notice("w", "words"));
    report.unverified(A, "it has none");
    report.onBytes(1);
    const end = failure("end");
    report.stopped(end);
    expect(end.told).toBe(true);
    expect(report.finish()).toBe(1);
    expect([world.events.length, world.states.length]).toEqual([events, states]);
    expect(world.flushed).toBe(2);
  });
});
