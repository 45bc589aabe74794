import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { messageIds, stderrWriters, strayMakers } from "../../support/docs/message-ids.js";
import { printedMessages } from "../../support/docs/printed-messages.js";

const PAGE = readFileSync("docs/troubleshooting.md", "utf8");
const entries = [...PAGE.matchAll(/^### `([^`]+)`$/gm)].map(([, id = ""]) => id);
const messages = await printedMessages();

/** The lines that an entry begins with, `one` or `another`; none when its first paragraph has anything else. */
function quotedLines(id: string): string[] {
  const [, paragraph = ""] = PAGE.match(new RegExp(`^### \`${id}\`\\n(.*)\\n\\n`, "m")) ?? [];
  return /^`[^`]+`( or `[^`]+`)*$/.test(paragraph)
    ? paragraph.split(" or `").map((line) => line.replaceAll("`", ""))
    : [];
}

/** A quoted line as the expression that finds it: `…` is whatever was told. */
function finding(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".*"));
}

/** Letters that are not the user's own, to search for. */
const searchable = (line: string) => line.replaceAll(/[^A-Za-z]/g, "").length;

it("has an entry for every failure, warning and note, and none for what does not exist", () => {
  expect([...entries].sort()).toEqual(messageIds());
});

it("finds them all where they are made", () => {
  expect(messageIds().length).toBeGreaterThan(120);
  expect(strayMakers()).toEqual([]);
});

it("nothing else writes to stderr than what takes them, but for progress, --debug and --mask", () => {
  expect(stderrWriters().sort()).toEqual([
    "cli/debug.ts",
    "cli/run.ts",
    "cli/say.ts",
    "commands/export.ts",
    "commands/open-s3.ts",
    "output/progress.ts",
  ]);
});

it.each(messageIds())(
  "%s begins with a line that is printed, so that a message can be searched for",
  (id) => {
    const printed = [...(messages.get(id) ?? [])];
    expect(quotedLines(id).length, "a first paragraph of nothing but quoted lines").toBeGreaterThan(0);
    for (const line of quotedLines(id)) {
      expect(searchable(line), line).toBeGreaterThan(5);
      expect(
        printed.filter((message) => finding(line).test(message)),
        `${line} is none of ${printed.join(" | ")}`,
      ).not.toEqual([]);
    }
  },
);

it.each(messageIds())("%s quotes each line that is printed with this id", (id) => {
  const quoted = quotedLines(id).map(finding);
  const unquoted = [...(messages.get(id) ?? [])].filter(
    (message) => !quoted.some((line) => line.test(message)),
  );
  expect(unquoted).toEqual([]);
});
