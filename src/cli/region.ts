import type { Environment } from "../context.js";

/** The region that the environment names; an empty variable counts as unset. */
export function regionOf(env: Environment): string | undefined {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined;
}
