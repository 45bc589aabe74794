/**
 * Reads a time in any form that servers write it in: HTTP's three (RFC 9110, 5.6.7), ISO 8601 with or without fractions,
 * digits of one, a zone or none. Without a zone it is in UTC, as HTTP's always are.
 *
 * @returns milliseconds since the epoch; undefined for what is no time
 */
export function readDate(text: string | undefined): number | undefined {
  const given = text?.trim() ?? "";
  const hasZone = /(?:Z|GMT|UTC?|[+-]\d\d:?\d\d)$/i.test(given);
  const zoned = hasZone ? given : `${given}${/^\d{4}-/.test(given) ? "Z" : " GMT"}`;
  const strict = Date.parse(zoned);
  // V8 has two readers: the other one takes digits of one, too.
  const ms = Number.isNaN(strict) ? Date.parse(zoned.replace(/(\d)T(\d)/, "$1 $2")) : strict;
  return Number.isNaN(ms) ? undefined : ms;
}
