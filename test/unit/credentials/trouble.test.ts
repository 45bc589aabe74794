import { describe, expect, it } from "vitest";
import { noResponse, outOfTime, responseExpired } from "../../../src/credentials/endpoint-failures.js";
import { socketTrouble, type Trouble } from "../../../src/credentials/trouble.js";

it.each([
  ["ECONNREFUSED", "refused"],
  ["ENETUNREACH", "unreachable"],
  ["EHOSTUNREACH", "unreachable"],
  ["ETIMEDOUT", "connect-timeout"],
  ["ECONNRESET", "reset"],
  ["EPIPE", "reset"],
  ["CERT_HAS_EXPIRED", "certificate"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate"],
  ["EMFILE", "other"],
])("%s means %s", (code, reason) => {
  expect(socketTrouble(Object.assign(new Error("x"), { code })).reason).toBe(reason);
});

it("an error without a code has none to tell", () => {
  const cause = new Error("x");
  expect(socketTrouble(cause)).toStrictEqual({ reason: "other", cause });
});

it.each<[Trouble["reason"], RegExp, RegExp]>([
  ["refused", /refused the connection/, /nothing listens/],
  ["unreachable", /cannot be reached/, /--network none/],
  ["connect-timeout", /did not accept/, /dropped/],
  ["silent", /did not answer in time/, /--timeout/],
  ["stalled", /did not finish/, /--timeout/],
  ["reset", /broke the connection off/, /proxy/],
  ["truncated", /before its response was complete/, /cuts/],
  ["malformed", /not HTTP/, /address and the port/],
  ["too-large", /more than credentials can be/, /address and the path/],
  ["certificate", /certificate/, /NODE_EXTRA_CA_CERTS/],
  ["other", /could not be asked/, /network/],
])("%s is said with its cause", (reason, message, hint) => {
  const failure = noResponse(
    {
      description: { kind: "container", name: "V", place: "environment" },
      endpoint: { scheme: "http", host: "169.254.170.2", port: 80, target: "/v2/credentials/0123456789" },
      full: false,
    },
    { reason },
  );
  expect(failure.exitCode).toBe(255);
  expect(failure.message).toMatch(/^http:\/\/169\.254\.170\.2\/v2\/credentials\/0123… \(V\) /);
  expect(failure.message).toMatch(message);
  expect(failure.hint).toMatch(hint);
});

describe("where nothing answers", () => {
  const hintOf = (host: string, full: boolean, reason: Trouble["reason"]) =>
    noResponse(
      {
        description: { kind: "container", name: "V", place: "environment" },
        endpoint: { scheme: "http", host, port: 80, target: "/" },
        full,
      },
      { reason },
    ).hint ?? "";

  it.each(["refused", "unreachable", "connect-timeout"] as const)(
    "%s: the hint follows the source",
    (reason) => {
      const relative = hintOf("169.254.170.2", false, reason);
      expect(relative).toMatch(/CodeBuild's Docker server, DOCKER_HOST, a remote buildx driver/);
      expect(relative).toMatch(/export --format process --output .*--secret id=aws-credentials,src=/);
      for (const host of ["127.0.0.1", "::1", "localhost", "a.LocalHost"])
        expect(hintOf(host, true, reason)).toMatch(/this container's own.*--network host/);
      for (const host of ["169.254.170.23", "agent.test", "mylocalhost", "localhost.test"]) {
        const agent = hintOf(host, true, reason);
        expect(agent).not.toMatch(/CodeBuild|ECS|--network host/);
        expect(agent).toMatch(/agent/);
      }
    },
  );
});

const ASKED = {
  description: { kind: "container", name: "V", place: "environment" },
  endpoint: { scheme: "http", host: "169.254.170.2", port: 80, target: "/x" },
  full: false,
} as const;

it("the system's own word is said where ours do not say it", () => {
  const messageOf = (reason: Trouble["reason"], detail?: string) =>
    noResponse(ASKED, { reason, ...(detail && { detail }) }).message.replace(/^.*\(V\) /, "");
  expect(messageOf("other", "EINVAL")).toBe("could not be asked (EINVAL)");
  expect(messageOf("other")).toBe("could not be asked");
  expect(messageOf("unreachable", "ENETUNREACH")).toBe("cannot be reached (ENETUNREACH)");
  expect(messageOf("refused", "ECONNREFUSED")).toBe("refused the connection");
  expect(messageOf("connect-timeout", "ETIMEDOUT")).toBe("did not accept the connection in time");
});

it("too many open files are no fault of the network", () => {
  const hintOf = (detail: string) => noResponse(ASKED, { reason: "other", detail }).hint;
  expect(hintOf("EMFILE")).toBe("too many files are open: raise ulimit -n");
  expect(hintOf("EINVAL")).toMatch(/network/);
});

it.each([
  [30_000, "30 s"],
  [500, "0.5 s"],
])("a time of %i ms that is over is said in seconds", (budgetMs, said) => {
  expect(outOfTime(ASKED, budgetMs)).toMatchObject({
    id: "credentials-timeout",
    exitCode: 255,
    message: `http://169.254.170.2/x (V) gave no credentials within ${said}`,
  });
});

describe("a response that has expired", () => {
  const now = Date.UTC(2026, 0, 1);
  const expired = (date?: number) => responseExpired(ASKED, "2025-12-31T23:00:00Z", now, date);

  it.each([
    [90_000, "2 minutes ahead of"],
    [7_200_000, "120 minutes ahead of"],
    [-90_001, "2 minutes behind"],
    [-3_600_000, "60 minutes behind"],
  ])("by a clock that is %i ms off: the clock is to be set", (ahead, side) => {
    expect(expired(now - ahead).hint).toBe(`the local clock is ${side} the endpoint's: set the clock`);
  });

  it.each([89_999, 0, -89_999, undefined])(
    "by a clock that is %s ms off: the endpoint is at fault",
    (ahead) => {
      const { hint, message } = expired(ahead === undefined ? undefined : now - ahead);
      expect(hint).toMatch(/^two requests gave the same result/);
      expect(message).toMatch(
        /expired at 2025-12-31T23:00:00Z; the local clock says 2026-01-01T00:00:00\.000Z$/,
      );
    },
  );
});
