import { describe, expect, it } from "vitest";
import { parseTime } from "../../../../src/commands/options/time.js";

describe("parseTime", () => {
  it.each([
    // Seconds since the epoch, whatever they look like.
    ["86400", "Fri, 02 Jan 1970 00:00:00 GMT"],
    ["1893456000", "Tue, 01 Jan 2030 00:00:00 GMT"],
    ["1893456000.9", "Tue, 01 Jan 2030 00:00:00 GMT"],
    ["1e9", "Sun, 09 Sep 2001 01:46:40 GMT"],
    ["-1", "Wed, 31 Dec 1969 23:59:59 GMT"],
    ["20300102", "Sun, 23 Aug 1970 22:55:02 GMT"],
    // In UTC when nothing else is said.
    ["2030-01-02", "Wed, 02 Jan 2030 00:00:00 GMT"],
    ["2030-01-02T03:04:05", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["2030-01-02 03:04", "Wed, 02 Jan 2030 03:04:00 GMT"],
    ["Wed, 02 Jan 2030 03:04:05", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["Jan 2 2030", "Wed, 02 Jan 2030 00:00:00 GMT"],
    ["2030-01-02T03:04:05Z", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["2030-01-02T03:04:05 UTC", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["Wed, 02 Jan 2030 03:04:05 GMT", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["2030-01-02T03:04:05+02:00", "Wed, 02 Jan 2030 01:04:05 GMT"],
    ["2030-01-02T03:04:05.5-0230", "Wed, 02 Jan 2030 05:34:05 GMT"],
    ["2030-01-02T03:04:05 +02:00", "Wed, 02 Jan 2030 01:04:05 GMT"],
    ["2030-01-02T03:04:05-05", "Wed, 02 Jan 2030 08:04:05 GMT"],
    ["2030-12-31T23:59:59-0030", "Wed, 01 Jan 2031 00:29:59 GMT"],
    ["20300102T030405Z", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["20300102T0304", "Wed, 02 Jan 2030 03:04:00 GMT"],
    ["2030-01-02T03", "Wed, 02 Jan 2030 03:00:00 GMT"],
    ["2030-01-02T03:04:05,5Z", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["2030-01-02t03:04:05z", "Wed, 02 Jan 2030 03:04:05 GMT"],
    ["Tue Jan  1 00:00:00 2030", "Tue, 01 Jan 2030 00:00:00 GMT"],
    ["Tuesday, 01-Jan-30 00:00:00 GMT", "Tue, 01 Jan 2030 00:00:00 GMT"],
    ["Tue Jan  1 00:00:00 UTC 2030", "Tue, 01 Jan 2030 00:00:00 GMT"],
    ["Tue 01 Jan 2030 12:00:00 AM UTC", "Tue, 01 Jan 2030 00:00:00 GMT"],
    ["January 2, 2030", "Wed, 02 Jan 2030 00:00:00 GMT"],
    ["29 Feb 2028", "Tue, 29 Feb 2028 00:00:00 GMT"],
    ["2030/01/02", "Wed, 02 Jan 2030 00:00:00 GMT"],
    ["01/02/2030", "Wed, 02 Jan 2030 00:00:00 GMT"],
    ["Wed, 02 Jan 2030 03:04:05 +0100", "Wed, 02 Jan 2030 02:04:05 GMT"],
    ["2 Jan 2030 10:00 EST", "Wed, 02 Jan 2030 15:00:00 GMT"],
  ])("reads %s as %s, in every time zone", (text, date) => {
    const before = process.env.TZ;
    try {
      for (const zone of ["UTC", "Asia/Tokyo", "America/New_York"]) {
        process.env.TZ = zone;
        expect(parseTime(text)).toBe(date);
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it.each([
    ...[
      "",
      " ",
      "x",
      "tomorrow",
      "0x10",
      "Infinity",
      "NaN",
      "99999999999999",
      "1893456000000",
      "1893456000s",
    ],
    // No such day, or none named.
    ...["2030-13-01", "2030-02-30", "2030-02-30T01:02:03Z", "2030-01-02T24:00:00Z", "2030-01", "2030-001"],
    ...["30 Feb 2030", "Feb 29 2027", "02/30/2030", "Wed, 32 Jan 2030 00:00:00 GMT", "13/13/2030"],
    ...["release 7", "release 2007", "max-age 10", "tomorrow 3", "5 Jan", "5 Jan 26", "Jan 2030"],
    ...["Wed Jan  2 03:04:05 EST 2030"],
    ...["0001-01-01", "2030-W01-2", "2030-01-02T03:04:05 PST"],
  ])("takes %j for no time", (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});
