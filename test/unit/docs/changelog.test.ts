import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { changelogEntries, changesOf, dated, unreleasedText } from "../../../scripts/release/changelog.js";

const CHANGELOG = readFileSync("CHANGELOG.md", "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const KINDS = /^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/;

describe("CHANGELOG.md", () => {
  const entries = changelogEntries(CHANGELOG);

  it("begins with what is not released yet, then this version", () => {
    expect(CHANGELOG.match(/^## .*$/m)?.[0]).toBe("## [Unreleased]");
    // Before its release, the version has no entry of its own.
    expect(entries[0]?.version === version).toBe(unreleasedText(CHANGELOG) === "");
  });

  it("goes back in time, without a version twice", () => {
    const dates = entries.map(({ date }) => date);
    expect(dates).toEqual([...dates].sort().reverse());
    expect(new Set(entries.map((entry) => entry.version)).size).toBe(entries.length);
    for (const date of dates) expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
  });

  it("uses the headings of keepachangelog.com, each with something below", () => {
    for (const { text } of entries) {
      const headings = text.match(/^### .*$/gm) ?? [];
      expect(headings.length).toBeGreaterThan(0);
      for (const heading of headings) expect(heading).toMatch(KINDS);
      expect(text).toMatch(/^- /m);
    }
  });
});

describe("what a release says of its changes", () => {
  const BYTES = "a".repeat(64);
  const OTHERS = "b".repeat(64);
  const changelog = (...sections: string[]) => `# Changelog\n\n${sections.join("\n\n")}\n`;
  const entry = (version: string, digest?: string) =>
    `## [${version}] - 2026-11-27\n${digest === undefined ? "" : `\nsha256 of fetch-creds.js: \`${digest}\`\n`}\n### Added\n\n- In ${version}.`;
  const UNRELEASED = "## [Unreleased]\n\n### Fixed\n\n- New.";
  const NOTHING = "## [Unreleased]";

  it("is what is not released yet, under the new version", () => {
    expect(changesOf(changelog(UNRELEASED, entry("0.1.0")), "0.2.0", BYTES)).toBe("### Fixed\n\n- New.");
  });

  it("is the entry of its version and bytes", () => {
    const released = changelog(NOTHING, entry("0.2.0", BYTES), entry("0.1.0", OTHERS));
    expect(changesOf(released, "0.2.0", BYTES)).toBe("### Added\n\n- In 0.2.0.");
  });

  it.each([
    [
      "the version is out, and more has changed",
      changelog(UNRELEASED, entry("0.2.0", BYTES)),
      /next version/,
    ],
    ["the entry is of other bytes", changelog(NOTHING, entry("0.2.0", OTHERS)), /entry of bbbb.* gives aaaa/],
    ["the entry is of no known bytes", changelog(NOTHING, entry("0.2.0")), /entry of no known bytes/],
    ["nothing is said of the version", changelog(NOTHING, entry("0.1.0", BYTES)), /says nothing of 0\.2\.0/],
  ])("is refused when %s", (_, text, words) => {
    expect(() => changesOf(text, "0.2.0", BYTES)).toThrow(words);
  });

  it("is dated by npm run release:prepare, and then stands", () => {
    const before = changelog(UNRELEASED, entry("0.1.0"));
    const after = dated(before, { version: "0.2.0", date: "2026-12-01", digest: BYTES });
    expect(unreleasedText(after)).toBe("");
    expect(changelogEntries(after)[0]).toEqual({
      version: "0.2.0",
      date: "2026-12-01",
      digest: BYTES,
      text: "### Fixed\n\n- New.",
    });
    expect(changesOf(after, "0.2.0", BYTES)).toBe("### Fixed\n\n- New.");
    expect(() => dated(after, { version: "0.2.0", date: "2026-12-01", digest: BYTES })).toThrow(
      "nothing under",
    );
    expect(() => dated(before, { version: "0.1.0", date: "2026-12-01", digest: BYTES })).toThrow(
      "npm version",
    );
  });
});
