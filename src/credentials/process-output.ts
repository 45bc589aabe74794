import { hasControlCharacter, isBrokenText } from "../output/control-characters.js";
import type { Credentials, Expiration } from "./credentials.js";
import { parseExpiration } from "./expiration.js";

/** What a process printed: keys, or what was expected in their place. */
export type ProcessOutput = { readonly credentials: Credentials } | { readonly fault: string };

/** ISO 8601 as far as programs write it: a space for `T`, no colons, no seconds, `UTC`; the AWS CLI takes all of these. */
const DATE =
  /^(\d{4})-?(\d\d)-?(\d\d)[Tt ](\d\d):?(\d\d)(?::?(\d\d)((?:\.\d+)?))? ?(?:(Z|z|UTC)|([+-]\d\d):?(\d\d)?)$/;

function dateIn(text: string): Expiration | undefined {
  const found = DATE.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second = "00", fraction = "", utc, offset, minutes = "00"] = found;
  const zone = utc === undefined ? `${offset}:${minutes}` : "Z";
  return parseExpiration(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !hasControlCharacter(value) && !isBrokenText(value);
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(stdout: Buffer): Fields | string {
  const text = stdout.toString("utf8");
  if (!Buffer.from(text).equals(stdout)) return "its output is not UTF-8";
  if (text.trim() === "") return "its output is empty";
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    return "its output is not a JSON object";
  } catch {
    return "its output is not JSON";
  }
}

/** Whatever in it could be a secret, whether or not it can be used. */
export function secretsInOutput(stdout: Buffer): (string | undefined)[] {
  const fields = fieldsOf(stdout);
  if (typeof fields === "string") return [];
  return [fields.SecretAccessKey, fields.SessionToken].map((value) =>
    typeof value === "string" ? value : undefined,
  );
}

/** What a text gives for the names of secrets, as JSON, in a file of profiles or in lines that set variables. */
const NAMED_SECRET = /(?:secret_?access_?key|(?:session|security)_?token)["']?\s*[=:]\s*["']?([^\s"',}]+)/gi;

/** Keys that went to standard error. */
export function secretsInText(text: string): (string | undefined)[] {
  return [...text.matchAll(NAMED_SECRET)].map(([, value]) => value);
}

/**
 * Reads what a `credential_process` printed: version 1, as in the AWS CLI User Guide, "Sourcing credentials with an external
 * process". Null counts as left out, and so does an empty session token, as for botocore.
 *
 * @param accountId  of the profile, where the output names none
 */
export function parseProcessOutput(stdout: Buffer, accountId?: string): ProcessOutput {
  const fields = fieldsOf(stdout);
  if (typeof fields === "string") return { fault: fields };
  const { Version, AccessKeyId, SecretAccessKey, Expiration: end, AccountId } = fields;
  const sessionToken = fields.SessionToken || undefined;
  if (Version !== 1) return { fault: "its Version is not 1" };
  if (!isText(AccessKeyId))
    return { fault: "AccessKeyId is not a non-empty string without control characters" };
  if (!isText(SecretAccessKey))
    return { fault: "SecretAccessKey is not a non-empty string without control characters" };
  if (sessionToken !== undefined && !isText(sessionToken))
    return { fault: "SessionToken is not a string without control characters" };
  const isEndless = end === undefined || end === null;
  const expiration = typeof end === "string" ? dateIn(end) : undefined;
  if (!isEndless && expiration === undefined)
    return { fault: "Expiration is not an ISO 8601 date with a zone" };
  const account = [AccountId, accountId].find((each) => typeof each === "string" && /^\d{12}$/.test(each));
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expiration === undefined ? {} : { expiration }),
      ...(account === undefined ? {} : { accountId: account as string }),
    },
  };
}
