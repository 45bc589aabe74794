import { describe, expect, it } from "vitest";
import type { ResponseHead } from "../../../../src/http/response.js";
import type { S3Request } from "../../../../src/s3/requests/request.js";
import {
  handOver,
  hasEtag,
  hasResult,
  isDeleted,
  isDocument,
  isSuccess,
  resultText,
  saysNothing,
} from "../../../../src/s3/requests/result.js";
import { response } from "../../../support/scripted-sender.js";

const ERROR = "<Error><Code>InternalError</Code></Error>";

it.each([
  ['"e"', true],
  ["e", true],
  ['""', false],
  ["", false],
  [' " ', false],
  [undefined, false],
])("the ETag %j names what was stored: %s", (etag, expected) => {
  expect(hasEtag(response(200, etag === undefined ? {} : { etag }))).toBe(expected);
});

it.each([
  [200, "", true, true],
  [204, "", true, true],
  [204, "x", false, true],
  [200, " \r\n", false, true],
  [200, "x", false, false],
  [201, "", false, false],
  [202, "", false, false],
])("%i with %j says nothing: %s, and is deleted: %s", (status, body, nothing, deleted) => {
  expect(saysNothing(response(status, {}, body))).toBe(nothing);
  expect(isDeleted(response(status, {}, body))).toBe(deleted);
});

describe("a result", () => {
  it.each([
    ["<R><A>x</A></R>", "x"],
    ["<R><A></A></R>", undefined],
    ["<R/>", undefined],
    ["<Q><A>x</A></Q>", undefined],
    ["<R><A>x</A>", undefined],
    ["", undefined],
  ])("%s has the element: %s", (body, text) => {
    expect(resultText(response(200, {}, body), "R", "A")).toBe(text);
    expect(hasResult("R", "A")(response(200, {}, body))).toBe(text !== undefined);
  });

  it("may be an empty document, but no other", () => {
    expect(isDocument("R")(response(200, {}, "<R/>"))).toBe(true);
    expect(isDocument("R")(response(200, {}, "<Q/>"))).toBe(false);
  });
});

const sink = (takes: boolean) => {
  const log: string[] = [];
  return {
    log,
    takes: () => takes,
    onResponse: ({ status }: ResponseHead) => void log.push(`head ${status}`),
    onChunk: (chunk: Buffer) => {
      log.push(chunk.toString());
      return undefined;
    },
  };
};

describe("a response is a success", () => {
  const request: S3Request = { operation: "X", method: "GET" };
  it.each<[string, Partial<S3Request>, number, string, boolean]>([
    ["of status 299", {}, 299, "", true],
    ["not of status 300", {}, 300, "", false],
    ["not with an error in it", {}, 200, ERROR, false],
    ["where its request says so", { isDone: () => true }, 200, "", true],
    ["not where its request says not", { isDone: () => false }, 200, "", false],
    ["not with an error in it, whatever its request says", { isDone: () => true }, 200, ERROR, false],
    ["that a sink has taken", { sink: sink(true), isDone: () => false }, 200, ERROR, true],
    ["not with an error in it that a sink has not taken", { sink: sink(false) }, 200, ERROR, false],
    ["not of status 300, whatever a sink takes", { sink: sink(true) }, 300, "", false],
  ])("%s", (_what, more, status, body, expected) => {
    expect(isSuccess({ ...request, ...more }, response(status, {}, body))).toBe(expected);
  });
});

describe("what was kept until it was clear that it is no error", () => {
  it.each([
    ["goes to the sink", false, "body", ["head 200", "body"]],
    ["goes to the sink, be it one byte", false, "x", ["head 200", "x"]],
    ["goes to the sink without a chunk, where it is empty", false, "", ["head 200"]],
    ["has gone to the sink already", true, "body", []],
  ])("%s", (_what, takes, body, expected) => {
    const taken = sink(takes);
    handOver(taken, response(200, {}, body));
    expect(taken.log).toEqual(expected);
  });
});
