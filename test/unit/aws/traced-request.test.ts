import { describe, expect, it } from "vitest";
import { identified, requestIdOf, shownRequestIds, withRequestId } from "../../../src/aws/request-id.js";
import { ServerError } from "../../../src/aws/server-error.js";
import { tracedRequest } from "../../../src/aws/traced-request.js";
import { Failure } from "../../../src/failure.js";
import { NoResponse } from "../../../src/http/no-response.js";
import type { Response, Sink } from "../../../src/http/response.js";
import { testContext } from "../../support/test-context.js";

const REQUEST = { origin: "https://s3.example", method: "GET", path: "/b/k?partNumber=2", headers: {} };
const ID = { "x-amz-request-id": "4442587FB7D0A2F9", "x-amz-id-2": "vlR7PnpV" };

/** The lines about one request, 20 ms from one look at the clock to the next. */
async function told(send: (sink: Sink | undefined) => Promise<Response>, sink?: Sink) {
  let now = 0;
  const context = testContext({}, { now: () => (now += 20) });
  const outcome = await tracedRequest("GetObject", REQUEST, sink, context, send).catch(
    (error: unknown) => error,
  );
  return { outcome, steps: context.steps };
}

const answer = (status: number, headers: Record<string, string>, body = ""): Response => ({
  status,
  headers,
  body: Buffer.from(body),
});
const ERROR = "<Error><Code>SlowDown</Code><Message>m</Message><RequestId>BODY</RequestId></Error>";

describe("a request's line for --debug", () => {
  it.each([
    [answer(200, ID), "200 in 20 ms, x-amz-request-id 4442587FB7D0A2F9, x-amz-id-2 vlR7PnpV"],
    [answer(503, ID, ERROR), "503 SlowDown in 20 ms, x-amz-request-id 4442587FB7D0A2F9, x-amz-id-2 vlR7PnpV"],
    [answer(200, {}, ERROR), "200 SlowDown in 20 ms"],
    [answer(299, {}, `<x>${ERROR}</x>`), "299 in 20 ms"],
    [answer(300, {}, `<x>${ERROR}</x>`), "300 SlowDown in 20 ms"],
    [answer(404, { "cf-ray": "8f2c-FRA" }), "404 in 20 ms, cf-ray 8f2c-FRA"],
    [answer(403, { "x-amz-request-id": "a\nb" }), "403 in 20 ms, x-amz-request-id a\\nb"],
  ])("says what was answered: %#", async (given, line) => {
    const { outcome, steps } = await told(async (sink) => {
      expect(sink).toBeUndefined();
      return given;
    });
    expect(outcome).toBe(given);
    expect(steps).toEqual([`GetObject GET https://s3.example/b/k?partNumber=2: ${line}`]);
  });

  it("says what happened where nothing answered", async () => {
    const { steps } = await told(async () => {
      throw new NoResponse(new Error("connect ECONNREFUSED 127.0.0.1:1"), false);
    });
    expect(steps).toEqual([
      "GetObject GET https://s3.example/b/k?partNumber=2: no response in 20 ms: connect ECONNREFUSED 127.0.0.1:1",
    ]);
  });

  it("says where a body broke off, and hands all to the sink", async () => {
    const seen: unknown[] = [];
    const sink: Sink = {
      takes: ({ status }) => status === 206,
      onResponse: (head) => void seen.push(head.status),
      onChunk: (chunk) => void seen.push(chunk.toString()),
    };
    const { steps } = await told(async (to) => {
      expect([206, 200].map((status) => to?.takes?.({ status, headers: {} }))).toEqual([true, false]);
      to?.onResponse({ status: 206, headers: ID });
      to?.onChunk(Buffer.from("part"));
      throw new NoResponse(new Error("read ECONNRESET"), true);
    }, sink);
    expect(seen).toEqual([206, "part"]);
    expect(steps).toEqual([
      "GetObject GET https://s3.example/b/k?partNumber=2: 206, and not to its end, in 20 ms, x-amz-request-id 4442587FB7D0A2F9, x-amz-id-2 vlR7PnpV: read ECONNRESET",
    ]);
  });

  it("says what was answered where the sink refuses it", async () => {
    const sink: Sink = {
      onResponse: () => {
        throw new Error("another object");
      },
      onChunk: () => undefined,
    };
    const { steps } = await told(async (to) => {
      to?.onResponse({ status: 206, headers: {} });
      return answer(206, {});
    }, sink);
    expect(steps).toEqual([
      "GetObject GET https://s3.example/b/k?partNumber=2: 206, and not to its end, in 20 ms: another object",
    ]);
  });

  it("is not made without --debug", async () => {
    const context = testContext({}, { debugging: false });
    const sink: Sink = { onResponse: () => undefined, onChunk: () => undefined };
    await tracedRequest("GetObject", REQUEST, sink, context, async (to) => {
      expect(to).toBe(sink);
      return answer(200, ID);
    });
    expect(context.steps).toEqual([]);
  });
});

describe("the id of a request", () => {
  it.each([
    [{ "x-amz-request-id": "A", "cf-ray": "C" }, "A"],
    [{ "x-amzn-requestid": "B" }, "B"],
    [{ "x-guploader-uploadid": "G" }, "G"],
    [{ "cf-ray": "C", "x-amz-request-id": "" }, "C"],
    [{ "x-trans-id": "t".repeat(500) }, `${"t".repeat(200)}…`],
    [{ "x-amz-id-2": "only" }, undefined],
    [{}, undefined],
  ])("is that of %j", (headers, id) => {
    expect(requestIdOf(headers as Record<string, string>)).toBe(id);
  });

  it("stands in the body of an error where no header has it", () => {
    const idOf = (headers: Record<string, string>) =>
      new ServerError(answer(503, headers, ERROR), "GetObject").requestId;
    expect(idOf(ID)).toBe("4442587FB7D0A2F9");
    expect(idOf({})).toBe("BODY");
  });

  it("ends a sentence, once, and only where there is one", () => {
    expect(withRequestId("No.", undefined)).toBe("No.");
    const failure = new Failure("odd", { message: "Odd.", hint: "h", exitCode: 1 });
    expect(identified(failure, ID)).toMatchObject({
      id: "odd",
      message: "Odd. (request ID 4442587FB7D0A2F9)",
      hint: "h",
      exitCode: 1,
    });
    const other = new Error("bug");
    expect(identified(other, ID)).toBe(other);
    expect(shownRequestIds({})).toBe("");
    expect(shownRequestIds({ undefined: "X" })).toBe("");
  });
});
