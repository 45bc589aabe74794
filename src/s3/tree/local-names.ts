/** Longest name of a file on every common file system, in bytes. */
const LONGEST_NAME = 255;

/**
 * Why a key's name (relative to the source prefix) must not become a file below the target, in words for a warning;
 * undefined when it may. Decided on the text alone: what already lies on the disk is looked at by TargetFolders.
 */
export function localNameProblem(name: string, platform: "posix" | "windows" = "posix"): string | undefined {
  if (name.includes("\0")) return "Its name holds a NUL character.";
  if (platform === "windows" && /[\\:]/.test(name)) return "Its name holds a backslash or a colon.";
  // Most names have none of what follows.
  if (name.includes("..") && name.split("/").includes("..")) return "File references a parent directory.";
  if (name.endsWith("/")) return "Its name is a folder's, yet it holds bytes.";
  if (name.endsWith("/.") || name === ".") return "Its name is a folder's.";
  return name.length > LONGEST_NAME / 3 ? lengthProblem(name) : undefined;
}

function lengthProblem(name: string): string | undefined {
  const tooLong = name.split("/").some((part) => Buffer.byteLength(part) > LONGEST_NAME);
  return tooLong ? `Part of its name is longer than ${LONGEST_NAME} bytes.` : undefined;
}

/** The name as a file system reads it: `a//b`, `/a/b` and `a/./b` are all `a/b`. */
export function canonicalName(name: string): string {
  if (!/(^|\/)\.?(\/|$)/.test(name)) return name;
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}
