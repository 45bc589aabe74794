import { spawnSync } from "node:child_process";

/** Where CodeBuild's and ECS' endpoint answers. */
export const CONTAINER_ADDRESS = "169.254.170.2";

const INSIDE = "FETCH_CREDS_DEMO_INSIDE";

/** A loopback device with that address on it, and the rest of the command in there. */
const SET_UP = `ip link set lo up && ip address add ${CONTAINER_ADDRESS}/32 dev lo && exec "$@"`;

function unshare(command: readonly string[], env: NodeJS.ProcessEnv, stdio: "inherit" | "ignore") {
  const args = ["--map-root-user", "--net", "sh", "-c", SET_UP, "sh", ...command];
  return spawnSync("unshare", args, { env, stdio }).status;
}

/** Whether this process has a network of its own, in which the endpoint's real address is ours. */
export const hasOwnNetwork = process.env[INSIDE] === "yes";

/**
 * Runs this program once more in a network of its own, which needs no root where the system lets users make one.
 *
 * @returns its exit code; undefined where that cannot be done, or has been
 */
export function againInOwnNetwork(): number | undefined {
  if (hasOwnNetwork || process.platform !== "linux") return undefined;
  const env = { ...process.env, [INSIDE]: "yes" };
  if (unshare(["true"], env, "ignore") !== 0) return undefined;
  return unshare([process.execPath, ...process.execArgv, ...process.argv.slice(1)], env, "inherit") ?? 1;
}
