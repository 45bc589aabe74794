// The verbs of the S3 side.
export { cacheKeyVerb } from "./commands/cache-key.js";
// STS is asked with a signed request too: from here, so that the signer is carried once.
export { callerOf } from "./commands/caller.js";
export { cpVerb } from "./commands/cp.js";
export { doctorVerb } from "./commands/doctor.js";
export { lsVerb } from "./commands/ls.js";
export { connectionOf } from "./commands/options/store-options.js";
export { stsFor } from "./commands/sts.js";
export { syncVerb } from "./commands/sync.js";
