import type { Invocation } from "../../cli/invocation.js";
import { hasControlCharacter } from "../../output/control-characters.js";
import { badHeaderValue, badMap, metadataNotAscii } from "./failures.js";
import { bytesOf, textOption } from "./values.js";

/**
 * `--metadata`: a JSON object of strings, or `k=v,k=v`; in ASCII alone, as the AWS CLI demands (botocore's
 * validate_ascii_metadata), since S3 gives back something else for all other text.
 */
export function metadataOption(invocation: Invocation): Readonly<Record<string, string>> | undefined {
  const text = textOption(invocation, "metadata")?.trim();
  if (text === undefined) return undefined;
  const map = text.startsWith("{") ? parseJson(text) : parseShorthand(text);
  for (const [key, value] of Object.entries(map)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key)) throw badMap("metadata");
    if (/[^\t -~]/.test(value))
      throw hasControlCharacter(value) ? badHeaderValue("metadata") : metadataNotAscii(key);
  }
  return map;
}

function parseJson(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badMap("metadata");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badMap("metadata");
  const entries = Object.entries(value);
  if (!entries.every(([, item]) => typeof item === "string")) throw badMap("metadata");
  return Object.fromEntries(entries);
}

/**
 * The AWS CLI's shorthand: a value may stand in single or double quotes, `\,` is a comma, the values may be empty. What
 * begins with a quote ends with it; brackets are for lists and structures, which no value can be. `NAME@=file://PATH` is
 * what the file holds, without a line break at its end.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
 */
function parseShorthand(text: string): Record<string, string> {
  const map: Record<string, string> = {};
  const pair = /([^=,]+)=("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!["'[{])(?:\\,|[^,])*)(,|$)/sy;
  do {
    const [whole, key = "", value, end] = pair.exec(text) ?? [];
    const fromFile = key.endsWith("@");
    const name = (fromFile ? key.slice(0, -1) : key).trim();
    if (whole === undefined || value === undefined || Object.hasOwn(map, name)) throw badMap("metadata");
    const plain = unquoted(value);
    map[name] = fromFile
      ? bytesOf(plain, "metadata")
          .toString()
          .replace(/\r?\n$/, "")
      : plain;
    if (end === "," && pair.lastIndex === text.length) throw badMap("metadata");
  } while (pair.lastIndex < text.length);
  return map;
}

function unquoted(value: string): string {
  const quote = value[0];
  if ((quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote)) {
    return value.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll("\\\\", "\\");
  }
  return value.replaceAll("\\,", ",");
}
