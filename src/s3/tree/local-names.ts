import type { SkipReason } from "../../output/notice.js";
import {
  FOLDER_NAME,
  FOLDER_WITH_BYTES,
  longName,
  NUL_IN_NAME,
  PARENT_IN_NAME,
  WINDOWS_NAME,
} from "./notices.js";

/** Longest name of a file on every common file system, in bytes. */
const LONGEST_NAME = 255;

/**
 * Why a key's name (relative to the source prefix) must not become a file below the target, for a warning;
 * undefined when it may. Decided on the text alone: what already lies on the disk is looked at by HeldFolders.
 */
export function localNameProblem(
  name: string,
  platform: "posix" | "windows" = "posix",
): SkipReason | undefined {
  if (name.includes("\0")) return NUL_IN_NAME;
  if (platform === "windows" && /[\\:]/.test(name)) return WINDOWS_NAME;
  // Most names have none of what follows.
  if (name.includes("..") && name.split("/").includes("..")) return PARENT_IN_NAME;
  if (name.endsWith("/")) return FOLDER_WITH_BYTES;
  if (name.endsWith("/.") || name === ".") return FOLDER_NAME;
  return name.length > LONGEST_NAME / 3 ? lengthProblem(name) : undefined;
}

function lengthProblem(name: string): SkipReason | undefined {
  const tooLong = name.split("/").some((part) => Buffer.byteLength(part) > LONGEST_NAME);
  return tooLong ? longName(LONGEST_NAME) : undefined;
}

/** The name as a file system reads it: `a//b`, `/a/b` and `a/./b` are all `a/b`. */
export function canonicalName(name: string): string {
  if (!/(^|\/)\.?(\/|$)/.test(name)) return name;
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}
