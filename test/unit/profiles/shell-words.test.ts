import { describe, expect, it } from "vitest";
import { shellWords, UnsplittableCommand } from "../../../src/profiles/shell-words.js";

describe("a command", () => {
  it.each<[string, string[]]>([
    ["", []],
    [" \t\r\n", []],
    ["aws-vault exec  deploy\t--json", ["aws-vault", "exec", "deploy", "--json"]],
    ["  a b  ", ["a", "b"]],
    ["'a b' \"c d\"", ["a b", "c d"]],
    ["a'b c'd", ["ab cd"]],
    ["'' \"\"", ["", ""]],
    ["a''", ["a"]],
    ["a\\ b", ["a b"]],
    ["\\a\\'", ["a'"]],
    ["a\\\nb", ["a\nb"]],
    ['"a\\"b"', ['a"b']],
    ['"a\\\\b"', ["a\\b"]],
    ['"a\\$b\\n"', ["a\\$b\\n"]],
    ["'a\\b'", ["a\\b"]],
    ["'a\"b' \"c'd\"", ['a"b', "c'd"]],
    ["a # b", ["a", "#", "b"]],
    ["#a", ["#a"]],
    ["a|b; c && d > e $HOME `f` ~/g *", ["a|b;", "c", "&&", "d", ">", "e", "$HOME", "`f`", "~/g", "*"]],
    ["a\u00a0b\u2028c\vd\fe", ["a\u00a0b\u2028c\vd\fe"]],
    ["\u00e9 \u{1f600}", ["\u00e9", "\u{1f600}"]],
  ])("%j is %j, as for shlex.split", (command, words) => {
    expect(shellWords(command)).toEqual(words);
  });

  it.each(["'a", '"a', '"a\\"', "a\\", "'a\\", '"a\\'])("%j is none", (command) => {
    expect(() => shellWords(command)).toThrow(UnsplittableCommand);
  });
});
