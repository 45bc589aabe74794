import { expect, it } from "vitest";
import { shellWords } from "../../../src/profiles/shell-words.js";

it.each<[string, string[] | undefined]>([
  ["profile a", ["profile", "a"]],
  [" profile \t a\n", ["profile", "a"]],
  ['profile "a b"', ["profile", "a b"]],
  ["profile 'a \"b'", ["profile", 'a "b']],
  ["profile a\"b\"'c'", ["profile", "abc"]],
  ['profile "a\\"b\\\\c\\d"', ["profile", 'a"b\\c\\d']],
  ["profile a\\ b", ["profile", "a b"]],
  ["profile ''", ["profile", ""]],
  ["profile a#b", ["profile", "a#b"]],
  ["profile\u00a0a", ["profile\u00a0a"]],
  ['profile "a', undefined],
  ["profile 'a", undefined],
  ['profile "a\\"', undefined],
  ["profile a\\", undefined],
  ["", []],
])("%j is split into %j, as Python's shlex does", (text, words) => expect(shellWords(text)).toEqual(words));
