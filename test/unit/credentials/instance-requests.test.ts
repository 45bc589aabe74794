import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { endpointAddress } from "../../../src/credentials/endpoint.js";
import { instanceEndpoint } from "../../../src/credentials/instance-endpoint.js";
import { instanceStatus, instanceTrouble } from "../../../src/credentials/instance-failures.js";
import {
  fetchRoleName,
  fetchToken,
  type InstanceService,
  isTokenRefused,
  ROLES_PATH,
} from "../../../src/credentials/instance-requests.js";
import { LIMITS } from "../../../src/credentials/request-once.js";
import { Failure } from "../../../src/failure.js";
import { concealed } from "../../../src/output/concealed.js";
import { testContext } from "../../support/test-context.js";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";

/** A service whose connections do what `each` does with them. */
function serviceWith(each: (socket: EventEmitter) => void, limits = LIMITS) {
  const dialled: EventEmitter[] = [];
  const dial = async () => {
    const socket = Object.assign(new EventEmitter(), { write: () => true, destroy: () => undefined });
    dialled.push(socket);
    setTimeout(() => each(socket), 0);
    return socket as unknown as Socket;
  };
  const endpoint = instanceEndpoint({}, {}, "--instance-role");
  const service: InstanceService = {
    endpoint,
    addresses: ["192.0.2.1"],
    description: {
      kind: "instance",
      name: "--instance-role",
      place: "option",
      address: endpointAddress(endpoint.base),
      path: ROLES_PATH,
    },
    deadline: Date.UTC(2026, 0, 1) + 60_000,
    budgetMs: 60_000,
    context: testContext({}, { debugging: false }),
    network: { limits, dial },
  };
  return { service, dialled };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NOTHING = () => undefined;
const connected = (socket: EventEmitter) => void socket.emit("connect");
const begun = (socket: EventEmitter) => {
  socket.emit("connect");
  socket.emit("data", Buffer.from(HEAD));
};
const dripping = (socket: EventEmitter) => {
  begun(socket);
  setInterval(() => socket.emit("data", Buffer.from("x")), 1000);
};

/** A socket that answers a request with this text. */
const answering = (status: number, text: string) => (socket: EventEmitter) => {
  socket.emit("connect");
  socket.emit("data", Buffer.from(`HTTP/1.1 ${status} X\r\nContent-Length: ${text.length}\r\n\r\n${text}`));
};

/** What came of it, once all times are over. */
async function outcomeOf<T>(promise: Promise<T>): Promise<T | string> {
  const outcome = promise.catch((error: unknown) => (error as Failure).id);
  await vi.runAllTimersAsync();
  return outcome;
}

describe("what is answered", () => {
  it.each([
    ["x", "x"],
    [" \tx\r\n", "x"],
    ["x".repeat(4096), "x".repeat(4096)],
    ["x".repeat(4097), "instance-token"],
    ["a b", "instance-token"],
  ])("to a request for a token, %j: %s", async (text, outcome) => {
    expect(await outcomeOf(fetchToken(serviceWith(answering(200, text)).service))).toBe(outcome);
  });

  it("to a request for a token is concealed from then on", async () => {
    const token = "a-token-of-the-instance";
    expect(concealed(token)).toBe(token);
    await outcomeOf(fetchToken(serviceWith(answering(200, token)).service));
    expect(concealed(token)).toBe("***");
  });

  it.each([
    ["r", "r"],
    ["r".repeat(64), "r".repeat(64)],
    ["r".repeat(65), "instance-role-name"],
    // Names of folders, and of none.
    [".", "instance-role-name"],
    ["..", "instance-role-name"],
    ["...", "..."],
    [".role", ".role"],
    ["role.", "role."],
  ])("to a request for the role, %j: %s", async (text, outcome) => {
    expect(await outcomeOf(fetchRoleName(serviceWith(answering(200, text)).service, "t"))).toBe(outcome);
  });
});

it.each([
  [new Failure("instance-401", { message: "m", exitCode: 254 }), true],
  [new Failure("instance-403", { message: "m", exitCode: 254 }), false],
  [Object.assign(new Error("no Failure"), { id: "instance-401" }), false],
])("another token is asked for after a failure that says 401, and no other (%#)", (error, expected) => {
  expect(isTokenRefused(error)).toBe(expected);
});

describe("one try", () => {
  const wide = { connect: 60_000, headers: 60_000, gap: 60_000, attempt: 60_000 };
  it.each([
    ["that is not connected", NOTHING, 2000],
    ["that is not answered", connected, 3000],
    ["whose answer stops", begun, 3000],
    ["whose answer goes on and on", dripping, 5000],
  ])("for a token, %s, is given up however long others may take", async (_, each, ms) => {
    const { service, dialled } = serviceWith(each, wide);
    fetchToken(service).catch(NOTHING);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(dialled).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(dialled).toHaveLength(2);
  });

  it.each([
    ["for a token, that is not connected", fetchToken, NOTHING, 2000],
    ["for a token, that is not answered", fetchToken, connected, 3000],
    ["for a token, whose answer stops", fetchToken, begun, 3000],
    ["for a token, whose answer goes on and on", fetchToken, dripping, 5000],
    ["for the role, that is not connected", fetchRoleName, NOTHING, 2000],
    ["for the role, that is not answered", fetchRoleName, connected, 5000],
    ["for the role, whose answer stops", fetchRoleName, begun, 5000],
    ["for the role, whose answer goes on and on", fetchRoleName, dripping, 10_000],
  ])("%s is given up", async (_, fetch, each, ms) => {
    const { service, dialled } = serviceWith(each);
    fetch(service, "token").catch(NOTHING);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(dialled).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(dialled).toHaveLength(2);
  });

  it("whose answer had begun when the connection timed out has its status", async () => {
    const { service, dialled } = serviceWith((socket) => {
      socket.emit("connect");
      socket.emit("data", Buffer.from("HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nab"));
      socket.emit("error", Object.assign(new Error("late"), { code: "ETIMEDOUT" }));
    });
    const failed = expect(fetchToken(service)).rejects.toMatchObject({ id: "instance-5xx", exitCode: 254 });
    await vi.runAllTimersAsync();
    await failed;
    expect(dialled).toHaveLength(5);
  });

  it("for the role that is not accepted names a firewall, not CodeBuild", async () => {
    const { service } = serviceWith((socket) =>
      socket.emit("error", Object.assign(new Error("late"), { code: "ETIMEDOUT" })),
    );
    const failed = expect(fetchRoleName(service, "token")).rejects.toMatchObject({
      id: "endpoint-connect-timeout",
      hint: expect.stringMatching(
        /^packets are dropped by a firewall, or because no route leads to the agent$/,
      ),
    });
    await vi.runAllTimersAsync();
    await failed;
  });

  it("at a certificate that does not hold is the last", async () => {
    const { service, dialled } = serviceWith((socket) =>
      socket.emit("error", Object.assign(new Error("old"), { code: "CERT_HAS_EXPIRED" })),
    );
    const failed = expect(fetchToken(service)).rejects.toMatchObject({ id: "endpoint-certificate" });
    await vi.runAllTimersAsync();
    await failed;
    expect(dialled).toHaveLength(1);
  });
});

it("a network that leads nowhere is said by the system's word, or by ours where it has none", () => {
  const { service } = serviceWith(NOTHING);
  const asked = { description: service.description, endpoint: service.endpoint.base, full: true };
  const wordsOf = (detail?: string) =>
    instanceTrouble(asked, { reason: "unreachable", ...(detail && { detail }) }, undefined).message;
  expect(wordsOf("ENETDOWN")).toMatch(/ cannot be reached \(ENETDOWN\)$/);
  expect(wordsOf()).toMatch(/ cannot be reached \(unreachable\)$/);
});

it.each([
  [401, "instance-401", "instance-401"],
  [403, "instance-403", "instance-403"],
  [404, "instance-not-v2", "instance-status"],
  [405, "instance-not-v2", "instance-status"],
  [406, "instance-status", "instance-status"],
  [428, "instance-status", "instance-status"],
  [429, "instance-5xx", "instance-5xx"],
  [430, "instance-status", "instance-status"],
  [499, "instance-status", "instance-status"],
  [500, "instance-5xx", "instance-5xx"],
  [501, "instance-not-v2", "instance-5xx"],
  [502, "instance-5xx", "instance-5xx"],
])("%i means %s to a request for a token, %s to the others", (status, ofToken, ofOthers) => {
  const { service } = serviceWith(NOTHING);
  const asked = { description: service.description, endpoint: service.endpoint.base, full: true };
  const response = { status, headers: {}, body: Buffer.alloc(0) };
  expect([true, false].map((isToken) => instanceStatus(asked, response, isToken).id)).toEqual([
    ofToken,
    ofOthers,
  ]);
});
