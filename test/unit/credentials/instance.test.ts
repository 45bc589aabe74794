import { connect, Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Context } from "../../../src/context.js";
import type { CredentialResponse } from "../../../src/credentials/credentials.js";
import type { Lookup } from "../../../src/credentials/dial.js";
import type { Network } from "../../../src/credentials/endpoint-request.js";
import { type InstanceGiven, instanceSource } from "../../../src/credentials/instance.js";
import { instanceAddresses, instanceEndpoint } from "../../../src/credentials/instance-endpoint.js";
import { LIMITS, type Limits } from "../../../src/credentials/request-once.js";
import {
  type InstanceMetadataOptions,
  type MetadataResponse,
  startInstanceMetadata,
} from "../../support/instance-metadata/instance-metadata.js";
import { testContext } from "../../support/test-context.js";

const TOKEN = "PUT /latest/api/token";
const ROLES = "GET /latest/meta-data/iam/security-credentials/";
const KEYS = `${ROLES}build-runner`;
const ASKED = `http://169.254.169.254${TOKEN.slice(4)} (--instance-role)`;

interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly given?: Partial<InstanceGiven>;
  /** @param connections  so many were opened before */
  readonly limits?: (connections: number) => Limits;
  readonly budgetMs?: number;
  readonly clock?: Partial<Pick<Context, "now" | "random">>;
}

/** Asks as far as the source knows 169.254.169.254; the connection goes to a service of the test's own. */
async function ask(options: InstanceMetadataOptions = {}, world: World = {}) {
  const service = await startInstanceMetadata(options);
  onTestFinished(() => service.close());
  const dialled: string[] = [];
  const sleeps: number[] = [];
  const sleep = async (ms: number) => void sleeps.push(ms);
  const context = testContext(world.env, { now: Date.now, sleep, ...world.clock });
  const network: Network = {
    get limits() {
      return world.limits?.(dialled.length) ?? LIMITS;
    },
    lookup: async () => ["192.0.2.7"],
    dial: async (_, address) => {
      dialled.push(address);
      return connect(service.port, "127.0.0.1");
    },
  };
  const given = { namedBy: "--instance-role", ...world.given };
  const source = instanceSource(given, context, world.budgetMs, network);
  const outcome = await source.fetch().catch((error: unknown) => error);
  return { outcome, source, service, dialled, sleeps, lines: service.lines(), steps: context.steps };
}

/** Answers one of the requests, by its line, with something else: the first `times` times. */
function instead(line: string, response: MetadataResponse, times = Number.POSITIVE_INFINITY) {
  let left = times;
  return ({ method, path }: { method: string; path: string }) =>
    `${method} ${path}` === line && left-- > 0 ? response : undefined;
}

const text = (status: number, body = "") => ({ status, body });
const json = (fields: object) => text(200, JSON.stringify(fields));

