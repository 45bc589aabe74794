import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { getCallerIdentity } from "../../../src/aws/caller-identity.js";
import type { ServerError } from "../../../src/aws/server-error.js";
import { stsAnsweredError } from "../../../src/aws/sts-failures.js";
import { Wire } from "../../../src/http/wire.js";
import { answeringServer } from "../../support/answering-server.js";
import { rawServer } from "../../support/raw-server.js";
import { testContext } from "../../support/test-context.js";

const KEYS = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "S", sessionToken: "T" };
const REACHED = {
  caBundle: undefined,
  verifySsl: true,
  fips: false,
  dualStack: false,
  connectTimeoutMs: 10_000,
  readTimeoutMs: 20_000,
};
const ERROR =
  "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>it&apos;s over</Message></Error></ErrorResponse>";
const IDENTITY =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/r/s&#45;x</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

async function ask(...answers: (readonly [status: number, body: string])[]) {
  const { url: endpointUrl, requests } = await answeringServer(...answers);
  const outcome = await getCallerIdentity(
    KEYS,
    { ...REACHED, region: "eu-west-1", endpointUrl },
    testContext(),
  ).catch((error: unknown) => error);
  return { outcome, requests };
}

describe("GetCallerIdentity", () => {
  it("is signed for its region and tells the caller", async () => {
    const { outcome, requests } = await ask([200, IDENTITY]);
    expect(outcome).toEqual({
      arn: "arn:aws:sts::123456789012:assumed-role/r/s-x",
      account: "123456789012",
      userId: "U",
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.body).toBe("Action=GetCallerIdentity&Version=2011-06-15");
    expect(requests[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE\/20260101\/eu-west-1\/sts\/aws4_request/,
      ),
      "x-amz-content-sha256": createHash("sha256")
        .update(requests[0]?.body ?? "")
        .digest("hex"),
      "x-amz-security-token": "T",
      "x-amz-date": "20260101T000000Z",
    });
  });

  it("tells STS's own error", async () => {
    const { outcome, requests } = await ask([403, ERROR]);
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({
      id: "sts-error",
      exitCode: 254,
      message: expect.stringContaining("answered 403: ExpiredToken: it's over"),
      hint: expect.stringContaining("expired"),
    });
  });

  it.each([
    [302, /^something other than STS answered/],
    [400, /^STS did not accept the keys/],
    [418, /^STS did not accept the keys/],
    [500, /has a problem: try again later$/],
    [503, /has a problem: try again later$/],
  ])("says of a response %i without a known code what it means", (status, hint) => {
    const error = { status, code: String(status), explained: false, message: "" } as ServerError;
    expect(stsAnsweredError("GetCallerIdentity", "https://sts.amazonaws.com", error).hint).toMatch(hint);
  });

  it("is tried again when STS is busy", async () => {
    const { outcome, requests } = await ask([503, ""], [200, IDENTITY]);
    expect(outcome).toMatchObject({ account: "123456789012" });
    expect(requests).toHaveLength(2);
  });

  it.each([
    [1, 60_000, {}],
    [2, 7000, { budgetMs: 7000 }],
  ])("has a minute, or what is given, for all tries: %i of them", async (tries, ms, budget) => {
    const set = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    onTestFinished(() => void vi.restoreAllMocks());
    const { url: endpointUrl } = await answeringServer(
      ...Array.from({ length: tries - 1 }, () => [503, ""] as const),
      [200, IDENTITY],
    );
    await getCallerIdentity(KEYS, { ...REACHED, ...budget, region: "eu-west-1", endpointUrl }, testContext());
    const timers = set.mock.results.filter((_, index) => set.mock.calls[index]?.[1] === ms);
    expect(timers).toHaveLength(tries);
    for (const { value } of timers) expect(cleared).toHaveBeenCalledWith(value);
  });

  it("is sent again at once when the connection that was kept for it is closed", async () => {
    const raw = await rawServer((_, socket, index) => {
      if (index === 0) socket.write("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n");
      else if (index === 1) socket.destroy();
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${IDENTITY.length}\r\n\r\n${IDENTITY}`);
    });
    const slept: number[] = [];
    const context = testContext({}, { sleep: async (ms) => void slept.push(ms) });
    await getCallerIdentity(KEYS, { ...REACHED, region: "eu-west-1", endpointUrl: raw.url }, context);
    expect(raw.requests).toHaveLength(3);
    expect(slept, "after the first response").toHaveLength(1);
  });

  it("ends when its time is over, and closes its connections", async () => {
    const sockets: Socket[] = [];
    const raw = await rawServer((_, socket) => void sockets.push(socket));
    const options = { ...REACHED, region: "eu-west-1", endpointUrl: raw.url, budgetMs: 50 };
    await expect(getCallerIdentity(KEYS, options, testContext())).rejects.toMatchObject({
      id: "sts-no-answer",
      message: `GetCallerIdentity at ${raw.url} failed: no response in time`,
    });
    await expect.poll(() => sockets.every(({ closed }) => closed)).toBe(true);
  });

  it("closes its connections when it has the response, too", async () => {
    const destroy = vi.spyOn(Wire.prototype, "destroy");
    onTestFinished(() => void destroy.mockRestore());
    const sockets: Socket[] = [];
    const raw = await rawServer((_, socket) => {
      sockets.push(socket);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${IDENTITY.length}\r\n\r\n${IDENTITY}`);
    });
    const options = { ...REACHED, region: "eu-west-1", endpointUrl: raw.url };
    await getCallerIdentity(KEYS, options, testContext());
    expect(destroy, "by itself one would be closed after some seconds").toHaveBeenCalledTimes(1);
    await expect.poll(() => sockets.map(({ closed }) => closed)).toEqual([true]);
  });

  it("says which CA bundle cannot be read, and is not tried again", async () => {
    const options = { ...REACHED, caBundle: "/nowhere/roots.pem", region: "eu-west-1" };
    const asked = getCallerIdentity(KEYS, { ...options, endpointUrl: "https://127.0.0.1:1" }, testContext());
    await expect(asked).rejects.toMatchObject({ id: "ca-bundle-unreadable" });
  });

  it("takes no other success for its own", async () => {
    expect((await ask([201, IDENTITY])).outcome).toMatchObject({ id: "sts-error" });
  });

  it.each(["Arn", "Account", "UserId"])("does not believe a response without %s", async (name) => {
    const without = IDENTITY.replace(new RegExp(`<${name}>.*</${name}>`), "");
    expect((await ask([200, without])).outcome).toMatchObject({
      id: "sts-unreadable",
      message: expect.stringContaining("but without Arn, Account and UserId"),
    });
  });

  it.each(["<html></html>", "hello"])("does not take another service's response: %s", async (body) => {
    expect((await ask([200, body])).outcome).toMatchObject({
      id: "sts-unreadable",
      exitCode: 254,
    });
  });

  const result = (inner: string) =>
    `<GetCallerIdentityResponse><GetCallerIdentityResult>${inner}</GetCallerIdentityResult></GetCallerIdentityResponse>`;
  const identity = (arn: string, account = "111111111111") =>
    `<Arn>${arn}</Arn><UserId>U</UserId><Account>${account}</Account>`;
  const SESSION = "arn:aws:sts::111111111111:assumed-role/build/session";

  it.each([
    ["another account", result(identity(SESSION, "222222222222"))],
    ["a role without a session", result(identity("arn:aws:sts::111111111111:assumed-role/build"))],
    ["a role without a name", result(identity("arn:aws:sts::111111111111:assumed-role//session"))],
    ["a session with a path", result(identity("arn:aws:sts::111111111111:assumed-role/a/build/session"))],
    ["no account in its Arn", result(identity("arn:aws:iam:::role/build"))],
    ["no Arn", result(identity("garbage"))],
    ["something before its Arn", result(identity("not-arn:aws:iam::111111111111:user/a"))],
    ["a blank in its Arn", result(identity("arn:aws:iam::111111111111:user/a b"))],
    ["two Arns", result(identity(SESSION) + identity(SESSION).replace(/<User.*/, ""))],
    ["two accounts", result(`${identity(SESSION)}<Account>111111111111</Account>`)],
    [
      "two results",
      result(`${identity(SESSION)}</GetCallerIdentityResult><GetCallerIdentityResult>${identity(SESSION)}`),
    ],
  ])("does not believe a response with %s", async (_what, body) => {
    const { outcome, requests } = await ask([200, body]);
    expect(outcome).toMatchObject({
      id: "sts-unreadable",
      exitCode: 254,
      message: expect.stringContaining("without a valid Arn of its Account"),
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    SESSION,
    "arn:aws:iam::111111111111:user/a/path/name",
    "arn:aws:iam::111111111111:root",
    "arn:aws:iam::111111111111:user/role/name",
    "arn:aws:sts::111111111111:federated-user/name",
    "arn:aws-us-gov:sts::111111111111:assumed-role/AWSReservedSSO_x_0123/me@example.com",
  ])("believes %s", async (arn) => {
    expect((await ask([200, result(identity(arn))])).outcome).toMatchObject({ arn });
  });

  it.each([
    ["a line that ends without CR", `HTTP/1.1 200 OK\nContent-Length: ${IDENTITY.length}\n\n${IDENTITY}`],
    ["a malformed header", `HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n${IDENTITY}`],
    ["an unclear length", `HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
  ])("takes no response with %s, strict as where keys are read", async (fault, answer) => {
    const raw = await rawServer((_, socket) => void socket.end(answer));
    const asked = getCallerIdentity(
      KEYS,
      { ...REACHED, region: "eu-west-1", endpointUrl: raw.url },
      testContext(),
    );
    await expect(asked).rejects.toMatchObject({
      id: "sts-no-answer",
      message: `GetCallerIdentity at ${raw.url} failed: the response is not valid HTTP: ${fault}`,
    });
    expect(raw.requests).toHaveLength(5);
  });

  it("tells that there was no response", async () => {
    const asked = getCallerIdentity(
      KEYS,
      { ...REACHED, region: "x", endpointUrl: "http://127.0.0.1:1" },
      testContext(),
    );
    await expect(asked).rejects.toMatchObject({ id: "sts-no-answer", exitCode: 255 });
  });
});
