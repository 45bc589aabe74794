import { answer, later } from "../../support/raw-endpoint/scripts.js";
import type { Case } from "../harness/case.js";
import { CODEBUILD, FULL, GOOD_BODY } from "./good-response.js";

const good = answer(200, GOOD_BODY);
const UNKNOWN_ID = '{"code":"InvalidIdInRequest","message":"Credentials not found","HTTPErrorCode":400}';

const FINAL = [
  201, 202, 203, 204, 205, 206, 226, 300, 304, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 413,
  418, 422, 423, 425, 426, 431, 451, 499,
];
const OVERLOAD = [429, 500, 501, 502, 503, 504, 507, 529, 599];

const finals = FINAL.map(
  (status): Case => ({
    name: `status ${status} ends at once`,
    env: CODEBUILD,
    script: [
      answer(
        status,
        status === 204 || status === 304 ? "" : GOOD_BODY,
        status === 204 || status === 304 ? {} : {},
      ),
      good,
    ],
    expect: { code: 254, requests: 1, stderr: new RegExp(`RELATIVE_URI.*${status}|${status}.*RELATIVE_URI`) },
  }),
);

const retried = OVERLOAD.map(
  (status): Case => ({
    name: `status ${status} is tried again`,
    env: CODEBUILD,
    script: [answer(status, "busy"), good],
    expect: { code: 0, requests: 2, gaps: [[240, 5000]] },
  }),
);

/** Lower limits are the promise; upper ones leave room for a busy machine. */
const ALL_GAPS = [
  [240, 5000],
  [490, 6000],
  [990, 8000],
  [1990, 10_000],
] as const;

const exhausted = [429, 500, 503].map(
  (status): Case => ({
    name: `status ${status} five times is the end`,
    env: CODEBUILD,
    script: answer(status, "You have reached maximum request limit."),
    expect: {
      code: 254,
      requests: 5,
      gaps: ALL_GAPS,
      stderr: new RegExp(`${status}.*maximum request limit`),
      underMs: 30_000,
    },
  }),
);

const succeedsAt = [3, 4, 5].map(
  (at): Case => ({
    name: `good at try ${at}`,
    env: CODEBUILD,
    script: [...Array.from({ length: at - 1 }, () => answer(503, "")), good],
    expect: { code: 0, requests: at, gaps: ALL_GAPS.slice(0, at - 1) },
  }),
);

const RETRY_AFTER: readonly (readonly [value: string, least: number, most: number])[] = [
  ["0", 240, 5000],
  ["1", 990, 6000],
  ["2", 1990, 7000],
  ["5", 4990, 10_000],
  ["6", 240, 5000],
  ["3600", 240, 5000],
  ["-1", 240, 5000],
  ["soon", 240, 5000],
  ["1.5", 240, 5000],
  ["99999999999999999999", 240, 5000],
  ["Wed, 21 Oct 2015 07:28:00 GMT", 240, 5000],
];

const retryAfter = RETRY_AFTER.map(
  ([value, least, most]): Case => ({
    name: `Retry-After: ${value}`,
    env: CODEBUILD,
    script: [answer(429, "", { "Retry-After": value }), good],
    expect: { code: 0, requests: 2, gaps: [[least, most]] },
  }),
);

