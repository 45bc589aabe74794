import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forkyRoot, inRoot } from "../support/forky/root.js";
import { inParallel } from "./bed/in-parallel.js";
import { startParityServer } from "./bed/server.js";
import { type Bed, type Outcome, type Program, Stage } from "./bed/stage.js";
import { expectOutcome, expectParity, expectSameCopies } from "./compare.js";
import { strangeLines } from "./errors.js";
import type { ParityLine } from "./line.js";
import { TABLE } from "./table.js";

/** Stages that are made ready at once. */
const PREPARED_AT_ONCE = 8;

let bed: Bed | undefined;
const stages = new Map<ParityLine, { aws?: Stage; crt?: Stage; ours: Stage }>();

/**
 * Whether the AWS CLI's other client for transfers is asked too: where something is copied, and is so by both. That client
 * takes no http endpoint from a variable. Between buckets the AWS CLI takes its own client, whatever is set.
 */
function isCopied(line: ParityLine): boolean {
  const { command, own, differs, ignore, ownEndpoint } = line;
  return (
    /^(cp|sync) /.test(command) &&
    !/s3:\/\/.* s3:\/\//.test(command) &&
    own === undefined &&
    differs === undefined &&
    ignore?.code === undefined &&
    !ownEndpoint
  );
}

const outcomes = new Map<Stage, Promise<Outcome>>();
const toldBy = new Map<Stage, Promise<Outcome>>();

/** What a program does of a line, once. */
function outcomeOf(stage: Stage): Promise<Outcome> {
  const outcome = outcomes.get(stage) ?? stage.run();
  outcomes.set(stage, outcome);
  return outcome;
}

/** What ours does of a line, in lines of ours alone. Where that is to say nothing, a second run tells that it is there. */
async function outcomeOfOurs(stage: Stage): Promise<Outcome> {
  const outcome = await outcomeOf(stage);
  expect(strangeLines(outcome)).toEqual([]);
  const { code, stdout, stderr } = outcome.run;
  if (code !== 0 || stdout.length > 0 || stderr !== "") return outcome;
  const told = toldBy.get(stage) ?? stage.run("--debug");
  toldBy.set(stage, told);
  expect((await told).run.stderr).toMatch(/^fetch-creds: debug: /m);
  return outcome;
}

/** What AWS CLI 2.36 says when its CRT client has lost a transfer, which it does now and then on a busy machine. */
const LOST_BY_CRT = "'NoneType' object has no attribute 'result'";
const CRT_TRIES = 3;
/** Of stages beside those of the table. */
let spare = 9000;

/** The same by the CRT client. A run in which that client failed by itself says nothing about the line, and is repeated. */
async function outcomeOfCrt(line: ParityLine): Promise<Outcome> {
  let outcome = await outcomeOf(stages.get(line)!.crt!);
  for (let tries = 1; tries < CRT_TRIES && outcome.run.stderr.includes(LOST_BY_CRT); tries++) {
    console.log(`the CRT client lost a transfer, and is run again: ${line.command}`);
    const again = new Stage(bed!, line, spare++, "crt");
    await again.prepare();
    outcome = await again.run();
  }
  return outcome;
}

/** PARITY_ONLY narrows the table while one works on a line. */
const only = new RegExp(process.env.PARITY_ONLY ?? "");
const groups = TABLE.map(({ title, lines }) => ({
  title,
  lines: lines.filter((line) => only.test(`${title}: ${line.command}`)),
})).filter(({ lines }) => lines.length > 0);

beforeAll(async () => {
  const root = await forkyRoot();
  if (root === undefined)
    throw new Error("Debian's testing suite, whose AWS CLI is the reference, is not here.");
  const server = await startParityServer();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "fetch-creds-parity-")));
  const made = { server, folder, awsCli: [...inRoot(root), "/usr/bin/aws"] };
  bed = made;
  // Everything is made ready before the first line runs, so that no object's time is that of a run.
  const lines = groups.flatMap((group) => group.lines);
  await inParallel(lines, PREPARED_AT_ONCE, async (line, index) => {
    const stage = (program: Program) => new Stage(made, line, index, program);
    const all = {
      ...(line.own === undefined ? { aws: stage("aws") } : {}),
      ...(isCopied(line) ? { crt: stage("crt") } : {}),
      ours: stage("ours"),
    };
    await Promise.all(Object.values(all).map((one) => one.prepare()));
    stages.set(line, all);
  });
});

afterAll(async () => {
  await bed?.server.close();
  if (bed !== undefined) rmSync(bed.folder, { recursive: true, force: true });
});

function titleOf(line: ParityLine, index: number): string {
  if (line.own !== undefined) return `${line.command} [ours alone] #${index}`;
  return `${line.command}${line.differs === undefined ? "" : ` [${line.differs.why}]`} #${index}`;
}

for (const { title, lines } of groups) {
  describe.concurrent(title, () => {
    for (const [index, line] of lines.entries()) {
      it(titleOf(line, index), async () => {
        const { aws, ours } = stages.get(line)!;
        const shown = await outcomeOfOurs(ours);
        if (line.shows !== undefined) expectOutcome(shown, line.shows);
        if (line.own !== undefined) expectOutcome(shown, line.own.ours);
        else expectParity(await outcomeOf(aws!), shown, line);
      });
    }
  });
}

for (const { title, lines } of groups) {
  const copied = lines.filter(isCopied);
  if (copied.length === 0) continue;
  describe.concurrent(`${title}, by the CRT client`, () => {
    for (const [index, line] of copied.entries()) {
      it(titleOf(line, index), async () => {
        const { ours } = stages.get(line)!;
        expectSameCopies(await outcomeOfCrt(line), await outcomeOfOurs(ours), line);
      });
    }
  });
}
