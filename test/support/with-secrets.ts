import { spawnSync } from "node:child_process";
import { CAN_CHOWN } from "./other-user.js";

/** The command line of a `node` that finds the files of a folder in /run/secrets. */
export const withSecrets = (from: string) => ({
  node: "unshare",
  nodeOptions: [
    ...["-m", "sh", "-ec"],
    'mount --make-rprivate /; mount -t tmpfs none /run; mkdir /run/secrets; cp -r "$0"/. /run/secrets; exec "$@"',
    ...[from, process.env.FETCH_CREDS_NODE ?? process.execPath],
  ],
});

export const CAN_MOUNT = CAN_CHOWN && spawnSync("unshare", ["-m", "true"]).status === 0;
