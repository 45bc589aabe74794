import type { Section } from "./parse-ini.js";
import { shellWords, UnsplittableCommand } from "./shell-words.js";

type Sections = ReadonlyMap<string, Section>;

/** What a config file holds: its profiles, and what they refer to. */
export interface ConfigSections {
  readonly profiles: Sections;
  readonly services: Sections;
  readonly ssoSessions: Sections;
  /** Sections that mean nothing in a config file: profiles, where they stand in a credentials file. */
  readonly others: Sections;
}

const KINDS = ["profile", "services", "sso-session"] as const;

/** `x` of `profile x`; undefined where there are not exactly two words. */
function namedBy(header: string): string | undefined {
  try {
    const words = shellWords(header);
    return words.length === 2 ? words[1] : undefined;
  } catch (error) {
    // The AWS CLI passes over such a section.
    if (error instanceof UnsplittableCommand) return undefined;
    throw error;
  }
}

/**
 * Sorts the sections of a config file (botocore's build_profile_map): `[default]`, `[profile x]` and `[services x]`; of two
 * that come to the same name the later one stays.
 */
export function configSections(sections: Sections): ConfigSections {
  const found = {
    profile: new Map<string, Section>(),
    services: new Map<string, Section>(),
    "sso-session": new Map<string, Section>(),
  };
  const others = new Map<string, Section>();
  for (const [header, section] of sections) {
    const kind = header === "default" ? "profile" : KINDS.find((each) => header.startsWith(each));
    const name = header === "default" ? header : namedBy(header);
    if (kind !== undefined && name !== undefined) found[kind].set(name, section);
    if (header === "default" || kind === undefined || name === undefined) others.set(header, section);
  }
  return { profiles: found.profile, services: found.services, ssoSessions: found["sso-session"], others };
}
