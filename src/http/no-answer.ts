import { causeOf, lastOf, systemError } from "../system-error.js";
import { UnreadableAnswer } from "./unreadable-answer.js";

/** More came on a connection than the answer to what was asked: which of it is the answer is not known. */
export class SurplusBytes extends Error {
  constructor() {
    super("the server sent more than the answer");
  }
}

/** The server has sent nothing for so long (`--cli-read-timeout`): it may still be working on what it was asked. */
export class Silence extends Error {
  readonly code = "ERR_SILENT";

  /** @param ms the limit */
  constructor(ms: number) {
    super(`the server fell silent for ${ms / 1000} s`);
  }
}

/** The server gave no answer, or not the whole of it. */
export class NoAnswer extends Error {
  /** Whether the sink had seen the answer's head: then the request cannot simply be made again. */
  readonly begun: boolean;
  /** S3's name for what was asked. */
  operation = "";
  /** Whether it was asked without TLS. */
  overHttp = false;
  /** How often it was asked, each time in vain. */
  tries = 1;

  constructor(cause: unknown, begun: boolean) {
    super(systemError(cause).message, { cause });
    this.begun = begun;
  }
}

const UNREADABLE = "ERR_UNREADABLE_ANSWER";

/** What is wrong with an answer, in words for a line that begins with what was asked; any other error as it is. */
export function unreadable(error: unknown): Error {
  if (!(error instanceof UnreadableAnswer)) return error as Error;
  const fault = error.reason === "malformed" ? "not valid HTTP" : "too large";
  return Object.assign(new Error(`the answer is ${fault}: ${error.message}`), { code: UNREADABLE });
}

/** Whether the server has answered, in a form that cannot be read. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof NoAnswer && causeCode(error) === UNREADABLE;
}

/** Causes that are looked at: a chain may end in itself. */
const DEEPEST = 20;

/** The system's or OpenSSL's code somewhere in a chain of causes. */
export function causeCode(error: unknown): string | undefined {
  let cause = error;
  for (let depth = 0; cause !== undefined && depth < DEEPEST; depth++) {
    const last = lastOf(cause);
    const { code } = systemError(cause);
    if (last === undefined && code !== undefined) return code;
    cause = last ?? causeOf(cause);
  }
  return undefined;
}

/** Whether the other side broke the connection off, or took none: busy servers do. */
export function isReset(error: unknown): boolean {
  return error instanceof NoAnswer && /^(ECONNRESET|ECONNREFUSED|EPIPE)$/.test(causeCode(error) ?? "");
}

/** Whether a server had the whole request, and took too long for an answer: it may still be working on it. */
export function isSilent(error: unknown): error is NoAnswer {
  return error instanceof NoAnswer && causeCode(error) === "ERR_SILENT";
}

/** Whether there was no descriptor for the connection. */
export function lacksSocket(error: unknown): boolean {
  return error instanceof NoAnswer && /^E[MN]FILE$/.test(causeCode(error) ?? "");
}
