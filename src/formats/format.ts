import type { Credentials } from "../credentials/credentials.js";

export interface FormatOptions {
  /** AWS_REGION; undefined: not known. */
  readonly region: string | undefined;
  /** AWS_DEFAULT_REGION, where it is another one. */
  readonly defaultRegion?: string | undefined;
  /** The section of an INI file. */
  readonly section: string;
}

/** One way to write credentials down. */
export interface Format {
  readonly name: string;
  /**
   * The text, ending in a newline.
   *
   * @throws Failure (255) when the format cannot hold a value
   */
  readonly write: (credentials: Credentials, options: FormatOptions) => string;
  /**
   * For a format that a shell evaluates as it comes: the line that makes the evaluation itself fail, since
   * `eval "$(…)" && next` sees no exit code but that of the last line evaluated.
   */
  readonly failureLine?: string;
}
