import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import {
  askAddresses,
  asResponse,
  type Network,
  readResponse,
  tryEndpoint,
} from "../../../src/credentials/endpoint-request.js";
import { LIMITS, type Limits } from "../../../src/credentials/request-once.js";
import { testContext } from "../../support/test-context.js";

const ENDPOINT = { scheme: "http", host: "localhost", port: 80, target: "/x" } as const;
const ASKED = {
  description: { kind: "container", name: "V", place: "environment" },
  endpoint: ENDPOINT,
  full: true,
} as const;
const KEYS = { AccessKeyId: "A", SecretAccessKey: "S", Token: "T" };

const response = (headers: Record<string, string> = {}, status = 200) => ({
  status,
  headers,
  body: Buffer.from(JSON.stringify(KEYS)),
});

describe("a body is read", () => {
  it.each([
    ["of a whole 200", "credentials", response(), undefined],
    ["in no encoding, by name", "credentials", response({ "content-encoding": "Identity" }), undefined],
    ["in no other", undefined, response({ "content-encoding": "gzip" }), undefined],
    ["of no other status", undefined, response({}, 201), undefined],
    ["not where it was cut off", undefined, response(), { reason: "truncated" }],
  ] as const)("%s", (_, kind, whole, trouble) => {
    expect(readResponse({ response: whole, ...(trouble && { trouble }) })?.kind).toBe(kind);
  });

  it("of no response there is none", () => expect(readResponse({})).toBeUndefined());

  it("with the date of its response, where that is one", () => {
    const credentials = { accessKeyId: "A", secretAccessKey: "S" };
    const of = (headers: Record<string, string>) =>
      asResponse({ kind: "credentials", credentials }, response(headers));
    expect(of({ date: "Thu, 01 Jan 2026 00:00:00 GMT" }).date).toBe(Date.UTC(2026, 0, 1));
    for (const headers of [{}, { date: "soon" }]) expect(of(headers)).not.toHaveProperty("date");
    expect(of({})).not.toHaveProperty("tokenMisnamed");
    const misnamed = { kind: "credentials", credentials, tokenMisnamed: true } as const;
    expect(asResponse(misnamed, response()).tokenMisnamed).toBe(true);
  });
});

/** A connection that fails; with no error it waits, and its limit ends it. */
function failing(code?: string): Socket {
  const socket = new Socket();
  if (code !== undefined) setImmediate(() => socket.destroy(Object.assign(new Error(code), { code })));
  return socket;
}

/** Which addresses are dialed when each of them fails so, and what is told in the end. */
async function askFailing(codes: Record<string, string>, limits: Limits = LIMITS) {
  const dialed: string[] = [];
  const network: Network = {
    limits,
    dial: async (_, address) => {
      dialed.push(address);
      return failing(codes[address]);
    },
  };
  const outcome = await askAddresses(ENDPOINT, Object.keys(codes), "", 10_000, testContext(), network);
  return { dialed, trouble: outcome.trouble };
}

describe("the addresses of a name", () => {
  it.each([
    [{ a: "ECONNREFUSED", b: "ECONNREFUSED" }, ["a", "b"], "ECONNREFUSED"],
    [{ a: "EADDRNOTAVAIL", b: "ECONNREFUSED" }, ["a", "b"], "ECONNREFUSED"],
    [{ a: "ECONNREFUSED", b: "EADDRNOTAVAIL" }, ["a", "b"], "ECONNREFUSED"],
    [{ a: "ENETUNREACH", b: "EHOSTUNREACH" }, ["a", "b"], "ENETUNREACH"],
    // What got further than the connection is the answer.
    [{ a: "ECONNRESET", b: "ECONNREFUSED" }, ["a"], "ECONNRESET"],
    [{ a: "ECONNREFUSED", b: "ECONNRESET", c: "ECONNREFUSED" }, ["a", "b"], "ECONNRESET"],
  ])("that fail as %j: %j are dialed, and %s is told", async (codes, dialed, told) => {
    const outcome = await askFailing(codes);
    expect(outcome.dialed).toEqual(dialed);
    expect(outcome.trouble?.cause).toMatchObject({ code: told });
  });

  it("are none: that is said", async () => {
    expect((await askFailing({})).trouble).toEqual({ reason: "other", detail: "no address" });
  });
});

describe("the time of a try", () => {
  const network = (limits: Limits): Network => ({
    limits,
    dial: async () => failing(),
    lookup: async () => ["127.0.0.1"],
  });
  const long = 3_600_000;

  /** Ends when the first of the two limits does; the other would hold the test for an hour. */
  it.each([
    ["what is left of the budget", long, 1],
    ["the limit of an attempt", 1, long],
  ])("is %s, where that is less", async (_, attempt, leftMs) => {
    const limits = { connect: long, headers: long, gap: long, attempt };
    const outcome = await askAddresses(ENDPOINT, ["a"], "", leftMs, testContext(), network(limits));
    expect(outcome.trouble).toEqual({ reason: "connect-timeout" });
  });

  it.each([0, -1])("that is over, with %i ms left, is said before the token is read", async (leftMs) => {
    const token = () => {
      throw new Error("read");
    };
    const patience = { unknownId: true };
    const result = await tryEndpoint(ASKED, token, patience, leftMs, 5000, testContext(), network(LIMITS));
    expect(result).toMatchObject({ failure: { id: "credentials-timeout" }, again: false });
    await expect(
      tryEndpoint(ASKED, token, patience, 1, 5000, testContext(), network(LIMITS)),
    ).rejects.toThrow("read");
  });
});

describe("the host that is dialed", () => {
  const dialedFor = async (scheme: "http" | "https", host: string) => {
    const lookups: string[] = [];
    const dialed: string[] = [];
    const network: Network = {
      limits: LIMITS,
      lookup: async (name) => {
        lookups.push(name);
        return ["127.0.0.1"];
      },
      dial: async (_, address) => {
        dialed.push(address);
        return failing("ECONNRESET");
      },
    };
    const asked = { ...ASKED, endpoint: { ...ENDPOINT, scheme, host } };
    await tryEndpoint(asked, () => undefined, { unknownId: true }, 1000, 1000, testContext(), network);
    return { lookups, dialed };
  };

  it("over http is an address that was looked up and checked", async () => {
    expect(await dialedFor("http", "localhost")).toEqual({ lookups: ["localhost"], dialed: ["127.0.0.1"] });
  });

  it("over https is the name itself, which its certificate must show", async () => {
    expect(await dialedFor("https", "creds.test")).toEqual({ lookups: [], dialed: ["creds.test"] });
  });
});

it("a try is told with its time to --debug, and to nobody else", async () => {
  const steps = async (debugging: boolean) => {
    let now = 0;
    const context = testContext({}, { debugging, now: () => (now += 7) });
    const network: Network = { limits: LIMITS, dial: async () => failing("ECONNREFUSED") };
    await askAddresses(ENDPOINT, ["127.0.0.1"], "GET /x HTTP/1.1\r\n\r\n", 1000, context, network);
    return context.steps;
  };
  expect(await steps(true)).toEqual([expect.stringMatching(/ in 7 ms/)]);
  expect(await steps(false)).toEqual([]);
});
