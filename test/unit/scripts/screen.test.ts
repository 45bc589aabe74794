import { expect, it } from "vitest";
import { Screen, textOf } from "../../../scripts/pictures/screen.js";

function shown(...pieces: string[]): string {
  const screen = new Screen(20);
  for (const piece of pieces) screen.write(piece);
  return textOf(screen.rows());
}

it.each([
  ["a line that is written over", ["10 of 30\r\u001b[K20 of 30\r\u001b[Kdone\r\n"], "done"],
  ["a shorter line over a longer one", ["longer\rshort\r\n"], "shortr"],
  ["rows that are drawn anew", ["one\r\ntwo\r\n\u001b[2A\u001b[0Gthree\r\nfour\r\n"], "three\nfour"],
  ["a line longer than the terminal", ["0123456789012345678901\r\n"], "01234567890123456789\n01"],
  ["words longer together than the terminal", ["one two three four five\r\n"], "one two three four\nfive"],
  ["a word at its very end", ["one two three four s and\r\n"], "one two three four s\nand"],
  ["a long word behind blanks", ["  0123456789012345678901\r\n"], "  012345678901234567\n8901"],
  ["a sequence that comes in two pieces", ["gone\r\u001b", "[Kstays"], "stays"],
  ["blanks at the end of a row and rows at the end", ["text   \r\n   \r\n"], "text"],
])("shows %s", (_, pieces, text) => {
  expect(shown(...pieces)).toBe(text);
});

it("keeps colours as runs", () => {
  const screen = new Screen(20);
  screen.write("\u001b[1m\u001b[31mred\u001b[0m plain");
  expect(screen.rows()).toEqual([
    [
      { text: "red", style: "bold red" },
      { text: " plain", style: "" },
    ],
  ]);
});

it("refuses what it could only draw wrong", () => {
  expect(() => shown("\u001b[2;5H")).toThrow("no picture of");
});
