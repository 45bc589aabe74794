import { hasControlCharacter, isBrokenText } from "../output/control-characters.js";
import type { Credentials, Expiration } from "./credentials.js";
import { parseExpiration } from "./expiration.js";
import { credentialsFileMalformed } from "./file-failures.js";
import { jsonKeys } from "./json-keys.js";
import { parseKeyValueLines } from "./key-value-lines.js";
import { accountOf, parseRoleArn } from "./role-name.js";
import {
  ACCESS_KEY_ID,
  CREDENTIAL_EXPIRATION,
  SECRET_ACCESS_KEY,
  SECURITY_TOKEN,
  SESSION_TOKEN,
} from "./variables.js";

/** The values of a file, as they stand there. */
interface RawKeys {
  readonly accessKeyId: unknown;
  readonly secretAccessKey: unknown;
  readonly sessionToken?: unknown;
  readonly expiration?: unknown;
  readonly roleArn?: unknown;
  readonly accountId?: unknown;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !hasControlCharacter(value) && !isBrokenText(value);
}

/**
 * Values that a file gives for keys, once they can be used as such.
 *
 * @param path  for messages
 * @throws Failure `credentials-file-malformed`
 */
export function checkedKeys(path: string, raw: RawKeys): Credentials {
  const { accessKeyId, secretAccessKey } = raw;
  if (!isText(accessKeyId) || !isText(secretAccessKey))
    throw credentialsFileMalformed(path, "it holds no access key id with its secret");
  const sessionToken = raw.sessionToken ? raw.sessionToken : undefined;
  if (sessionToken !== undefined && !isText(sessionToken))
    throw credentialsFileMalformed(path, "its session token is not a text without control characters");
  const expiration = typeof raw.expiration === "string" ? dateIn(raw.expiration) : undefined;
  if (raw.expiration && expiration === undefined)
    throw credentialsFileMalformed(path, "its expiration is not an RFC 3339 date with a zone");
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
    ...whoseKeys(raw),
  };
}

/** The AWS CLI's own cache writes `UTC` for `Z`. */
function dateIn(text: string): Expiration | undefined {
  return parseExpiration(text.replace("UTC", "Z"));
}

/** Of a role what is the ARN of one, of an account what can be its number. */
function whoseKeys({ roleArn, accountId }: RawKeys): Pick<Credentials, "roleArn" | "accountId"> {
  const role = typeof roleArn === "string" && parseRoleArn(roleArn) !== undefined ? roleArn : undefined;
  const named = typeof accountId === "string" && /^\d{12}$/.test(accountId) ? accountId : undefined;
  const account = named ?? accountOf(role);
  return {
    ...(role === undefined ? {} : { roleArn: role }),
    ...(account === undefined ? {} : { accountId: account }),
  };
}

function fromJson(path: string, text: string): Credentials {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    throw credentialsFileMalformed(path, "it looks like JSON but cannot be parsed");
  }
  return checkedKeys(path, jsonKeys(whole));
}

function fromLines(path: string, text: string): Credentials {
  const values = parseKeyValueLines(text);
  return checkedKeys(path, {
    accessKeyId: values.get(ACCESS_KEY_ID),
    secretAccessKey: values.get(SECRET_ACCESS_KEY),
    sessionToken: values.get(SECURITY_TOKEN) || values.get(SESSION_TOKEN),
    expiration: values.get(CREDENTIAL_EXPIRATION) || values.get("AWS_SESSION_EXPIRATION"),
    accountId: values.get("AWS_ACCOUNT_ID"),
  });
}

/** Of files: other separators, as U+2028, may stand in a value. */
const LINE_END = /\r?\n/;

const isJson = (text: string) => text.trimStart().startsWith("{");

/** Whether the text is an INI file: a section header on a line of its own. */
export function holdsProfiles(text: string): boolean {
  if (isJson(text)) return false;
  return text.split(LINE_END).some((line) => {
    const header = line.trimStart();
    return header.startsWith("[") && header.indexOf("]") > 1;
  });
}

/**
 * Reads credentials in any of the forms that tools write but that of profiles: JSON, or lines that set variables.
 *
 * @param path  for messages
 * @returns undefined for an INI file
 * @throws Failure `credentials-file-malformed`
 */
export function parseCredentialsFile(path: string, text: string): Credentials | undefined {
  if (isJson(text)) return fromJson(path, text);
  return holdsProfiles(text) ? undefined : fromLines(path, text);
}