describe("the instance's role", () => {
  it("is asked for by a token, the role's name and its keys", async () => {
    const { outcome, source, service, dialled, lines } = await ask();
    const [issued] = service.issued;
    expect(outcome).toMatchObject({
      credentials: {
        accessKeyId: issued?.accessKeyId,
        secretAccessKey: issued?.secretAccessKey,
        sessionToken: issued?.sessionToken,
      },
      body: expect.stringContaining('"Success"'),
    });
    expect(lines).toEqual([TOKEN, ROLES, KEYS]);
    expect(dialled).toEqual(["169.254.169.254", "169.254.169.254", "169.254.169.254"]);
    expect(source.description).toEqual({
      kind: "instance",
      name: "--instance-role",
      place: "option",
      address: "http://169.254.169.254",
      path: "/latest/meta-data/iam/security-credentials/",
    });
  });

  it("is asked for with the headers of IMDSv2", async () => {
    const { service } = await ask();
    const [token, roles, keys] = service.requests.map(({ headers }) => headers);
    const common = {
      host: "169.254.169.254",
      accept: "*/*",
      "accept-encoding": "identity",
      "user-agent": "fetch-creds",
      connection: "close",
    };
    expect(token).toEqual({
      ...common,
      "content-length": "0",
      "x-aws-ec2-metadata-token-ttl-seconds": "21600",
    });
    expect(roles).toEqual({ ...common, "x-aws-ec2-metadata-token": expect.stringMatching(/^[\w-]{54}$/) });
    expect(keys).toEqual(roles);
  });

  it("shows its requests and the role with --debug, but no token", async () => {
    const { steps, service } = await ask();
    const at = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
    const shown = steps.map((step) => step.replace(/in \d+ ms/, "in 0 ms"));
    expect(shown).toEqual([
      "PUT http://169.254.169.254/latest/api/token: 200 in 0 ms",
      `GET ${at}: 200 in 0 ms`,
      "the instance's role is build-runner",
      `GET ${at}build-runner: 200 in 0 ms`,
    ]);
    expect(steps.join()).not.toContain(service.requests[1]?.headers["x-aws-ec2-metadata-token"]);
  });

  it("asks for another token, once, when the first is not taken any more", async () => {
    const { outcome, lines } = await ask({ tokenUses: 1 });
    expect(lines).toEqual([TOKEN, ROLES, KEYS, TOKEN, ROLES, KEYS]);
    expect(outcome).toMatchObject({ id: "instance-401", exitCode: 254 });
    const once = await ask({ instead: instead(KEYS, text(401), 1) });
    expect(once.lines).toEqual([TOKEN, ROLES, KEYS, TOKEN, ROLES, KEYS]);
    expect(once.steps).toContain("the token was refused: asking for another");
    expect(once.outcome).toMatchObject({ credentials: { accessKeyId: once.service.issued[0]?.accessKeyId } });
  });

  it.each<[number | string, MetadataResponse, string[]]>([
    [429, text(429), [TOKEN, ROLES, KEYS]],
    [500, text(500), [TOKEN, ROLES, KEYS]],
    [501, text(501), [ROLES, KEYS]],
    [503, text(503), [TOKEN, ROLES, KEYS]],
    [
      "a response that is cut off",
      { ...text(200, "x"), headers: { "content-length": "9" } },
      [TOKEN, ROLES, KEYS],
    ],
  ])("is asked again at %s, each request by itself", async (_, response, requests) => {
    for (const line of requests) {
      const { outcome, lines, sleeps } = await ask({ instead: instead(line, response, 1) });
      expect(outcome).toHaveProperty("credentials");
      expect(lines).toEqual([TOKEN, ROLES, KEYS].flatMap((each) => (each === line ? [each, each] : [each])));
      expect(sleeps).toEqual([375]);
    }
  });

  it("is asked five times at most", async () => {
    const { outcome, lines } = await ask({ instead: instead(ROLES, text(503, "busy")) });
    expect(lines).toEqual([TOKEN, ROLES, ROLES, ROLES, ROLES, ROLES]);
    expect(outcome).toMatchObject({
      id: "instance-5xx",
      message: expect.stringMatching(/answered 503: busy$/),
    });
  });

  it.each<[string, string, MetadataResponse, string]>([
    ["the token", TOKEN, text(400), "instance-status"],
    ["the token", TOKEN, text(403), "instance-403"],
    ["the token", TOKEN, text(404), "instance-not-v2"],
    ["the token", TOKEN, text(405), "instance-not-v2"],
    ["the token", TOKEN, text(501), "instance-not-v2"],
    ["the token", TOKEN, { ...text(302), headers: { location: "http://127.0.0.1/" } }, "instance-status"],
    ["the token", TOKEN, text(200), "instance-token"],
    ["the token", TOKEN, text(200, "two words"), "instance-token"],
    ["the token", TOKEN, text(200, "a\r\nX-Other: b"), "instance-token"],
    ["the role", ROLES, text(404), "instance-no-role"],
    ["the role", ROLES, text(200), "instance-no-role"],
    ["the role", ROLES, text(200, "\n"), "instance-no-role"],
    ["the role", ROLES, text(403), "instance-403"],
    ["the role", ROLES, text(307), "instance-status"],
    ["the role", ROLES, text(200, "../../user-data"), "instance-role-name"],
    ["the role", ROLES, text(200, ".."), "instance-role-name"],
    ["the role", ROLES, text(200, "a b"), "instance-role-name"],
    ["the role", ROLES, text(200, "a?b"), "instance-role-name"],
    ["the role", ROLES, text(200, "<html>"), "instance-role-name"],
    ["the role", ROLES, text(200, "r".repeat(65)), "instance-role-name"],
    ["the keys", KEYS, text(404), "instance-status"],
    ["the keys", KEYS, text(403), "instance-403"],
    [
      "the keys",
      KEYS,
      json({ Code: "AssumeRoleUnauthorizedAccess", Message: "EC2 cannot" }),
      "instance-code",
    ],
    ["the keys", KEYS, json({ Code: "Success", AccessKeyId: "A" }), "answer-field"],
    ["the keys", KEYS, json({ AccessKeyId: "A", SecretAccessKey: "S", Token: "T" }), "answer-field"],
  ])("of %s: %s with %j is %s, at once", async (_, line, response, id) => {
    const { outcome, lines } = await ask({ instead: instead(line, response) });
    expect(outcome).toMatchObject({ id, exitCode: 254, hint: expect.any(String) });
    expect(lines.filter((each) => each === line)).toHaveLength(1);
  });

  it("without a Token is none, as for botocore", async () => {
    const { outcome } = await ask({ fields: { Token: undefined } });
    expect(outcome).toMatchObject({
      id: "answer-field",
      message: expect.stringMatching(/but Token is missing$/),
    });
  });

  it("is asked again for what is not JSON", async () => {
    const { outcome, lines } = await ask({ instead: instead(KEYS, text(200, "{"), 1) });
    expect(outcome).toHaveProperty("credentials");
    expect(lines).toEqual([TOKEN, ROLES, KEYS, KEYS]);
  });

  it("takes the first line of the role's name", async () => {
    const { outcome } = await ask({ instead: instead(ROLES, text(200, "build-runner\nother\n")) });
    expect(outcome).toHaveProperty("credentials");
  });

  it("says what the instance says of a role that EC2 may not assume, and which policy it lacks", async () => {
    const Message = "EC2 cannot assume the role build-runner.";
    const { outcome } = await ask({ fields: { Code: "AssumeRoleUnauthorizedAccess", Message } });
    expect(outcome).toMatchObject({
      message: expect.stringContaining(
        `answered 200 with the error AssumeRoleUnauthorizedAccess: ${Message}`,
      ),
      hint: expect.stringMatching(/^the role's trust policy must let ec2\.amazonaws\.com .*some minutes$/),
    });
    const other = await ask({ fields: { Code: "InstanceProfileNotFound" } });
    expect(other.outcome).toMatchObject({
      message: expect.stringMatching(/answered 200 with the error InstanceProfileNotFound$/),
      hint: expect.stringMatching(
        /^see whether the role of the instance profile exists; .*ec2\.amazonaws\.com/,
      ),
    });
  });

  it("is not what a page of the service says", async () => {
    const { outcome } = await ask({ isOff: true });
    expect(outcome).toMatchObject({ id: "instance-403", message: `${ASKED} answered 403` });
  });
});

describe("keys that have expired", () => {
  it("are used: the service repeats them while it cannot renew them", async () => {
    const before = Date.now();
    const { outcome, service, steps } = await ask({ lifeMs: -3_600_000 });
    const { credentials } = outcome as { credentials: { expiration: { epochMs: number; text: string } } };
    expect(credentials).toMatchObject({ accessKeyId: service.issued[0]?.accessKeyId });
    const end = Math.floor((service.issued[0]?.expiresAt ?? 0) / 1000) * 1000;
    expect(outcome).toMatchObject({ expiredAt: { epochMs: end } });
    const { epochMs, text: shown } = credentials.expiration;
    expect(Date.parse(shown)).toBe(epochMs);
    expect(steps.at(-1)).toMatch(
      new RegExp(`^the keys expired at .*: the service cannot renew them, so they are used until ${shown}$`),
    );
    expect(epochMs - before).toBeGreaterThan(11 * 60_000);
    expect(epochMs - Date.now()).toBeLessThanOrEqual(20 * 60_000);
  });

  it.each([
    [0, "2026-01-01T00:12:00Z"],
    [0.5, "2026-01-01T00:16:00Z"],
    [0.999, "2026-01-01T00:19:59Z"],
  ])(
    "are asked for again after 12 to 20 minutes (random %f), from the moment of their end on",
    async (random, end) => {
      const now = Date.UTC(2026, 0, 1);
      const world = { clock: { now: () => now, random: () => random } };
      const endIn = async (Expiration: string) =>
        ((await ask({ fields: { Expiration } }, world)).outcome as CredentialResponse).credentials.expiration;
      expect(await endIn("2026-01-01T00:00:00Z")).toEqual({ epochMs: Date.parse(end), text: end });
      expect(await endIn("2026-01-01T00:00:01Z")).toMatchObject({ text: "2026-01-01T00:00:01Z" });
    },
  );

  it("that have not keep their end", async () => {
    const { outcome, service } = await ask({ lifeMs: 60_000 });
    const { credentials } = outcome as { credentials: { expiration: { epochMs: number } } };
    expect(credentials.expiration.epochMs).toBe(
      Math.floor((service.issued[0]?.expiresAt ?? 0) / 1000) * 1000,
    );
  });
});

describe("no answer", () => {
  const short: Limits = { ...LIMITS, headers: 40 };

  it("to the request for a token is the hop limit, after two tries", async () => {
    const { outcome, dialled } = await ask({ hopLimit: 1 }, { limits: () => short });
    expect(dialled).toHaveLength(2);
    expect(outcome).toMatchObject({
      id: "instance-no-token",
      exitCode: 255,
      message: `${ASKED} accepted the connection, but did not answer the request for a token`,
      hint: expect.stringMatching(
        /^with a hop limit of 1 .*--http-put-response-hop-limit 2 \(HttpPutResponseHopLimit 2\), or .*--network host$/,
      ),
    });
  });

  it("to a later one is not", async () => {
    const { outcome, dialled } = await ask(
      { instead: instead(ROLES, "silence") },
      { limits: (connections) => (connections === 0 ? LIMITS : short) },
    );
    expect(dialled).toHaveLength(6);
    expect(outcome).toMatchObject({ id: "endpoint-silent" });
  });

  const failing = (code: string): Network => ({
    limits: LIMITS,
    dial: async () => {
      const socket = new Socket();
      setImmediate(() => socket.destroy(Object.assign(new Error(code), { code })));
      return socket;
    },
  });

  it.each<[string, string, string, RegExp]>([
    [
      "ECONNREFUSED",
      "instance-refused",
      "refused the connection",
      /^nothing listens there: .*not run on an EC2/,
    ],
    ["ENETUNREACH", "instance-unreachable", "cannot be reached (ENETUNREACH)", /^no route: .*--network none/],
    [
      "ETIMEDOUT",
      "instance-no-token",
      "did not accept the connection for a token in time",
      /firewall .*hop-limit 2/,
    ],
    ["ECONNRESET", "endpoint-reset", "broke the connection off", /restarted/],
  ])("at %s: %s", async (code, id, words, hint) => {
    const source = instanceSource({ namedBy: "--instance-role" }, testContext(), 30_000, failing(code));
    await expect(source.fetch()).rejects.toMatchObject({
      id,
      exitCode: 255,
      message: expect.stringContaining(`${ASKED} ${words}`),
      hint: expect.stringMatching(hint),
    });
  });

  it.each([
    ["http://127.0.0.1:1338", /a loopback address is this container's own/],
    ["http://192.0.2.1", /check AWS_EC2_METADATA_SERVICE_ENDPOINT/],
  ])("at %s, which was named, says so", async (value, hint) => {
    const context = testContext({ AWS_EC2_METADATA_SERVICE_ENDPOINT: value });
    const source = instanceSource({ namedBy: "--instance-role" }, context, 30_000, failing("ECONNREFUSED"));
    await expect(source.fetch()).rejects.toMatchObject({
      message: `${value}/latest/api/token (--instance-role) refused the connection`,
      hint: expect.stringMatching(hint),
    });
  });

  it("within --timeout ends it, before anything is sent in no time at all", async () => {
    const clock = { now: () => Date.UTC(2026, 0, 1) };
    const { outcome, dialled } = await ask({}, { budgetMs: 0, clock });
    expect(outcome).toMatchObject({ id: "credentials-timeout", exitCode: 255 });
    expect(dialled).toEqual([]);
    expect((await ask({}, { budgetMs: 1, clock })).dialled).not.toEqual([]);
  });
});

describe("where the service is", () => {
  const file = "~/.aws/config";
  const fromProfile = (value: string) => ({ value, file });

  it.each<[string, World, string, string, string]>([
    [
      "IPv6",
      { env: { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "IPv6" } },
      "fd00:ec2::254",
      "[fd00:ec2::254]",
      "",
    ],
    [
      "ipv4",
      { env: { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "ipv4" } },
      "169.254.169.254",
      "169.254.169.254",
      "",
    ],
    [
      "a profile's mode",
      { given: { endpointMode: fromProfile("IPV6") } },
      "fd00:ec2::254",
      "[fd00:ec2::254]",
      "",
    ],
    [
      "a variable before the profile",
      {
        env: { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "IPv4" },
        given: { endpointMode: fromProfile("IPv6") },
      },
      "169.254.169.254",
      "169.254.169.254",
      "",
    ],
    [
      "an empty variable, which counts as not set",
      {
        env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "" },
        given: { endpoint: fromProfile("http://10.0.0.1:99") },
      },
      "10.0.0.1",
      "10.0.0.1:99",
      "",
    ],
    [
      "an endpoint, which beats the mode",
      {
        env: {
          AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1338/",
          AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "IPv6",
        },
      },
      "127.0.0.1",
      "127.0.0.1:1338",
      "",
    ],
    [
      "an endpoint with a path",
      { env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1/imds" } },
      "127.0.0.1",
      "127.0.0.1",
      "/imds",
    ],
    [
      "a path with a slash at its end",
      { env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1/imds/" } },
      "127.0.0.1",
      "127.0.0.1",
      "/imds",
    ],
    [
      "a name, which is looked up",
      { env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://imds.example" } },
      "192.0.2.7",
      "imds.example",
      "",
    ],
  ])("%s", async (_, world, address, host, prefix) => {
    const { outcome, dialled, service } = await ask({ prefix }, world);
    expect(outcome).toHaveProperty("credentials");
    expect(new Set(dialled)).toEqual(new Set([address]));
    expect(service.requests.map(({ headers }) => headers.host)).toEqual([host, host, host]);
  });

  it.each([
    ["http://10.0.0.1", { scheme: "http", host: "10.0.0.1", port: 80 }],
    ["HTTPS://imds.example", { scheme: "https", host: "imds.example", port: 443 }],
    ["https://imds.example:8443/x/", { scheme: "https", host: "imds.example", port: 8443, target: "/x" }],
    ["http://[fd00:ec2::254]:1", { scheme: "http", host: "fd00:ec2::254", port: 1 }],
  ])("an endpoint of %s is read", async (value, base) => {
    const endpoint = instanceEndpoint({ AWS_EC2_METADATA_SERVICE_ENDPOINT: value }, {}, "--instance-role");
    expect(endpoint).toEqual({
      base: { target: "", isOpen: true, ...base },
      namedBy: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    });
    const lookup = () => Promise.reject(new Error("not looked up"));
    // Of https it is the name that the certificate has to be for.
    expect(await instanceAddresses(endpoint, lookup)).toEqual([base.host]);
  });

  it("the same address in either spelling is dialled", async () => {
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://[::ffff:a00:1]" };
    expect(await instanceAddresses(instanceEndpoint(env, {}, "--instance-role"))).toEqual(["10.0.0.1"]);
  });

  it.each(["x", "IPv5", "constructor", "http://x"])("a mode of %j is none", (value) => {
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: value };
    expect(() => instanceSource({ namedBy: "--instance-role" }, testContext(env))).toThrow(
      expect.objectContaining({
        id: "instance-endpoint-mode",
        exitCode: 253,
        message: `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is not a valid mode: ${value}`,
      }),
    );
  });

  it.each([
    "169.254.169.254",
    "ftp://169.254.169.254",
    "http:169.254.169.254",
    "http://",
    "http://user@host",
    "http://host?x",
    "http://host#x",
    "http://host\\x",
    " http://host",
    "http://host:0",
    "http://host:99999",
    "http://ho st",
    "http://host\r\nX: y",
    // URL's own parser drops it.
    "http://ho\nst",
    "http://host/\ufffd",
  ])("an endpoint of %j is none", (value) => {
    const given = { namedBy: "--instance-role", endpoint: fromProfile(value) };
    expect(() => instanceSource(given, testContext())).toThrow(
      expect.objectContaining({
        id: "instance-endpoint",
        exitCode: 253,
        message: expect.stringContaining("ec2_metadata_service_endpoint in ~/.aws/config"),
      }),
    );
  });

  it.each<[string, Lookup]>([
    ["ENOTFOUND", () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }))],
    ["no address", async () => []],
  ])("a name that is none is said: %s", async (words, lookup) => {
    const context = testContext({ AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://imds.example" });
    const network = { limits: LIMITS, lookup, dial: async () => new Socket() };
    const source = instanceSource({ namedBy: "--instance-role" }, context, 30_000, network);
    await expect(source.fetch()).rejects.toMatchObject({
      id: "instance-name",
      exitCode: 253,
      message: expect.stringContaining(`the name imds.example cannot be resolved (${words})`),
    });
  });

  it.each(["true", "True", "TRUE"])("AWS_EC2_METADATA_DISABLED=%s is obeyed", (value) => {
    const context = testContext({ AWS_EC2_METADATA_DISABLED: value });
    expect(() => instanceSource({ namedBy: "--instance-role" }, context)).toThrow(
      expect.objectContaining({ id: "instance-disabled", exitCode: 253 }),
    );
  });

  it.each(["", "false", "1", "yes"])("AWS_EC2_METADATA_DISABLED=%j says nothing", async (value) => {
    const { outcome } = await ask({}, { env: { AWS_EC2_METADATA_DISABLED: value } });
    expect(outcome).toHaveProperty("credentials");
  });
});
