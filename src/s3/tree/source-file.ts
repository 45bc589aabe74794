import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { descriptorOf } from "../../paths/descriptor-paths.js";
import { checkInherited } from "../../paths/inherited-descriptor.js";
import type { OpenFolder } from "../../paths/open-folder.js";
import { ForeignLink, openPlace } from "../../paths/walk.js";
import type { OpenFile } from "../store.js";
import { linkOfAnother, notRegular } from "./failures.js";
import type { HeldFolders } from "./held-folders.js";

export interface SourceRule {
  readonly uid: number | undefined;
  /** Follows a link that is the file's name. */
  readonly follows: boolean;
}

/**
 * Opens a file of a tree to be read.
 *
 * @param shown the file's path for people
 * @throws Failure `foreign-link`, `source-not-regular`; the system's error, ELOOP for a link that is not to be followed
 */
export function openSourceBelow(
  folders: HeldFolders,
  name: string,
  shown: string,
  rule: SourceRule,
): OpenFile {
  return folders.inFolder(name, (_, { folder }, last) => opened(shown, rule, last, folder));
}

/** The same of a path. Our own streams (`/dev/stdin`) are what they were opened as. */
export function openSource(path: string, rule: SourceRule): OpenFile {
  const own = descriptorOf(path);
  if (own === undefined) return opened(path, rule, path);
  checkInherited(own);
  return regular(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), path, undefined);
}

/** Most often it is no link: that is tried first, for it takes no look at what stands there. */
function opened(shown: string, rule: SourceRule, path: string, from?: OpenFolder): OpenFile {
  try {
    return openedFrom(shown, { ...rule, follows: false }, path, from);
  } catch (error) {
    if (!rule.follows || (error as NodeJS.ErrnoException).code !== "ELOOP") throw error;
    return openedFrom(shown, rule, path, from);
  }
}

function openedFrom(shown: string, { uid, follows }: SourceRule, path: string, from?: OpenFolder): OpenFile {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0, O_NOCTTY = 0 } = constants;
  const flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY;
  try {
    const place = openPlace(path, { uid, ownersOwn: true }, follows, from);
    try {
      const at = `${place.folder.path}/${place.name}`;
      return regular(openSync(at, flags), shown, place.owner);
    } finally {
      place.close();
    }
  } catch (error) {
    throw error instanceof ForeignLink ? linkOfAnother(error.path) : error;
  }
}

/** What was opened may be another than what was looked at: a fifo in a file's place would never end. */
function regular(fd: number, shown: string, owner: number | undefined): OpenFile {
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR", syscall: "open" });
    if (!stats.isFile()) throw notRegular(shown);
    if (owner !== undefined && stats.uid !== owner) throw linkOfAnother(shown);
    return { fd, stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
