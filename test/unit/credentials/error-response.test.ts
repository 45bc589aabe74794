import { describe, expect, it } from "vitest";
import {
  errorCode,
  errorResponse,
  errorWords,
  isUnknownId,
} from "../../../src/credentials/error-response.js";

const asked = (full: boolean) =>
  ({
    description: { kind: "container", name: "V", place: "environment" },
    endpoint: { scheme: "http", host: "127.0.0.1", port: 80, target: "/" },
    full,
  }) as const;

const response = (status: number, body: string) => ({ status, headers: {}, body: Buffer.from(body) });

const ofStatus = (status: number, full = false, body = "") =>
  errorResponse(asked(full), response(status, body));

/** What is shown behind `answered 418`. */
const wordsOf = (body: string) =>
  ofStatus(418, false, body).message.replace(/^http:\/\/127\.0\.0\.1\/ \(V\) answered 418/, "");

describe("an error's own words", () => {
  it.each<[string, unknown]>([
    [": C: M", { code: "C", message: "M" }],
    [": C: M", { Code: "C", Message: "M" }],
    [": C", { code: " C ", message: " " }],
    [": C", { code: "C", message: 5 }],
    [": M", { code: "", message: "M" }],
    [": T: M", { __type: "T", message: "M" }],
    [": C: M", { __type: "T", code: "C", message: "M" }],
    [": E: D", { error: "E", error_description: "D" }],
    [": T", { __type: "T", error: "E" }],
    [": C", { code: "C", error: "E" }],
    [": D", { detail: "D" }],
    [": R", { reason: "R" }],
    [": M", { reason: "R", detail: "D", error_description: "X", message: "M" }],
    [": C: M", { error: { code: "C", message: "M" }, message: "outside" }],
    [": C: M", { errors: [{ code: "C", message: "M" }, { code: "D" }] }],
    [": C: M", { error: { errors: [{ code: "C", message: "M" }] } }],
    [": C", { code: "C", errors: [] }],
    [": C", { code: "C", error: null }],
    [": C", { code: "C", found: [1] }],
    [": M", "M"],
    ["", {}],
    ["", { AccessKeyId: "A", SecretAccessKey: "hidden" }],
  ])("are %j in %j", (words, body) => expect(wordsOf(JSON.stringify(body))).toBe(words));

  it.each([
    ["", ""],
    ["", " \n"],
    [": no such task", " no such task\n"],
    // EKS' agent puts the id of the request first.
    [": [2f1c]: (Forbidden) no role", "[2f1c]: (Forbidden) no role"],
    [": [2f1c] x", "[2f1c] x"],
    [": no such {task}", "no such {task}"],
    // JSON that was cut off may hold keys.
    ["", '{"SecretAccessKey":"hid'],
    ["", '"hid'],
    ["", '[{"SecretAccessKey":"hid'],
    ["", "[1] ,"],
    [": an HTML page", "<html><p>hidden"],
  ])("are %j in the text %j", (words, body) => expect(wordsOf(body)).toBe(words));

  it("are looked for in the first 8192 bytes", () => {
    const ofLength = (length: number) => `{"code":"C"${" ".repeat(length - 12)}}`;
    expect(wordsOf(ofLength(8192))).toBe(": C");
    expect(wordsOf(ofLength(8193))).toBe("");
  });

  it("of a page for people are none for the instance's endpoint", () => {
    expect(errorWords(response(404, "<html><p>x"))).toBe("");
    expect(errorWords(response(404, '{"code":"C","message":"M"}'))).toBe("C: M");
  });
});

describe("what a status means", () => {
  it.each([
    [201, "endpoint-status"],
    [299, "endpoint-status"],
    [300, "endpoint-redirect"],
    [301, "endpoint-redirect"],
    [399, "endpoint-redirect"],
    [400, "endpoint-400"],
    [401, "endpoint-403"],
    [402, "endpoint-status"],
    [403, "endpoint-403"],
    [404, "endpoint-404"],
    [405, "endpoint-status"],
    [407, "endpoint-proxy"],
    [408, "endpoint-status"],
    [428, "endpoint-status"],
    [429, "endpoint-429"],
    [430, "endpoint-status"],
    [499, "endpoint-status"],
    [500, "endpoint-5xx"],
    [510, "endpoint-5xx"],
    [511, "endpoint-proxy"],
    [512, "endpoint-5xx"],
  ])("%i: %s, whatever named the endpoint, and exit code 254", (status, id) => {
    for (const full of [false, true]) expect(ofStatus(status, full)).toMatchObject({ id, exitCode: 254 });
  });

  it("a page for people is a proxy's, whatever the status", () => {
    for (const status of [302, 403, 500])
      expect(ofStatus(status, true, "<!doctype html>")).toMatchObject({
        id: "endpoint-html",
        hint: expect.stringMatching(/must not go through a proxy$/),
      });
  });

  it.each([
    [400, /valid during one build only/, /its message says why/],
    [401, /does not serve this container/, /the authorization token is missing/],
    [403, /does not serve this container/, /the authorization token is missing/],
    [404, /was the variable passed on completely/, /check the whole URI/],
    [429, /ECS allows 40/, /requests at once: start fewer/],
  ])("the advice at %i is that of a relative URI, or that of a full one", (status, relative, full) => {
    expect(ofStatus(status, false).hint).toMatch(relative);
    expect(ofStatus(status, true).hint).toMatch(full);
  });
});

it("only a 400 with the ECS agent's code says that the id is not known", () => {
  const unknown = '{"code":"InvalidIdInRequest"}';
  expect(isUnknownId(response(400, unknown))).toBe(true);
  expect(isUnknownId(response(404, unknown))).toBe(false);
  expect(isUnknownId(response(400, '{"code":"NoIdInRequest"}'))).toBe(false);
});

it("the error in a 200 is said with its message, if it has one", () => {
  const messageOf = (message?: string) => errorCode(asked(false), "Failed", message).message;
  expect(messageOf("no role")).toBe("http://127.0.0.1/ (V) answered 200 with the error Failed: no role");
  expect(messageOf()).toBe("http://127.0.0.1/ (V) answered 200 with the error Failed");
});
