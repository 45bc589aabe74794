import type { Context } from "../context.js";
import type { Profiles } from "../profiles/profiles.js";
import type { SourceDescription } from "./credentials.js";
import type { SourceSearch } from "./find-source.js";

/** What a step of the chain looks at. */
export interface Around {
  readonly search: Pick<SourceSearch, "timeoutMs" | "sts">;
  readonly context: Context;
  readonly profiles: Profiles;
  /** Reads them again, for keys that were renewed there; throws as the first time. */
  readonly reread: () => Profiles;
  /** The profile that is looked at: the one in force, or one that it names as its source. */
  readonly profile: string;
  /** The profile in force. */
  readonly inForce: string;
  /** Whether variables of keys and of web identity count: not with `--profile`, nor for the source of a profile. */
  readonly withVariables: boolean;
  /** The one file that the profiles are of, where they are not those of the AWS CLI's two files. */
  readonly file?: SourceDescription;
}

/** `~/.aws/config, profile deploy`: how a setting of a profile is named in messages. */
export function namedSetting(file: string, profile: string): string {
  return `${file}, profile ${profile}`;
}
