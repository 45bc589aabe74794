import { expect } from "vitest";
import { chooseVerb } from "../../src/cli/choose-verb.js";
import { Run } from "../../src/cli/run.js";
import type { Verb } from "../../src/cli/verb.js";
import { DEFAULT_VERB, listedVerb } from "../../src/cli/verbs.js";
import { Failure } from "../../src/failure.js";
import { parsed } from "./parsed.js";
import { testContext } from "./test-context.js";

/** Parsing gives an invocation of known options, or a usage failure in one line. @returns whether it parses */
export function checkedParse(verb: Verb, args: readonly string[]): boolean {
  try {
    const { options, command } = parsed(verb, args);
    const known = verb.groups.flatMap((group) => group.options.map(({ name }) => name));
    for (const { name } of options) expect(known).toContain(name);
    if (verb.takesCommand) expect(command).toEqual(args.slice(args.indexOf("--") + 1));
    else expect(command).toBeUndefined();
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.exitCode).toBe(252);
    expect(error.hint).toBeTruthy();
    return false;
  }
}

/**
 * A main-side verb, run in a world without any source, ends with a code of the contract and in words of ours.
 *
 * @returns the code; undefined for a command line that is not run
 */
export async function checkedExit(args: readonly string[]): Promise<number | undefined> {
  const { verb } = chooseVerb(args, DEFAULT_VERB, (word) => listedVerb(word) !== undefined);
  // The others would look at the real disk; a command after -- would really run.
  if (listedVerb(verb) !== undefined && !["verify", "export"].includes(verb)) return undefined;
  const file = args.some((arg) => /^--(credentials-file|output|uri)/.test(arg));
  if (file) return undefined;
  // Nothing is sent to the real address of an instance.
  const context = testContext({ AWS_EC2_METADATA_DISABLED: "true" });
  const code = await new Run(args, context).toItsEnd();
  expect([0, 252, 253]).toContain(code);
  expect(context.stderr.text).not.toContain("internal error");
  if (code !== 0 && !args.includes("--debug"))
    expect(context.stderr.text).toMatch(/^fetch-creds: [^\n]*\n( {2}[^\n]*\n)*$/);
  expect(context.stderr.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  return code;
}
