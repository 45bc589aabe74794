import { connect, Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { containerSource } from "../../../src/credentials/container-source.js";
import { LIMITS } from "../../../src/credentials/request-once.js";
import { head, rawServer } from "../../support/raw-server.js";
import { testContext } from "../../support/test-context.js";

const KEYS = { AccessKeyId: "ASIA", SecretAccessKey: "hidden-secret", Token: "hidden-token" };

type Reply = readonly [status: number, body: string, headers?: Record<string, string>];

/** Asks 169.254.170.2 as far as the source knows; the connection goes to a server of the test's own. */
async function ask(replies: readonly Reply[], value = "/v2/credentials/0123456789", env = {}) {
  const full = !value.startsWith("/");
  const server = await rawServer((_, socket, index) => {
    const [status, body, headers = {}] = replies[Math.min(index, replies.length - 1)] as Reply;
    socket.end(head(status, { "Content-Length": Buffer.byteLength(body), ...headers }) + body);
  });
  const sleeps: number[] = [];
  const dialled: string[] = [];
  const context = testContext(env, { sleep: async (ms) => void sleeps.push(ms) });
  const source = containerSource({ name: "VARIABLE", place: "environment", value }, full, context, 30_000, {
    limits: LIMITS,
    lookup: async () => ["127.0.0.1"],
    dial: async (_, address) => {
      dialled.push(address);
      return connect(Number(new URL(server.url).port), "127.0.0.1");
    },
  });
  const outcome = await source.fetch().catch((error: unknown) => error);
  return { outcome, requests: server.requests, sleeps, dialled, source, steps: context.steps };
}

const good: Reply = [200, JSON.stringify(KEYS)];

describe("the container's endpoint", () => {
  it("is asked in one line a try of --debug, without the whole id", async () => {
    const { steps } = await ask([[500, "", { "x-amzn-requestid": "c6104cbe" }], [200, "{"], good]);
    const asked = "GET http://169.254.170.2/v2/credentials/0123…";
    expect(steps).toEqual([
      `${asked}: 500 in 0 ms, x-amzn-requestid c6104cbe`,
      expect.stringMatching(/^waiting \d+ ms before another try$/),
      `${asked}: 200 in 0 ms`,
      expect.stringMatching(/^waiting \d+ ms before another try$/),
      `${asked}: 200 in 0 ms`,
    ]);
  });

  it("is asked as the protocol says", async () => {
    const { outcome, requests, dialled, source } = await ask([good]);
    expect(outcome).toMatchObject({ credentials: { accessKeyId: "ASIA" }, body: good[1] });
    expect(requests).toEqual([
      {
        method: "GET",
        target: "/v2/credentials/0123456789",
        headers: {
          host: "169.254.170.2",
          accept: "application/json",
          "accept-encoding": "identity",
          "user-agent": "fetch-creds",
          connection: "close",
        },
      },
    ]);
    expect(dialled).toEqual(["169.254.170.2"]);
    expect(source.description).toEqual({
      kind: "container",
      name: "VARIABLE",
      place: "environment",
      address: "http://169.254.170.2",
      path: "/v2/credentials/0123…",
    });
  });

  it("is given the token with a full URI", async () => {
    const { requests } = await ask([good], "http://localhost/x", { AWS_CONTAINER_AUTHORIZATION_TOKEN: "t" });
    expect(requests[0]?.headers).toMatchObject({ host: "localhost", authorization: "t" });
  });

  it("is given the token with a relative URI as well, and so is who asks in our place", async () => {
    const env = { AWS_CONTAINER_AUTHORIZATION_TOKEN: "t" };
    const { requests, source } = await ask([good], "/x", env);
    expect(requests[0]?.headers).toMatchObject({ host: "169.254.170.2", authorization: "t" });
    expect(source.refreshVariables).toEqual({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x", ...env });
  });

  it("is asked once more when it does not know the id at first", async () => {
    const unknown: Reply = [400, '{"code":"InvalidIdInRequest","message":"Credentials not found"}'];
    const { outcome, requests, sleeps } = await ask([unknown, good]);
    expect(outcome).toMatchObject({ credentials: { accessKeyId: "ASIA" } });
    expect({ requests: requests.length, sleeps }).toEqual({ requests: 2, sleeps: [375] });
    const busy = await ask([unknown, [503, "busy"], unknown, good]);
    expect(busy.outcome).toMatchObject({ id: "endpoint-400" });
    expect(busy.requests).toHaveLength(3);
  });

  it("of several addresses the one whose failure tells most is named", async () => {
    const failing = (code: string) => {
      const socket = new Socket();
      setImmediate(() => socket.destroy(Object.assign(new Error(code), { code })));
      return socket;
    };
    for (const addresses of [
      ["127.0.0.1", "::1"],
      ["::1", "127.0.0.1"],
    ]) {
      const network = {
        limits: LIMITS,
        lookup: async () => addresses,
        dial: async (_: unknown, address: string) =>
          failing(address === "::1" ? "EADDRNOTAVAIL" : "ECONNREFUSED"),
      };
      const given = { name: "V", place: "environment", value: "http://localhost/x" } as const;
      const source = containerSource(given, true, testContext(), 30_000, network);
      await expect(source.fetch()).rejects.toMatchObject({ id: "endpoint-refused" });
    }
  });

  it.each([429, 500, 503])("is asked again at %i", async (status) => {
    const { outcome, requests, sleeps } = await ask([[status, "busy"], good]);
    expect(outcome).toMatchObject({ credentials: { accessKeyId: "ASIA" } });
    expect(requests).toHaveLength(2);
    expect(sleeps).toEqual([375]);
  });

  it("waits for Retry-After", async () => {
    expect((await ask([[429, "", { "Retry-After": "4" }], good])).sleeps).toEqual([4000]);
  });

  it("is asked five times at most", async () => {
    const { outcome, requests } = await ask([[503, '{"code":"CredentialsUninitialized"}']]);
    expect(requests).toHaveLength(5);
    expect(outcome).toMatchObject({
      id: "endpoint-5xx",
      exitCode: 254,
      message: expect.stringMatching(/VARIABLE.*answered 503: CredentialsUninitialized/),
    });
  });

  it.each<[number, string, string]>([
    [400, '{"code":"NoIdInRequest","message":"No id"}', "endpoint-400"],
    [403, "", "endpoint-403"],
    [404, "404 page not found", "endpoint-404"],
    [301, "", "endpoint-redirect"],
    [407, "", "endpoint-proxy"],
    [418, "", "endpoint-status"],
    [403, "<html>", "endpoint-html"],
  ])("ends at %i with %j: %s", async (status, body, id) => {
    const { outcome, requests } = await ask([[status, body]]);
    expect(outcome).toMatchObject({ id, exitCode: 254, hint: expect.any(String) });
    expect(requests).toHaveLength(1);
  });

  it("does not show an id or a token that it repeats", async () => {
    const env = { AWS_CONTAINER_AUTHORIZATION_TOKEN: "a-token-of-its-own" };
    const body = "nothing for 0123456789 and a-token-of-its-own";
    const { outcome } = await ask([[404, body]], "/v2/credentials/0123456789", env);
    expect((outcome as Error).message).toMatch(/: nothing for \*\*\* and \*\*\*$/);
  });

  it("is asked once more when the response has expired", async () => {
    const expired: Reply = [200, JSON.stringify({ ...KEYS, Expiration: "2025-12-31T23:00:00Z" })];
    expect((await ask([expired, good])).outcome).toHaveProperty("credentials");
    const { outcome, requests, sleeps } = await ask([
      [200, expired[1], { Date: "Wed, 31 Dec 2025 22:00:00 GMT" }],
    ]);
    expect(sleeps).toEqual([375]);
    expect(requests).toHaveLength(2);
    expect(outcome).toMatchObject({
      id: "answer-expired",
      message: expect.stringContaining("2025-12-31T23:00:00Z"),
      hint: expect.stringContaining("120 minutes ahead"),
    });
  });

  it.each([
    ["2026-01-01T00:00:00Z", 2],
    ["2026-01-01T00:00:00.001Z", 1],
  ])("has expired at the moment that it names, %s: %i requests", async (Expiration, count) => {
    const { requests } = await ask([[200, JSON.stringify({ ...KEYS, Expiration })], good]);
    expect(requests).toHaveLength(count);
  });

  it("is given 30 s, unless another time is set", async () => {
    const given = { name: "V", place: "environment", value: "/x" } as const;
    const outOfTime = (after: number, budgetMs?: number) => {
      const moments = [0, after];
      const context = testContext({}, { now: () => moments.shift() ?? after });
      return containerSource(given, false, context, budgetMs).fetch();
    };
    for (const [after, said, budgetMs] of [
      [30_000, "30 s"],
      [5000, "5 s", 5000],
    ] as const)
      await expect(outOfTime(after, budgetMs)).rejects.toMatchObject({
        id: "credentials-timeout",
        message: `http://169.254.170.2/x (V) gave no credentials within ${said}`,
      });
  });

  it.each<[string, string]>([
    ["{}", "answer-field"],
    ['{"Code":"Failed"}', "answer-code"],
  ])("ends at a 200 with %s: %s", async (body, id) => {
    const { outcome, requests } = await ask([[200, body]]);
    expect(outcome).toMatchObject({ id, exitCode: 254 });
    expect(requests).toHaveLength(1);
  });

  it("is asked again when its 200 cannot be parsed, and never shows it", async () => {
    const { outcome, requests } = await ask([[200, '{"SecretAccessKey":"hidden-secret']]);
    expect(requests).toHaveLength(5);
    expect(outcome).toMatchObject({ id: "answer-not-json" });
    expect(JSON.stringify([(outcome as Error).message, outcome])).not.toContain("hidden");
  });
});
