import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { changelogEntries } from "../../../scripts/release/changelog.js";

const CHANGELOG = readFileSync("CHANGELOG.md", "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const KINDS = /^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/;

describe("CHANGELOG.md", () => {
  const entries = changelogEntries(CHANGELOG);

  it("begins with what is not released yet, then this version", () => {
    expect(CHANGELOG.match(/^## .*$/m)?.[0]).toBe("## [Unreleased]");
    expect(entries[0]?.version).toBe(version);
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
