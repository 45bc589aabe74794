import { describe, expect, it } from "vitest";
import { splitCommand } from "../../parity/split-command.js";
import { TABLE } from "../../parity/table.js";
import { tableOf } from "../../support/all-verbs.js";

/** The options that stand in some line of the parity table, by verb. */
function optionsInTable(verb: string): Set<string> {
  const commands = TABLE.flatMap(({ lines }) => lines.map(({ command }) => splitCommand(command)));
  const words = commands.filter(([first]) => first === verb).flat();
  return new Set(words.flatMap((word) => (word.startsWith("--") ? [word.slice(2).split("=")[0] ?? ""] : [])));
}

/** Where the keys come from, and what is the parser's: one mechanism for every verb. */
const OF_EVERY_VERB = [
  ...[
    "uri",
    "credentials-file",
    "profile",
    "timeout",
    "if-available",
    "expect-role",
    "expect-account",
    "min-ttl",
  ],
  ...["sts", "endpoint-url-sts", "help", "version", "debug", "cli-read-timeout", "cli-connect-timeout"],
  "addressing-style",
];

/** Whose keys: tried beside the AWS CLI in the table of identities (test/parity/identity), and in test/e2e. */
const OF_IDENTITY: readonly string[] = [
  ...["web-identity", "instance-role", "role-arn", "role-session-name", "external-id", "duration"],
];

/** Headers of new objects and what has no effect: lines of cp stand for them, since sync hands them on unread. */
const HANDED_ON_BY_SYNC = [
  ...["grants", "sse-c-copy-source", "sse-c-copy-source-key", "content-disposition"],
  ...["content-encoding", "content-language", "expires", "region"],
  ...["follow-symlinks", "guess-mime-type", "progress"],
];

/** The options for which a line of cp is enough. */
const TRIED_BY_CP: Readonly<Record<string, readonly string[]>> = {
  cp: [],
  sync: [...OF_EVERY_VERB, ...HANDED_ON_BY_SYNC],
  ls: OF_EVERY_VERB,
};

describe("the parity table", () => {
  it.each(Object.entries(TRIED_BY_CP))(
    "has a line of its own for every option of %s but those shared",
    (name, shared) => {
      const options = tableOf(name).groups.flatMap((group) => group.options.map((option) => option.name));
      const tried = optionsInTable(name);
      const here = options.filter((option) => !OF_IDENTITY.includes(option));
      expect(here.filter((option) => !tried.has(option)).sort()).toEqual([...shared].sort());
      const byCp = optionsInTable("cp");
      expect(shared.filter((option) => !byCp.has(option))).toEqual([]);
    },
  );

  it("has at least 150 lines that run through both programs", () => {
    const both = TABLE.flatMap(({ lines }) => lines.filter((line) => line.own === undefined));
    expect(both.length).toBeGreaterThanOrEqual(150);
  });
});
