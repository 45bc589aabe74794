import { describe, expect, it } from "vitest";
import type { Verb } from "../../../src/cli/verb.js";
import { Failure } from "../../../src/failure.js";
import { tableOf } from "../../support/all-verbs.js";
import { parsed } from "../../support/parsed.js";

const verb: Verb = {
  name: "cp",
  synopsis: "fetch-creds.js cp SRC DST",
  operands: { min: 2, max: 2 },
  description: "",
  examples: [],
  groups: [
    {
      title: "",
      options: [
        { name: "recursive", summary: "" },
        { name: "include", value: "PATTERN", repeated: true, summary: "" },
        { name: "region", value: "NAME", summary: "" },
        {
          name: "sse",
          value: "ALGORITHM",
          choices: ["AES256", "aws:kms"],
          optionalValue: "AES256",
          summary: "",
        },
        { name: "format", value: "FORMAT", choices: ["env", "fish"], summary: "" },
        { name: "help", summary: "" },
      ],
    },
  ],
  run: async () => 0,
};
const exec: Verb = { ...verb, name: "exec", operands: { min: 0, max: 0 }, takesCommand: true };

const read = (args: string[], of = verb) => {
  const { options, operands, command } = parsed(of, args);
  return {
    options: options.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)),
    operands,
    command,
  };
};

const failure = (args: string[], of = verb): Failure => {
  try {
    parsed(of, args);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error(`${args} was accepted`);
};

describe("parseArguments", () => {
  it.each([
    [["a", "b"], [], ["a", "b"]],
    [["--recursive", "a", "b"], ["recursive"], ["a", "b"]],
    [["a", "b", "--recursive"], ["recursive"], ["a", "b"]],
    [["a", "--region", "eu-west-1", "b"], ["region=eu-west-1"], ["a", "b"]],
    [["a", "--region=eu-west-1", "b"], ["region=eu-west-1"], ["a", "b"]],
    [["a", "b", "--region="], ["region="], ["a", "b"]],
    [["a", "b", "--region=a=b"], ["region=a=b"], ["a", "b"]],
    [["a", "b", "--region=two\nlines"], ["region=two\nlines"], ["a", "b"]],
    [["-", "b"], [], ["-", "b"]],
    [["a", "b", "--region", "-"], ["region=-"], ["a", "b"]],
    // By Python's argparse, which reads the AWS CLI's lines.
    [["a", "b", "--region", "-5"], ["region=-5"], ["a", "b"]],
    [["a", "b", "--region", "-.5"], ["region=-.5"], ["a", "b"]],
    [["a", "b", "--region", "-x y"], ["region=-x y"], ["a", "b"]],
    [["a", "b", "--region=-x"], ["region=-x"], ["a", "b"]],
    [
      ["--include", "a", "a", "b", "--include=--c"],
      ["include=a", "include=--c"],
      ["a", "b"],
    ],
    [["a", "b", "--sse"], ["sse=AES256"], ["a", "b"]],
    [["--sse", "a", "b"], ["sse=AES256"], ["a", "b"]],
    [["--sse", "aws:kms", "a", "b"], ["sse=aws:kms"], ["a", "b"]],
    [["a", "b", "--sse=aws:kms"], ["sse=aws:kms"], ["a", "b"]],
    [["a", "b", "-h"], ["help"], ["a", "b"]],
    [[" ", "b"], [], [" ", "b"]],
  ])("reads %j", (args, options, operands) => {
    expect(read(args)).toEqual({ options, operands, command: undefined });
  });

  it("takes what stands after -- as operands when the verb has no command", () => {
    expect(read(["a", "--", "--b"])).toEqual({ options: [], operands: ["a", "--b"], command: undefined });
  });

  it("leaves what stands after -- unread when the verb has one", () => {
    expect(read(["--recursive", "--", "aws", "--help", "--", "x"], exec)).toEqual({
      options: ["recursive"],
      operands: [],
      command: ["aws", "--help", "--", "x"],
    });
  });

  it.each([
    [["a", "b", "--recursiv"], "unknown-option", "--recursive"],
    [["a", "b", "--Region=x"], "unknown-option", "--region"],
    [["a", "b", "--rec"], "unknown-option", "--recursive"],
    [["a", "b", "-r"], "unknown-option", "See: node fetch-creds.js cp --help"],
    [["a", "b", "--constructor"], "unknown-option", "See:"],
    [["a", "b", "--region"], "missing-value", "--region NAME"],
    [["a", "b", "--region", "--recursive"], "missing-value", "--region=NAME"],
    [["a", "b", "--region", "--no-such"], "missing-value", "--region=NAME"],
    [["a", "b", "--region", "-h"], "missing-value", "--region=NAME"],
    [["a", "b", "--region", "-x"], "missing-value", "--region=NAME"],
    [["a", "b", "--region", "-5x"], "missing-value", "--region=NAME"],
    [["a", "b", "--recursive=yes"], "unexpected-value", "See:"],
    [["a", "b", "--format", "fihs"], "not-a-choice", "fish"],
    [["a", "b", "--format="], "not-a-choice", "env, fish"],
    [["a", "b", "--sse=x"], "not-a-choice", "AES256, aws:kms"],
    [["a"], "missing-operand", "cp SRC DST"],
    [["a", "b", "c"], "unexpected-operand", "cp SRC DST"],
  ])("refuses %j: %s", (args, id, hint) => {
    const { id: found, hint: fix, exitCode } = failure(args);
    expect({ found, exitCode }).toEqual({ found: id, exitCode: 252 });
    expect(fix).toContain(hint);
  });

  it.each([[[]], [["aws"]], [["--"]]])("wants a command after --: %j", (args) => {
    expect(failure(args, exec).id).toBe("missing-command");
  });

  it("refuses operands before --", () => {
    expect(failure(["aws", "--", "s3"], exec).id).toBe("unexpected-operand");
  });

  it.each([
    [["a", "s3://b", "--constructor"], "unknown-option"],
    [["a", "s3://b", "--toString=x"], "unknown-option"],
    [["a", "s3://b", "--checksum-algorithm", "constructor"], "not-a-choice"],
  ])("finds nothing of JavaScript's own in the tables of cp: %j", (args, id) => {
    expect(failure(args, tableOf("cp"))).toMatchObject({ id, exitCode: 252 });
  });
});
