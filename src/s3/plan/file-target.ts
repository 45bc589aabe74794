import type { RunningScript } from "../../paths/running-script.js";
import type { HeldPlace } from "../local/file-place.js";
import type { DownloadTarget } from "../store.js";
import { type HeldFolders, splitName } from "../tree/held-folders.js";
import { isRunningScript } from "./failures.js";

/**
 * A regular file below a root, for a download: its folder is opened when the file is made, and no sooner.
 *
 * @param shown the file's path for people
 * @param name relative to the root
 */
export function fileTarget(
  folders: HeldFolders,
  name: string,
  shown: string,
  script: RunningScript,
): DownloadTarget {
  const hold = (): HeldPlace => {
    const { folder: folderName, last } = splitName(name);
    const held = folders.hold(folderName);
    const path = `${held.path}/${last}`;
    return {
      path,
      checkFolder: () => held.folder.check(),
      checkTarget: () => {
        if (script.isAt(path)) throw isRunningScript(shown);
      },
      release: held.release,
    };
  };
  return { kind: "file", path: shown, hold };
}
