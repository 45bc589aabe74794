/** As Python's float(), which the AWS CLI tries first. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A date with a time, as in RFC 3339 but without a zone. */
const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/i;

const UTC = /(?:\bUTC|\bGMT|Z)$/i;
const OTHER_ZONE = /(?:[+-]\d{2}:?\d{2}|\b[ECMP][SD]T)$/i;

/** The last second with a year of four digits, which an HTTP date has. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

function milliseconds(text: string): number {
  if (NUMBER.test(text)) return Number(text) * 1000;
  const local = text.replace(UTC, "").trimEnd();
  const [, date, time] = ISO.exec(local) ?? [];
  if (date !== undefined) return Date.parse(`${date}T${time}Z`);
  return Date.parse(OTHER_ZONE.test(local) ? local : `${local} UTC`);
}

/**
 * Reads a time as the AWS CLI does: a number is seconds since the epoch; what has no zone is in UTC.
 *
 * @returns an HTTP date; undefined when it is no time, or in a year that has not four digits
 */
export function parseTime(text: string): string | undefined {
  const trimmed = text.trim();
  const ms = trimmed === "" ? Number.NaN : milliseconds(trimmed);
  const isDate = ms >= Date.UTC(1000, 0, 1) && ms <= LAST_MS;
  return isDate ? new Date(ms).toUTCString() : undefined;
}
