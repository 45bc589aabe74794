import { hasControlCharacter, isBrokenText } from "../output/control-characters.js";
import type { Credentials } from "./credentials.js";
import { parseExpiration } from "./expiration.js";
import { isHtmlPage } from "./html-page.js";
import { accountOf, parseRoleArn } from "./role-name.js";

export interface ParsedCredentials {
  readonly kind: "credentials";
  readonly credentials: Credentials;
  /** There is no Token, but a SessionToken, which no SDK reads there. */
  readonly tokenMisnamed?: true;
}

/** What the body of a 200 turned out to be. `fault` says what was expected, never what was there. */
export type ParsedResponse =
  | ParsedCredentials
  /** Not JSON at all, or cut off: worth another try. */
  | { readonly kind: "unparsable"; readonly fault: string }
  | { readonly kind: "fault"; readonly fault: string }
  /** A 200 that carries an error, as the instance metadata service and some agents send. */
  | { readonly kind: "error"; readonly code: string; readonly message?: string };

type Fields = Readonly<Record<string, unknown>>;

const BYTE_ORDER_MARK = "\ufeff";

/** The text of UTF-8 bytes, without a byte order mark; undefined when they are none. */
function decoded(body: Buffer): string | undefined {
  const text = body.toString("utf8");
  if (!Buffer.from(text).equals(body)) return undefined;
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function parseFields(body: Buffer): Fields | string {
  const text = decoded(body);
  if (text === undefined) return "its body is not UTF-8";
  if (text.trim() === "") return "its body is empty";
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    return "its body is not a JSON object";
  } catch {
    return isHtmlPage(text) ? "with an HTML page instead of JSON" : "its body is not JSON";
  }
}

/** A field whose name may be written in either case. */
export function eitherCase(fields: Fields, name: string): unknown {
  return Object.entries(fields).find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

function isCleanText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !hasControlCharacter(value) && !isBrokenText(value);
}

function optionalText(value: unknown): string | undefined {
  return isCleanText(value) ? value : undefined;
}

/** CodeBuild's endpoint puts an opaque text there (`AQICAH…`): that tells of no role, and is kept nowhere. */
function roleIn({ RoleArn }: Fields): string | undefined {
  return isCleanText(RoleArn) && parseRoleArn(RoleArn) !== undefined ? RoleArn : undefined;
}

function accountIn({ AccountId }: Fields): string | undefined {
  return typeof AccountId === "string" && /^\d{12}$/.test(AccountId) ? AccountId : undefined;
}

function readCredentials(fields: Fields): ParsedResponse {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = fields;
  const fault = (text: string): ParsedResponse => ({ kind: "fault", fault: text });
  if (!isCleanText(AccessKeyId))
    return fault("AccessKeyId is not a non-empty string without control characters");
  if (!isCleanText(SecretAccessKey))
    return fault("SecretAccessKey is not a non-empty string without control characters");
  if (Token !== undefined && !isCleanText(Token))
    return fault("Token is not a non-empty string without control characters");
  if (Expiration === "") return fault("Expiration is empty");
  const expiration = typeof Expiration === "string" ? parseExpiration(Expiration) : undefined;
  if (Expiration !== undefined && expiration === undefined)
    return fault("Expiration is not an RFC 3339 date with a zone");
  const [named, account] = [roleIn(fields), accountIn(fields)];
  // Who names a role of another account tells neither.
  const agree = named === undefined || account === undefined || accountOf(named) === account;
  const roleArn = agree ? named : undefined;
  const accountId = agree ? (account ?? accountOf(named)) : undefined;
  return {
    kind: "credentials",
    ...(Token === undefined && fields.SessionToken !== undefined ? { tokenMisnamed: true } : {}),
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(Token === undefined ? {} : { sessionToken: Token }),
      ...(expiration === undefined ? {} : { expiration }),
      ...(roleArn === undefined ? {} : { roleArn }),
      ...(accountId === undefined ? {} : { accountId }),
    },
  };
}

/** A `Code`, in either case, that is not `Success`; with both spellings, either may be the error. */
function errorCodeIn(fields: Fields): string | undefined {
  const codes = Object.keys(fields).filter((name) => name.toLowerCase() === "code");
  const error = codes
    .map((name) => fields[name])
    .find((code) => code !== null && code !== "" && code !== "Success");
  return error === undefined || typeof error === "string" ? error : JSON.stringify(error);
}

/** Reads the body of a 200: every field that we use is checked, every other ignored. */
export function parseResponse(body: Buffer): ParsedResponse {
  const fields = parseFields(body);
  if (typeof fields === "string") return { kind: "unparsable", fault: fields };
  const code = errorCodeIn(fields);
  if (code !== undefined) {
    const message = optionalText(eitherCase(fields, "message"));
    return { kind: "error", code, ...(message === undefined ? {} : { message }) };
  }
  return readCredentials(fields);
}
