import type { Invocation } from "../../cli/invocation.js";
import type { ValueName } from "../../cli/option-names.js";
import { hasControlCharacter, isBrokenText } from "../../output/control-characters.js";
import { readOptionFile } from "../../paths/option-file.js";
import { badHeaderValue, badNumber, badSize, badVersion, valueFileUnreadable } from "./failures.js";

const MIB = 1024 ** 2;
const SIZE = /^(\d+)\s*(?:(k|m|g|t)(i?b)?|b)?$/i;
const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4 };

/** `16MB` and `16MiB` are both 16 times 1024 squared, as for the AWS CLI. Bytes; undefined: no size. */
export function parseSize(text: string): number | undefined {
  const [, number, unit] = SIZE.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const bytes = Number(number) * 1024 ** (unit === undefined ? 0 : (POWERS[unit.toLowerCase()] ?? 0));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `--part-size`: what S3 takes as a part. */
export function partSizeOption(invocation: Invocation): number | undefined {
  const value = invocation.value("part-size");
  if (value === undefined) return undefined;
  const bytes = parseSize(value);
  if (bytes === undefined || bytes < 5 * MIB || bytes > 5 * 1024 * MIB) throw badSize("part-size", value);
  return bytes;
}

/** A whole number of an option; undefined when it was not given. */
export function numberOption(
  invocation: Invocation,
  name: ValueName,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = invocation.value(name);
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) {
    throw badNumber(
      name,
      value,
      max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`,
    );
  }
  return number;
}

/** Seconds of an option, in milliseconds. */
export function secondsOption(invocation: Invocation, name: ValueName, fallbackMs: number): number {
  const seconds = numberOption(invocation, name, 0, 86_400);
  return seconds === undefined ? fallbackMs : seconds * 1000;
}

/** The value of an option, read from a file when it is `file://PATH` (text) or `fileb://PATH` (bytes). */
export function bytesOption(invocation: Invocation, name: ValueName): Buffer | undefined {
  const value = invocation.value(name);
  return value === undefined ? undefined : bytesOf(value, name);
}

/** The same of a value that is part of an option's. */
export function bytesOf(value: string, name: ValueName): Buffer {
  const path = /^fileb?:\/\/(.*)$/s.exec(value)?.[1];
  if (path === undefined) return Buffer.from(value);
  try {
    return readOptionFile(path);
  } catch (error) {
    throw valueFileUnreadable(name, path, error);
  }
}

export function textOption(invocation: Invocation, name: ValueName): string | undefined {
  return bytesOption(invocation, name)?.toString();
}

/** `--version-id`: an empty one would mean the latest version. */
export function versionOption(invocation: Invocation): string | undefined {
  const version = invocation.value("version-id");
  if (version !== undefined && (version === "" || hasControlCharacter(version))) throw badVersion(version);
  return version;
}

/** A text that becomes a header: nothing in it may end the header. One line break at the end of a file is dropped. */
export function headerOption(invocation: Invocation, name: ValueName): string | undefined {
  const text = textOption(invocation, name)?.replace(/\r?\n$/, "");
  if (text === undefined || text === "") return undefined;
  return checkedHeader(text, name);
}

/** @throws Failure `bad-header-value` for what no header can carry: control characters but a tab, broken text */
export function checkedHeader(text: string, name: string): string {
  if (hasControlCharacter(text.replaceAll("\t", "")) || isBrokenText(text)) throw badHeaderValue(name);
  return text;
}
