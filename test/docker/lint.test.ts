import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { command } from "../support/docker/command.js";
import { parseDockerfile, runCommand } from "../support/docker/dockerfile.js";
import { HADOLINT_RULES } from "../support/docker/dockerfile-rules.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const RECIPES = readdirSync("docs/recipes")
  .map((name) => join("docs/recipes", name, "Dockerfile"))
  .filter((file) => existsSync(file));
const FILES = ["Dockerfile.example", ...RECIPES];
const RULES = HADOLINT_RULES;

function brokenRules(text: string): string[] {
  const instructions = parseDockerfile(text);
  return RULES.filter((rule) => rule.broken(instructions).length > 0).map((rule) => rule.name);
}

describe.each(FILES)("%s", (file) => {
  const text = readFileSync(file, "utf8");

  it("keeps the rules of hadolint", () => {
    expect(brokenRules(text)).toEqual([]);
  });

  it("needs no frontend from a registry", () => {
    expect(text).not.toMatch(/^#\s*syntax=/im);
  });

  it.skipIf(!existsSync("/usr/bin/shellcheck"))(
    "has RUN lines that ShellCheck (hadolint's SC rules) passes",
    async () => {
      using folder = temporaryFolder();
      const runs = parseDockerfile(text).filter(
        ({ name, rest }) => name === "RUN" && !runCommand(rest).startsWith("["),
      );
      for (const { rest } of runs) {
        writeFileSync(folder.at("run.sh"), `${runCommand(rest)}\n`);
        // The build's ARGs are in the environment of a RUN.
        const result = await command("/usr/bin/shellcheck", [
          "--shell=sh",
          "--exclude=SC2154",
          folder.at("run.sh"),
        ]);
        expect(result.code, result.output).toBe(0);
      }
    },
  );
});

describe("the rules see what they look for", () => {
  const WRONG: readonly (readonly [rules: readonly string[], text: string])[] = [
    [["DL3025"], "FROM a:1\nCMD x\n"],
    [["DL4000"], "FROM a:1\nMAINTAINER x\n"],
    [["DL3000"], "FROM a:1\nWORKDIR x\n"],
    [["DL3024"], "FROM a:1 AS b\nFROM a:1 AS b\n"],
    [["DL4003"], 'FROM a:1\nCMD ["x"]\nCMD ["y"]\n'],
    [["DL3002"], "FROM a:1\nUSER root\n"],
    [["DL3003"], "FROM a:1\nRUN cd /x && y\n"],
    [["DL3004"], "FROM a:1\nRUN sudo x\n"],
    [["DL3006"], "FROM a\n"],
    [["DL3007"], "FROM a:latest\n"],
    [["DL3008"], "FROM a:1\nRUN apt-get install x\n"],
    [["DL3020"], "FROM a:1\nADD x /y\n"],
    [["DL3021"], "FROM a:1\nCOPY x y /z\n"],
    [["DL3022"], "FROM a:1\nCOPY --from=b /x /y\n"],
    [["DL3045"], "FROM a:1\nCOPY x y\n"],
    [["DL3059"], "FROM a:1\nRUN x\nRUN y\n"],
    [["DL4006"], "FROM a:1\nRUN x | y\n"],
  ];

  it.each(WRONG)("%j", (rules, text) => expect(brokenRules(text)).toEqual(rules));

  it("each of them", () => {
    expect(new Set(WRONG.flatMap(([rules]) => rules))).toEqual(new Set(RULES.map((rule) => rule.name)));
  });
});
