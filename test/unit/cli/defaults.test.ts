import { describe, expect, it } from "vitest";
import type { Invocation } from "../../../src/cli/invocation.js";
import { copyOptions } from "../../../src/commands/options/copy-options.js";
import { connectionOf, pageSizeOption } from "../../../src/commands/options/store-options.js";
import { DEFAULT_BUDGET } from "../../../src/credentials/container-source.js";
import { FORMATS } from "../../../src/formats/formats.js";
import { parseDuration } from "../../../src/output/duration.js";
import { parseRoute } from "../../../src/s3/locations/location.js";
import { MOST_IN_FLIGHT } from "../../../src/s3/requests/limiter.js";
import { RefusedHeaders } from "../../../src/s3/requests/refused-headers.js";
import { PART_SIZE } from "../../../src/s3/uploads/part-size.js";
import { UploadChecksums } from "../../../src/s3/uploads/upload-checksums.js";
import { ALL_VERBS, tableOf } from "../../support/all-verbs.js";
import { parsed } from "../../support/parsed.js";
import { testContext } from "../../support/test-context.js";

const cp = tableOf("cp");

/** The default that `--help` and the reference show. */
const SHOWN = new Map(
  ALL_VERBS.flatMap(({ groups }) => groups.flatMap(({ options }) => options)).flatMap(
    ({ name, default: shown }) => (shown === undefined ? [] : [[name, shown] as const]),
  ),
);

/** `cp a s3://b/c` without the option, and with its default written out. */
function both(option: string): [without: Invocation, withIt: Invocation] {
  const operands = ["a", "s3://b/c"];
  return [parsed(cp, operands), parsed(cp, [...operands, `--${option}=${SHOWN.get(option)}`])];
}

/** Of what the code makes of a command line, the same with and without the option. */
function same(option: string, made: (invocation: Invocation) => unknown): void {
  const [without, withIt] = both(option).map(made);
  expect(JSON.stringify(withIt)).toBe(JSON.stringify(without));
}

const ROUTE = parseRoute("s3://b/k", "x", false);
const copying = (invocation: Invocation) => copyOptions(invocation, ROUTE);
const connection = (invocation: Invocation) => connectionOf(invocation, testContext());

/** By option: that the code does so. */
const USED: Readonly<Record<string, () => void>> = {
  timeout: () => expect(parseDuration(SHOWN.get("timeout") ?? "")).toBe(DEFAULT_BUDGET),
  "addressing-style": () => same("addressing-style", connection),
  "cli-read-timeout": () => {
    same("cli-read-timeout", connection);
    // The AWS CLI's.
    expect(SHOWN.get("cli-read-timeout")).toBe("60");
  },
  "cli-connect-timeout": () => same("cli-connect-timeout", connection),
  // Not sent then, and S3's own default is 1000: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
  "page-size": () => expect(both("page-size").map(pageSizeOption)).toEqual([undefined, 1000]),
  "case-conflict": () => same("case-conflict", copying),
  "copy-props": () => same("copy-props", copying),
  "checksum-algorithm": () =>
    expect(new UploadChecksums("when_supported", true, new RefusedHeaders()).for({})).toBe(
      SHOWN.get("checksum-algorithm"),
    ),
  concurrency: () => expect(SHOWN.get("concurrency")).toMatch(new RegExp(`at most ${MOST_IN_FLIGHT}$`)),
  "part-size": () => expect(SHOWN.get("part-size")).toMatch(new RegExp(`^${PART_SIZE / 1024 ** 2}MiB,`)),
  format: () => expect(SHOWN.get("format")).toBe(FORMATS[0].name),
  "ini-section": () => expect(SHOWN.get("ini-section")).toBe("default"),
};

describe("the defaults that --help shows are those that the code uses", () => {
  it.each([...SHOWN.keys()])("--%s", (option) => {
    expect(USED[option], "no test of it").toBeDefined();
    USED[option]?.();
  });

  it("no other default stands in prose", () => {
    const prose = ALL_VERBS.flatMap(({ groups }) => groups.flatMap(({ options }) => options)).filter(
      ({ summary, value }) => value !== undefined && /default(?! means)/i.test(summary),
    );
    expect(prose.map(({ name }) => name)).toEqual([]);
  });
});
