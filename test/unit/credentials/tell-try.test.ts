import { expect, it } from "vitest";
import type { Outcome } from "../../../src/credentials/request-once.js";
import { tellTry } from "../../../src/credentials/tell-try.js";

const response = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.alloc(0),
});

it.each<[Outcome, string, string]>([
  [{ response: response(200) }, "::1", "GET http://localhost/ (::1): 200 in 2 ms"],
  [{ response: response(200) }, "localhost", "GET http://localhost/: 200 in 2 ms"],
  [
    { response: response(500, { "x-amz-request-id": "a", "x-amzn-requestid": "b" }) },
    "localhost",
    "GET http://localhost/: 500 in 2 ms, x-amz-request-id a, x-amzn-requestid b",
  ],
  [
    { response: response(200), trouble: { reason: "stalled" } },
    "localhost",
    "GET http://localhost/: 200 in 2 ms: stalled",
  ],
  [
    { trouble: { reason: "reset", detail: "ECONNRESET" } },
    "localhost",
    "GET http://localhost/: no response in 2 ms: reset (ECONNRESET)",
  ],
])("a try that came to %j at %s is told in a line", (outcome, address, line) => {
  const lines: string[] = [];
  const endpoint = { scheme: "http", host: "localhost", port: 80, target: "/" } as const;
  tellTry("GET / HTTP/1.1\r\n", endpoint, address, outcome, 1.6, { debug: (step) => lines.push(step) });
  expect(lines).toEqual([line]);
});
