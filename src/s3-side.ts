import type { Verb } from "./cli/verb.js";

/** The verbs of the S3 side. */
export const verbs: readonly Verb[] = [];
