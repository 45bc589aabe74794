import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { failureIds, strayMakers } from "../../support/docs/failure-ids.js";
import { failureMessages } from "../../support/docs/failure-messages.js";

const PAGE = readFileSync("docs/troubleshooting.md", "utf8");
const entries = [...PAGE.matchAll(/^### `([^`]+)`$/gm)].map(([, id = ""]) => id);

/** The lines that an entry begins with: `one` or `another`. */
function quotedLines(id: string): string[] {
  const [, paragraph = ""] = PAGE.match(new RegExp(`^### \`${id}\`\\n(.*)\\n\\n`, "m")) ?? [];
  return paragraph.split(" or `").map((line) => line.replaceAll("`", ""));
}

/** A quoted line as the expression that finds it: `…` is whatever was told. */
function finding(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".*"));
}

it("has an entry for every failure, and none for what does not exist", () => {
  expect([...entries].sort()).toEqual(failureIds());
});

it("finds them all where failures are made", () => {
  expect(failureIds().length).toBeGreaterThan(100);
  expect(strayMakers()).toEqual([]);
});

it("begins each entry with a line that is printed, so that a message can be searched for", async () => {
  const messages = await failureMessages();
  const wrong = failureIds().flatMap((id) => {
    const printed = [...(messages.get(id) ?? [])];
    const unfound = quotedLines(id).filter((line) => !printed.some((message) => finding(line).test(message)));
    return unfound.map((line) => `${id}: ${line} is none of ${printed.join(" | ")}`);
  });
  expect(wrong).toEqual([]);
});
