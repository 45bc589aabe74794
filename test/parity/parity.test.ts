import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AWS_CLI, AwsCli } from "./bed/aws-cli.js";
import { inParallel } from "./bed/in-parallel.js";
import { startParityServer } from "./bed/server.js";
import { type Bed, Stage } from "./bed/stage.js";
import { expectOutcome, expectParity } from "./compare.js";
import type { ParityLine } from "./line.js";
import { TABLE } from "./table.js";

/** Stages that are made ready at once. */
const PREPARED_AT_ONCE = 8;

let bed: Bed | undefined;
const stages = new Map<ParityLine, { aws: Stage | undefined; ours: Stage }>();

/** PARITY_ONLY narrows the table while one works on a line. */
const only = new RegExp(process.env.PARITY_ONLY ?? "");
const groups = TABLE.map(({ title, lines }) => ({
  title,
  lines: lines.filter((line) => only.test(`${title}: ${line.command}`)),
})).filter(({ lines }) => lines.length > 0);

beforeAll(async () => {
  expect(existsSync(AWS_CLI), `the AWS CLI of Debian (${AWS_CLI}) is missing: apt-get install awscli`).toBe(
    true,
  );
  const server = await startParityServer();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "fetch-creds-parity-")));
  const made = { server, folder, awsCli: new AwsCli() };
  bed = made;
  // Everything is made ready before the first line runs, so that no object's time is that of a run.
  const lines = groups.flatMap((group) => group.lines);
  await inParallel(lines, PREPARED_AT_ONCE, async (line, index) => {
    const aws = line.newer === undefined ? new Stage(made, line, index, "aws") : undefined;
    const ours = new Stage(made, line, index, "ours");
    await Promise.all([aws?.prepare(), ours.prepare()]);
    stages.set(line, { aws, ours });
  });
});

afterAll(async () => {
  await bed?.awsCli.close();
  await bed?.server.close();
  if (bed !== undefined) rmSync(bed.folder, { recursive: true, force: true });
});

function titleOf(line: ParityLine, index: number): string {
  if (line.newer !== undefined) return `${line.command} [${line.newer.since}] #${index}`;
  return `${line.command}${line.differs === undefined ? "" : ` [${line.differs.why}]`} #${index}`;
}

for (const { title, lines } of groups) {
  describe.concurrent(title, () => {
    for (const [index, line] of lines.entries()) {
      it(titleOf(line, index), async () => {
        const { aws, ours } = stages.get(line)!;
        const shown = await ours.run();
        if (line.newer !== undefined) expectOutcome(shown, line.newer.ours);
        else expectParity(await aws!.run(), shown, line);
      });
    }
  });
}
