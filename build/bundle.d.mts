export const ROOT: string;

/** What build.mjs writes, and what it is made of. */
export interface Bundle {
  readonly code: string;
  /** The source files that went into each part, from the root of the project. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** The bytes that each source file costs in each part. */
  readonly sizes: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

export function bundle(): Promise<Bundle>;
