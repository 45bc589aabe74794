import { describe, expect, it } from "vitest";
import { chooseVerb } from "../../../src/cli/choose-verb.js";
import { DEFAULT_VERB, listedVerb } from "../../../src/cli/verbs.js";

const chosen = (...argv: string[]) => {
  const { verb, args, named } = chooseVerb(argv, DEFAULT_VERB, (word) => listedVerb(word) !== undefined);
  return `${named ? "" : "implied "}${verb}: ${args.join(" ")}`;
};

describe("chooseVerb", () => {
  it.each([
    [[], "implied verify: "],
    [["--json"], "implied verify: --json"],
    [["verify", "--json"], "verify: --json"],
    [["cp", "a", "b"], "cp: a b"],
    [["--debug", "cp", "a", "b"], "cp: --debug a b"],
    [["--uri", "/x", "export"], "export: --uri /x"],
    [["--uri=/x", "export"], "export: --uri=/x"],
    [["--expect-role", "cp"], "implied verify: --expect-role cp"],
    [["--region", "eu-west-1", "ls"], "ls: --region eu-west-1"],
    [["--regoin", "eu-west-1"], "implied verify: --regoin eu-west-1"],
    [["exprt", "cp"], "exprt: cp"],
    [["exec", "--", "cp"], "exec: -- cp"],
    [["--", "cp"], "implied verify: -- cp"],
    [["export", "verify"], "export: verify"],
  ])("%j", (argv, expected) => {
    expect(chosen(...argv)).toBe(expected);
  });
});
