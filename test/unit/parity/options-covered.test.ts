import { describe, expect, it } from "vitest";
import { verbs } from "../../../src/s3-side.js";
import { splitCommand } from "../../parity/split-command.js";
import { TABLE } from "../../parity/table.js";

/** The options that stand in some line of the parity table, by verb. */
function optionsInTable(verb: string): Set<string> {
  const commands = TABLE.flatMap(({ lines }) => lines.map(({ command }) => splitCommand(command)));
  const words = commands.filter(([first]) => first === verb).flat();
  return new Set(words.flatMap((word) => (word.startsWith("--") ? [word.slice(2).split("=")[0] ?? ""] : [])));
}

describe("the parity table", () => {
  for (const name of ["cp", "sync", "ls"]) {
    it(`has a line for every option of ${name}`, () => {
      const verb = verbs.find((candidate) => candidate.name === name);
      const options = verb!.groups.flatMap((group) => group.options.map((option) => option.name));
      const tried = optionsInTable(name);
      // What cp shares with sync and ls is one mechanism: a line of cp stands for it.
      const shared = name === "cp" ? tried : new Set([...tried, ...optionsInTable("cp")]);
      expect(options.filter((option) => !shared.has(option))).toEqual([]);
    });
  }

  it("has at least 150 lines that run through both programs", () => {
    const both = TABLE.flatMap(({ lines }) => lines.filter((line) => line.newer === undefined));
    expect(both.length).toBeGreaterThanOrEqual(150);
  });
});
