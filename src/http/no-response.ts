import { causeOf, lastOf, systemError } from "../system-error.js";
import { UnreadableResponse } from "./unreadable-response.js";

/** More came on a connection than the response to what was asked: which of it is the response is not known. */
export class SurplusBytes extends Error {
  constructor() {
    super("the server sent more than the response");
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

/** The server gave no response, or not the whole of it. */
export class NoResponse extends Error {
  /** Whether the sink had seen the response's head: then the request cannot simply be made again. */
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

/** What is wrong with a response, in words for a line that begins with what was asked; any other error as it is. */
export function unreadable(error: unknown): Error {
  if (!(error instanceof UnreadableResponse)) return error as Error;
  const fault = error.reason === "malformed" ? "not valid HTTP" : "too large";
  return Object.assign(new Error(`the response is ${fault}: ${error.message}`), { code: UNREADABLE });
}

/** Whether the server has answered, in a form that cannot be read. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof NoResponse && causeCode(error) === UNREADABLE;
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
  return error instanceof NoResponse && /^(ECONNRESET|ECONNREFUSED|EPIPE)$/.test(causeCode(error) ?? "");
}

/** Whether a server had the whole request, and took too long for a response: it may still be working on it. */
export function isSilent(error: unknown): error is NoResponse {
  return error instanceof NoResponse && causeCode(error) === "ERR_SILENT";
}

/** Whether there was no descriptor for the connection. */
export function lacksSocket(error: unknown): boolean {
  return error instanceof NoResponse && /^E[MN]FILE$/.test(causeCode(error) ?? "");
}
