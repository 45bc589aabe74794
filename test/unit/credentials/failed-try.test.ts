import { describe, expect, it } from "vitest";
import { type FailedOutcome, failedTry } from "../../../src/credentials/failed-try.js";

const NOW = Date.UTC(2026, 0, 1);
const ASKED = {
  description: { kind: "container", name: "V", place: "environment" },
  endpoint: { scheme: "http", host: "169.254.170.2", port: 80, target: "/" },
  full: false,
} as const;

const response = (status: number, body = "", headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(body),
});

const UNKNOWN = response(400, '{"code":"InvalidIdInRequest"}');

/** What is made of it: `endpoint-5xx, again`. */
function made(outcome: Partial<FailedOutcome>, patience = { unknownId: true }): string {
  const result = failedTry(ASKED, { parsed: undefined, ...outcome }, patience, NOW);
  return "failure" in result ? `${result.failure.id}${result.again ? ", again" : ""}` : "credentials";
}

describe("a try that brought no credentials", () => {
  it.each([
    [428, "endpoint-status"],
    [429, "endpoint-429, again"],
    [430, "endpoint-status"],
    [499, "endpoint-status"],
    [500, "endpoint-5xx, again"],
    [599, "endpoint-5xx, again"],
    [600, "endpoint-5xx"],
    [201, "endpoint-status"],
    [400, "endpoint-400"],
  ])("with status %i: %s", (status, expected) => {
    expect(made({ response: response(status) })).toBe(expected);
    // However its body ended.
    expect(made({ response: response(status), trouble: { reason: "truncated" } })).toBe(expected);
  });

  it("is made again once where the endpoint does not know the id", () => {
    const patience = { unknownId: true };
    expect(made({ response: response(503) }, patience)).toBe("endpoint-5xx, again");
    expect(made({ response: UNKNOWN }, patience)).toBe("endpoint-400, again");
    expect(made({ response: UNKNOWN }, patience)).toBe("endpoint-400");
  });

  it("asks for the wait that the response asks for", () => {
    const headers = { "retry-after": "Thu, 01 Jan 2026 00:00:03 GMT" };
    const outcome = { response: response(429, "", headers), parsed: undefined };
    expect(failedTry(ASKED, outcome, { unknownId: true }, NOW)).toMatchObject({ retryAfter: 3000 });
  });

  it.each([
    ["certificate", "endpoint-certificate"],
    ["refused", "endpoint-refused, again"],
    ["stalled", "endpoint-stalled, again"],
    ["malformed", "endpoint-malformed, again"],
  ] as const)("by the trouble %s: %s", (reason, expected) => {
    expect(made({ trouble: { reason } })).toBe(expected);
    expect(made({ trouble: { reason }, response: response(200) })).toBe(expected);
  });

  it.each<[string, FailedOutcome["parsed"]]>([
    ["answer-encoded, again", undefined],
    ["answer-not-json, again", { kind: "unparsable", fault: "F" }],
    ["answer-field", { kind: "fault", fault: "F" }],
    ["answer-code", { kind: "error", code: "C" }],
  ])("%s, with a whole 200", (expected, parsed) => {
    expect(made({ response: response(200), parsed })).toBe(expected);
  });

  it("with nothing at all: the connection was broken off", () => {
    expect(made({})).toBe("endpoint-reset, again");
  });
});
