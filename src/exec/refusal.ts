import { systemError, wordsFor } from "../system-error.js";

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ENOENT: "its interpreter or loader is not there",
  E2BIG: "its arguments and environment are too long",
  ENOEXEC: "it is not a program for this machine",
  ETXTBSY: "somebody is writing to it",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "its name is too long",
  ERR_ACCESS_DENIED: "Node's permission model forbids it (--allow-child-process)",
};

/** Why the system, or Node, would not start a command. */
export function refusal(error: unknown): string {
  const { code, message } = systemError(error);
  return wordsFor(WORDS, code) ?? code ?? message;
}
