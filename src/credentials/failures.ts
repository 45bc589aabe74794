import { statSync } from "node:fs";
import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { systemError, wordsFor } from "../system-error.js";
import type { SourceDescription } from "./credentials.js";
import { shownName } from "./endpoint.js";
import { CREDENTIALS_SECRET, FULL_URI, RELATIVE_URI } from "./variables.js";

/** A value and what named it. The value is never printed: it holds the id. */
export type NamedValue = Pick<SourceDescription, "name" | "place"> & { readonly value: string };

const exitCode = ExitCode.configuration;

/** What went wrong in the system's words, without the call and the path that Node puts around them. */
export function reason(cause: unknown): string {
  const { code, message } = systemError(cause);
  const words: Record<string, string> = {
    EACCES: "permission denied",
    EISDIR: "it is a directory",
    ENOENT: "no such file",
    ENOTDIR: "no such file",
    ELOOP: "too many symbolic links",
    ENXIO: "it is not a regular file",
  };
  return wordsFor(words, code) ?? printable(code ?? message);
}

/** `verify --raw` of a source that is no endpoint. */
export function noRawBody(source: string): Failure {
  return new Failure("no-raw-body", {
    message: `there is no endpoint's response to show: the credentials come from ${source}`,
    hint: "leave --raw out, or name an endpoint with --uri",
    exitCode,
  });
}

const UNEXPANDED = /^["']?\$\{?\w|^%\w+%$|^\$env:/i;

function uriSymptom({ value }: NamedValue): string {
  if (UNEXPANDED.test(value))
    return "it is an unexpanded variable: the shell did not replace it (single quotes, exec form, or no ARG of that name in this stage)";
  if (/^["']/.test(value)) return "it begins with a quote: remove the quotes around the value";
  if (value.trim() === "") return "it is blank: the variable was empty where it was passed on";
  if (/^https?:/i.test(value)) return `put a full URL in ${FULL_URI}`;
  return "pass the variable on as it is, with its leading slash: /v2/credentials/…";
}

export function uriEmpty(name: string): Failure {
  return new Failure("uri-empty", {
    message: `${name} was given an empty value`,
    hint: `the variable was empty where it was passed on: outside CodeBuild and ECS, or no ARG ${RELATIVE_URI} after FROM in this stage`,
    exitCode,
  });
}

export function uriWithoutSlash(given: NamedValue): Failure {
  return new Failure("uri-no-slash", {
    message: `${shownName(given)} does not begin with a slash`,
    hint: uriSymptom(given),
    exitCode,
  });
}

export function uriWithControlCharacters(given: NamedValue): Failure {
  return new Failure("uri-control-character", {
    message: `${shownName(given)} holds a control character or bytes that are not UTF-8; nothing was sent`,
    hint: "most likely a line ending was kept: pass the value on as one line",
    exitCode,
  });
}

export function uriMalformed(given: NamedValue): Failure {
  if (given.value.startsWith("/")) return pathForFullUri(given);
  const symptom = UNEXPANDED.test(given.value) || /^["']|^\s*$/.test(given.value);
  return new Failure("uri-malformed", {
    message: `${shownName(given)} is neither a path that begins with / nor an http:// or https:// address`,
    hint: symptom ? uriSymptom(given) : "expected http://HOST[:PORT]/PATH, without backslashes",
    exitCode,
  });
}

function pathForFullUri(given: NamedValue): Failure {
  return new Failure("uri-malformed", {
    message: `${shownName(given)} is a path, not a whole address`,
    hint: `a path belongs in ${RELATIVE_URI}`,
    exitCode,
  });
}

export function uriSchemeRefused(given: NamedValue, scheme: string): Failure {
  return new Failure("uri-scheme", {
    message: `${shownName(given)} has the scheme ${printable(scheme)}: only http and https are supported`,
    hint: "expected http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH",
    exitCode,
  });
}

export function uriWithUserInfo(given: NamedValue): Failure {
  return new Failure("uri-user-info", {
    message: `${shownName(given)} holds user info (an @ before the path); nothing was sent`,
    hint: "what follows the @ is the host, whatever stands before it: remove the @ and what precedes it",
    exitCode,
  });
}

export function hostNotPermitted(given: Pick<NamedValue, "name" | "place">, host: string): Failure {
  return new Failure("uri-host", {
    message: `${shownName(given)}: ${printable(host)} is not allowed over plain http; nothing was sent`,
    hint: "http: is allowed for loopback, 169.254.170.2, 169.254.170.23 and fd00:ec2::23; use https: for any other host",
    exitCode,
  });
}

export function nameNotResolved(
  given: Pick<NamedValue, "name" | "place">,
  host: string,
  cause: unknown,
): Failure {
  const { code } = systemError(cause);
  return new Failure("uri-name", {
    message: `${shownName(given)}: the name ${printable(host)} cannot be resolved (${code ?? "no address"}); nothing was sent`,
    hint: "is the address spelled right? Over http:, only names of this machine are allowed",
    exitCode,
    cause,
  });
}

/** The user that this step runs as. */
function ownUid(): number {
  return statSync("/proc/self", { throwIfNoEntry: false })?.uid ?? 1000;
}

export function secretUnreadable(path: string, name: string, cause: unknown): Failure {
  const mount = `RUN --mount=type=secret,id=${name},uid=${ownUid()}`;
  const variable = name === CREDENTIALS_SECRET ? "" : `, or env=${name} with BuildKit`;
  const fix = `a secret belongs to root and has mode 0400: add uid=${ownUid()} or mode=0444 to its mount${variable}: ${mount} node fetch-creds.js`;
  return new Failure("secret-unreadable", {
    message: `cannot read the secret ${path}: ${reason(cause)}`,
    hint: systemError(cause).code === "EACCES" ? fix : `expected a small file with the value`,
    exitCode,
    cause,
  });
}

export function tokenFileUnusable(path: string, cause: unknown): Failure {
  return new Failure("token-file", {
    message: `cannot use the token file ${printable(path)} (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE): ${reason(cause)}; nothing was sent`,
    hint: "the file must contain the token alone, and this user must be able to read it",
    exitCode,
    cause,
  });
}

export function tokenMalformed(name: string): Failure {
  return new Failure("token-malformed", {
    message: `the authorization token from ${name} holds a control or non-ASCII character; nothing was sent`,
    hint: "a token is one line of printable ASCII; a newline at its end is ignored",
    exitCode,
  });
}
