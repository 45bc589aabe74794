/** As Python's float(), which the AWS CLI tries first. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** ISO 8601 with `-` and `:` or without, down to the day or finer, and a zone or none; RFC 3339 is part of it. */
const ISO =
  /^([1-9]\d{3})-?(\d\d)-?(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?)?(?: *(Z|UTC|GMT|([+-]\d\d):?(\d\d)?))?$/i;

const ZONE = /(?:\bUTC|\bGMT|Z|[+-]\d{2}:?\d{2}|\b[ECMP][SD]T)$/i;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?,? +)?";
const MONTH = `(?<month>${MONTHS.join("|")})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?`;
const YEAR = "(?<year>[1-9]\\d{3})";
const CLOCK = "\\d{1,2}:\\d\\d(?::\\d\\d)?(?: ?[AP]M)?(?: *(?:UTC|GMT|Z|[ECMP][SD]T|[+-]\\d\\d:?\\d\\d))?";

/** Other ways to write a day, as date(1) and HTTP do (RFC 9110, 5.6.7): only in its obsolete form a year has two digits. */
const DAYS = [
  `${WEEKDAY}(?<day>\\d{1,2})[ -]${MONTH}[ -]${YEAR}(?:,? +${CLOCK})?`,
  `[a-z]{3,6}day, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${CLOCK}`,
  `${WEEKDAY}${MONTH} +(?<day>\\d{1,2})(?:,? +${YEAR})(?:,? +${CLOCK})?`,
  `${WEEKDAY}${MONTH} +(?<day>\\d{1,2}) +\\d\\d:\\d\\d:\\d\\d(?: UTC| GMT)? +${YEAR}`,
  `(?<month>\\d{1,2})/(?<day>\\d{1,2})/${YEAR}(?: +${CLOCK})?`,
  `${YEAR}/(?<month>\\d{1,2})/(?<day>\\d{1,2})(?: +${CLOCK})?`,
];

/** Whether a text names a day that there is: Date.parse takes any text with a number in it, and 30 February. */
function namesDay(text: string): boolean {
  return DAYS.some((form) => {
    const { year, month = "", day } = new RegExp(`^${form}$`, "i").exec(text)?.groups ?? {};
    const index = MONTHS.indexOf(month.toLowerCase());
    const date = new Date(
      Date.UTC(2000 + (Number(year) % 400), index < 0 ? Number(month) - 1 : index, Number(day)),
    );
    return day !== undefined && date.getUTCDate() === Number(day);
  });
}

/** The last second with a year of four digits, which an HTTP date has. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

function fromIso([, ...found]: readonly (string | undefined)[]): number {
  const [year, month, day, hour, minute, second] = found.slice(0, 6).map((text) => Number(text ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [zoneHours = "0", zoneMinutes = "0"] = found.slice(7);
  const isReal = hour < 24 && minute < 60 && second < 60;
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // 30 February would be a day in March.
  if (!isReal || time.getUTCMonth() !== month - 1) return Number.NaN;
  const offset = Math.abs(Number(zoneHours)) * 60 + Number(zoneMinutes);
  return time.getTime() - (zoneHours.startsWith("-") ? -offset : offset) * 60_000;
}

function milliseconds(text: string): number {
  if (NUMBER.test(text)) return Number(text) * 1000;
  const iso = ISO.exec(text);
  if (iso !== null) return fromIso(iso);
  // What begins so is meant for ISO 8601.
  if (/^\d{4}-?\d\d/.test(text)) return Number.NaN;
  if (!namesDay(text)) return Number.NaN;
  return Date.parse(ZONE.test(text) ? text : `${text} UTC`);
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
