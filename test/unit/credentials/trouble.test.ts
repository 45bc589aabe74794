import { describe, expect, it } from "vitest";
import { noResponse } from "../../../src/credentials/endpoint-failures.js";
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
      for (const host of ["127.0.0.1", "::1", "localhost"])
        expect(hintOf(host, true, reason)).toMatch(/this container's own.*--network host/);
      const agent = hintOf("169.254.170.23", true, reason);
      expect(agent).not.toMatch(/CodeBuild|ECS|--network host/);
      expect(agent).toMatch(/agent/);
    },
  );
});
