import type { Expiration } from "./credentials.js";

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

type Numbers = [year: number, month: number, day: number, hour: number, minute: number, second: number];

/** The days of a month; month 1 to 12. */
function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

/**
 * Reads an RFC 3339 date with `Z` or an offset and any fraction (the EKS agent sends nanoseconds). `new Date()` would
 * also take 30 February and dates without a zone, and read them as something else than was meant.
 *
 * @returns undefined for anything else
 */
export function parseExpiration(text: string): Expiration | undefined {
  const found = RFC_3339.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as Numbers;
  const milliseconds = Number(`${found[7] ?? ""}000`.slice(0, 3));
  const [offsetHour, offsetMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (found[8] === "-" ? -1 : 1);
  const date = new Date(text.slice(0, 10));
  date.setUTCHours(hour, minute - offset, Math.min(second, 59), milliseconds);
  // A leap second is the last one of a UTC day; it is counted as the second before it.
  if (second === 60 && (date.getUTCHours() !== 23 || date.getUTCMinutes() !== 59)) return undefined;
  return { epochMs: date.getTime(), text };
}
