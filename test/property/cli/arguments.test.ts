import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Invocation } from "../../../src/cli/invocation.js";
import { parseArguments } from "../../../src/cli/parse-arguments.js";
import { checkedExit, checkedParse } from "../../support/argument-checks.js";
import { ALL_VERBS, randomArguments } from "../../support/random-arguments.js";

describe("any command line", () => {
  it("parses, or fails as a usage error in one line", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL_VERBS), randomArguments, (verb, args) => checkedParse(verb, args)),
      { numRuns: 500 },
    );
  });

  it("ends with an exit code of ours, without an internal error", async () => {
    await fc.assert(
      fc.asyncProperty(randomArguments, (args) => checkedExit(args)),
      { numRuns: 150 },
    );
  });

  it("means the same with its options before or after the operands", () => {
    const verb = ALL_VERBS.find(({ name }) => name === "cp");
    if (verb === undefined) throw new Error("no cp");
    const options = ["--recursive", "--region=x", "--include=*", "--exclude=a"];
    fc.assert(
      fc.property(fc.shuffledSubarray(options), fc.nat(), fc.nat(), (given, one, two) => {
        const args = [...given];
        const first = one % (args.length + 1);
        args.splice(first, 0, "a");
        args.splice(first + 1 + (two % (args.length - first)), 0, "b");
        expect(parseArguments(verb, args)).toEqual(
          new Invocation("cp", parseArguments(verb, [...given, "a", "b"]).options, ["a", "b"]),
        );
      }),
    );
  });
});
