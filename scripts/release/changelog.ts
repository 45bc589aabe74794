/** An entry of CHANGELOG.md, as https://keepachangelog.com has it. */
export interface ChangelogEntry {
  readonly version: string;
  /** `2026-11-27` */
  readonly date: string;
  readonly text: string;
}

/** The released entries, newest first; `[Unreleased]` is none. */
export function changelogEntries(changelog: string): ChangelogEntry[] {
  const sections = changelog.split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const [, version, date] = section.match(/^\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})\n/) ?? [];
    if (version === undefined || date === undefined) return [];
    const text = section.slice(section.indexOf("\n") + 1).replace(/^\[[^\]]+\]: .*$/gm, "");
    return [{ version, date, text: text.trim() }];
  });
}