const WORDS: readonly (readonly [name: string, status: number, body: string, stderr: RegExp])[] = [
  [
    "JSON, lower case",
    400,
    '{"code":"InvalidIdInRequest","message":"Credentials not found","HTTPErrorCode":400}',
    /400: InvalidIdInRequest: Credentials not found[\s\S]*stale/,
  ],
  ["JSON, upper case", 400, '{"Code":"NoIdInRequest","Message":"No id"}', /400: NoIdInRequest: No id/],
  ["text", 403, "unauthorized, sorry", /403: unauthorized, sorry/],
  ["text of 404", 404, "404 page not found\n", /404: 404 page not found/],
  ["empty", 403, "", /403/],
  ["HTML", 502, "<html><head><title>Bad gateway</title></head></html>", /502: an HTML page[\s\S]*proxy/],
  ["HTML of 403", 403, "<!DOCTYPE html><p>Blocked", /403: an HTML page[\s\S]*proxy/],
  ["terminal escapes", 404, "\u001b[31mred\u001b[0m\u0007", /404: \\x1b\[31mred/],
  ["a long text", 404, "x".repeat(100_000), /404: x{1,300}…?\n/],
  ["two lines", 404, "one\ntwo", /404: one\\ntwo\n/],
  ["bytes that are not UTF-8", 404, "\ufffd\ufffd", /404/],
  ["JSON without words", 400, '{"AccessKeyId":"x","SecretAccessKey":"SECRETKEY"}', /answered 400\n/],
  ["JSON that is no object", 400, "[1,2]", /answered 400\n/],
  ["JSON null", 400, "null", /answered 400/],
  [
    "EKS' agent",
    400,
    "[7f0c9d52-5b9e]: (ExpiredTokenException): Token expired, fault: client",
    /400: \[[^\]]*\]: \(ExpiredTokenException\): Token expired, fault: client\n/,
  ],
  ["a JSON text", 404, '"no such task"', /404: no such task\n/],
  ["JSON in JSON", 400, '{"Error":{"Code":"Bad","Message":"no"}}', /400: Bad: no\n/],
  [
    "XHTML",
    502,
    '<?xml version="1.0"?>\n<!DOCTYPE html><html xmlns="x"><body>x',
    /502: an HTML page[\s\S]*proxy/,
  ],
  ["a comment before HTML", 403, "<!-- gateway --><html><body>no", /403: an HTML page[\s\S]*proxy/],
  ["an array cut off", 400, '[{"SecretAccessKey":"SECRETKEY', /answered 400\n/],
  ["broken JSON", 400, '{"SecretAccessKey":"SECRETKEY', /answered 400\n/],
];

const words = WORDS.map(
  ([name, status, body, stderr]): Case => ({
    name: `error text: ${name}`,
    env: CODEBUILD,
    script: answer(status, body),
    expect: { code: 254, stderr },
  }),
);

/** Point 6, as far as answers go, and point 10. */
export const STATUSES: readonly Case[] = [
  ...finals,
  ...retried,
  ...exhausted,
  ...succeedsAt,
  ...retryAfter,
  ...words,
  {
    name: "an id that is not known: the builder may be another machine",
    env: CODEBUILD,
    script: answer(400, UNKNOWN_ID),
    expect: {
      code: 254,
      stderr:
        /stale.*another machine \(CodeBuild's Docker server, DOCKER_HOST.*export.*id=aws-credentials,src=/,
    },
  },
  {
    name: "an agent that a full URI names refuses: nothing about builds",
    env: { [FULL]: "http://169.254.170.23/v1/credentials/ID" },
    script: answer(400, "[1]: (InvalidParameterException): x, fault: client"),
    expect: { code: 254, stderr: /^fetch-creds: .*InvalidParameterException.*\n {2}(?!.*build).*token/ },
  },
  {
    name: "a role's name in the path is no secret",
    env: { [FULL]: "http://127.0.0.1/ID/role/deploy-staging" },
    script: answer(404, "no role deploy-staging here"),
    expect: { code: 254, stderr: /\/role\/deploy-staging \(.*404: no role deploy-staging here/ },
  },
  {
    name: "the endpoint repeats the id",
    env: { [FULL]: "http://127.0.0.1/ID/0123456789abcdef" },
    script: answer(404, "nothing at 0123456789abcdef"),
    expect: { code: 254, secret: "456789abcdef", stderr: /404/ },
  },
  {
    name: "an id that the agent does not know yet is asked for once more",
    env: CODEBUILD,
    script: [answer(400, UNKNOWN_ID), good],
    expect: { code: 0, requests: 2, gaps: [[240, 5000]] },
  },
  {
    name: "an id that the agent does not know is asked for twice",
    env: CODEBUILD,
    script: answer(400, UNKNOWN_ID),
    expect: { code: 254, requests: 2, stderr: /400: InvalidIdInRequest/ },
  },
  {
    name: "a cold agent takes four seconds",
    env: CODEBUILD,
    script: later(4000, good),
    expect: { code: 0, requests: 1, overMs: 4000 },
  },
];
