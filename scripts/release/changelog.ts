/** An entry of CHANGELOG.md, as https://keepachangelog.com has it. */
export interface ChangelogEntry {
  readonly version: string;
  /** `2026-11-27` */
  readonly date: string;
  /** The sha256 of the fetch-creds.js that was released so. */
  readonly digest?: string;
  readonly text: string;
}

const HEADING = /^\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})\n/;
const UNRELEASED = "## [Unreleased]\n";
const DIGEST = /^sha256 of fetch-creds\.js: `([0-9a-f]{64})`$/m;

const bodyOf = (section: string) =>
  section
    .slice(section.indexOf("\n") + 1)
    .replace(DIGEST, "")
    .replace(/^\[[^\]]+\]: .*$/gm, "")
    .trim();

const sectionsOf = (changelog: string) => changelog.split(/^## /m).slice(1);

/** The released entries, newest first; `[Unreleased]` is none. */
export function changelogEntries(changelog: string): ChangelogEntry[] {
  return sectionsOf(changelog).flatMap((section) => {
    const [, version, date] = section.match(HEADING) ?? [];
    if (version === undefined || date === undefined) return [];
    const [, digest] = section.match(DIGEST) ?? [];
    return [{ version, date, ...(digest === undefined ? {} : { digest }), text: bodyOf(section) }];
  });
}

/** What stands under `[Unreleased]`; empty when nothing does. */
export function unreleasedText(changelog: string): string {
  return bodyOf(sectionsOf(changelog).find((section) => section.startsWith("[Unreleased]\n")) ?? "");
}

/**
 * What a release says of its changes: the entry of its version, or, before it is dated, what is not released yet.
 *
 * @param digest the sha256 of the fetch-creds.js that is released
 * @throws when the entries are not those of these bytes
 */
export function changesOf(changelog: string, version: string, digest: string): string {
  const entry = changelogEntries(changelog).find((each) => each.version === version);
  const unreleased = unreleasedText(changelog);
  if (entry !== undefined && unreleased !== "")
    throw new Error(
      `CHANGELOG.md has an entry for ${version}, and more under [Unreleased]: these bytes need the next version`,
    );
  if (entry === undefined) {
    if (unreleased === "") throw new Error(`CHANGELOG.md says nothing of ${version}`);
    return unreleased;
  }
  if (entry.digest !== digest)
    throw new Error(
      `CHANGELOG.md: ${version} is the entry of ${entry.digest ?? "no known bytes"}, but the build gives ${digest}`,
    );
  return entry.text;
}

/** Gives what is not released yet its version, its date and its bytes. */
export function dated(changelog: string, { version, date, digest }: Omit<ChangelogEntry, "text">): string {
  if (unreleasedText(changelog) === "") throw new Error("CHANGELOG.md has nothing under [Unreleased]");
  if (changelogEntries(changelog).some((entry) => entry.version === version))
    throw new Error(`CHANGELOG.md has an entry for ${version} already: run npm version first`);
  return changelog.replace(
    UNRELEASED,
    `${UNRELEASED}\n## [${version}] - ${date}\n\nsha256 of fetch-creds.js: \`${digest}\`\n`,
  );
}
