import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { endpointAddress } from "../../../src/credentials/endpoint.js";
import { instanceEndpoint } from "../../../src/credentials/instance-endpoint.js";
import { instanceStatus } from "../../../src/credentials/instance-failures.js";
import {
  fetchRoleName,
  fetchToken,
  type InstanceService,
  ROLES_PATH,
} from "../../../src/credentials/instance-requests.js";
import { LIMITS } from "../../../src/credentials/request-once.js";
import { testContext } from "../../support/test-context.js";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";

/** A service whose connections do what `each` does with them. */
function serviceWith(each: (socket: EventEmitter) => void) {
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
    network: { limits: LIMITS, dial },
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

describe("one try", () => {
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
