import { expect } from "vitest";
import type { Snapshot } from "./bed/snapshot.js";
import type { Outcome } from "./bed/stage.js";
import { errorFaults } from "./errors.js";
import type { Aspect, Difference, Expectation, ParityLine } from "./line.js";
import { FATAL } from "./normalise.js";

const ASPECTS: readonly Aspect[] = ["code", "stdout", "stderr", "files", "objects"];

/** For the message of a failed comparison: what the two printed. */
function transcript(aws: Outcome, ours: Outcome): string {
  const tell = (name: string, { run }: Outcome) =>
    `${name}: exit ${run.code}\n${run.stdout.toString().slice(0, 2000)}${run.stderr.slice(0, 2000)}`;
  return `\n${tell("aws", aws)}\n${tell("ours", ours)}\n`;
}

/** Names of what is there, with its text: what an expectation lists. Links, folders and fifos count by name alone. */
function texts(snapshot: Snapshot): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot).map(([name, { text }]) => [name, text]));
}

/** Holds our outcome to what the table says of it. */
export function expectOutcome(ours: Outcome, expected: Expectation): void {
  const said = `exit ${ours.run.code}\n${ours.run.stdout}${ours.run.stderr}`;
  if (expected.code !== undefined) expect(ours.code, said).toBe(expected.code);
  if (expected.stdout instanceof RegExp) expect(ours.stdout.join("\n"), said).toMatch(expected.stdout);
  else if (expected.stdout !== undefined)
    expect([...ours.stdout].sort(), said).toEqual([...expected.stdout].sort());
  if (expected.stderr !== undefined) expect(ours.run.stderr).toMatch(expected.stderr);
  if (expected.files !== undefined) expect(texts(ours.files), said).toEqual(expected.files);
  if (expected.objects !== undefined) expect(texts(ours.objects), said).toEqual(expected.objects);
  for (const [key, pattern] of Object.entries(expected.described ?? {}))
    expect(ours.objects[key]?.about, said).toMatch(pattern);
}

/** What was copied, and what is said of it, are the same; the words of a failure are compared elsewhere. */
export function expectSameCopies(aws: Outcome, ours: Outcome, line: ParityLine): void {
  for (const aspect of ASPECTS) {
    if (aspect === "stderr" || line.ignore?.[aspect] !== undefined) continue;
    expect(ours[aspect], `${aspect}${transcript(aws, ours)}`).toEqual(aws[aspect]);
  }
}

/** Different where the table says so, and there as it says; the same in everything else. */
export function expectParity(aws: Outcome, ours: Outcome, line: ParityLine): void {
  const difference: Difference | undefined = line.differs;
  const told = transcript(aws, ours);
  for (const aspect of ASPECTS) {
    if (line.ignore?.[aspect] !== undefined) continue;
    if (difference?.in.includes(aspect))
      expect(ours[aspect], `${aspect} no longer differs${told}`).not.toEqual(aws[aspect]);
    else if (aspect === "stderr" && aws.stderr.includes(FATAL)) expect(ours.run.stderr, told).not.toBe("");
    else expect(ours[aspect], `${aspect}${told}`).toEqual(aws[aspect]);
  }
  const saysItself = difference?.in.includes("stderr") || difference?.ours.stderr !== undefined;
  if (line.ignore?.stderr === undefined && !saysItself) expect(errorFaults(aws, ours), told).toEqual([]);
  if (difference !== undefined) expectOutcome(ours, difference.ours);
}
