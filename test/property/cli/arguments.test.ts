import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Invocation } from "../../../src/cli/invocation.js";
import { ALL_VERBS } from "../../support/all-verbs.js";
import { checkedExit, checkedParse } from "../../support/argument-checks.js";
import { parsed as parse } from "../../support/parsed.js";
import { commandLines, verbAndArguments } from "../../support/random-arguments.js";
import { Share } from "../../support/share.js";

describe("any command line", () => {
  it("parses, or fails as a usage error in one line", () => {
    const parsed = new Share();
    fc.assert(
      fc.property(verbAndArguments, ([verb, args]) => void parsed.count(checkedParse(verb, args))),
      { numRuns: 500 },
    );
    parsed.expectAtLeast(0.12, 0.8);
  });

  it("ends with an exit code of ours, without an internal error", async () => {
    const run = new Share();
    const good = new Share();
    await fc.assert(
      fc.asyncProperty(commandLines, async (args) => {
        const code = await checkedExit(args);
        if (run.count(code !== undefined)) good.count(code !== 252);
      }),
      { numRuns: 300 },
    );
    run.expectAtLeast(0.2);
    good.expectAtLeast(0.04);
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
        expect(parse(verb, args)).toEqual(
          new Invocation("cp", parse(verb, [...given, "a", "b"]).options, ["a", "b"]),
        );
      }),
    );
  });
});
