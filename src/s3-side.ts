import type { Verb } from "./cli/verb.js";
import { cacheKeyVerb } from "./commands/cache-key.js";
import { cpVerb } from "./commands/cp.js";
import { doctorVerb } from "./commands/doctor.js";
import { lsVerb } from "./commands/ls.js";
import { syncVerb } from "./commands/sync.js";

// STS is asked with a signed request too: from here, so that the signer is carried once.
export { callerOf } from "./commands/caller.js";

/** The verbs of the S3 side. */
export const verbs: readonly Verb[] = [cpVerb, syncVerb, lsVerb, cacheKeyVerb, doctorVerb];
