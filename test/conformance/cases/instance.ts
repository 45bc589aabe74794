import { gzipSync } from "node:zlib";
import type { Script } from "../../support/raw-endpoint/raw-endpoint.js";
import {
  answer,
  bytes,
  drip,
  endless,
  inPieces,
  later,
  reset,
  responseText,
  stall,
} from "../../support/raw-endpoint/scripts.js";
import type { Case, Expectation } from "../harness/case.js";
import { bodyWith } from "./good-response.js";

/** The metadata service below a path of the case's own, by which its requests are told apart. */
const ENV = { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1/ID" };
const ARGS = ["--instance-role"];

const SESSION = "TOKENVALUEofTheSession==";
const ROLE = "build-runner";
const keysWith = (changes: Readonly<Record<string, unknown>>) =>
  bodyWith({ Code: "Success", Type: "AWS-HMAC", RoleArn: undefined, ...changes });
const KEYS = keysWith({});

const token = answer(200, SESSION, { "X-aws-ec2-metadata-token-ttl-seconds": "21600" });
const role = answer(200, ROLE);
const keys = answer(200, KEYS);
const GOOD = [token, role, keys] as const;

/** The requests of a fetch, in their order. */
const STEPS = ["the token", "the role", "the keys"] as const;
const BODIES = [SESSION, ROLE, KEYS] as const;

function instance(name: string, script: readonly Script[], expect: Expectation): Case {
  return { name: `instance: ${name}`, args: ARGS, env: ENV, script, expect };
}

/** The good responses, with some in the place of that of one step. */
function at(step: number, ...scripts: readonly Script[]): readonly Script[] {
  return [...GOOD.slice(0, step), ...scripts, ...GOOD.slice(step + 1)];
}

/** What another try gets right, at each step. */
function retried(name: string, script: (body: string) => Script, gap = 240): readonly Case[] {
  return STEPS.map((step, index) =>
    instance(
      `${step}: ${name} is tried again`,
      at(index, script(BODIES[index] as string), GOOD[index] as Script),
      {
        code: 0,
        requests: 4,
        gaps: [0, 1, 2].map((each) => [each === index ? gap : 0, 10_000] as const),
      },
    ),
  );
}

/** What ends it at once, at each step or some of them. */
function ended(name: string, script: Script, stderr: RegExp, steps: readonly number[] = [0, 1, 2]) {
  return steps.map((index) =>
    instance(`${STEPS[index]}: ${name} ends it`, at(index, script), {
      code: 254,
      requests: index + 1,
      stderr,
    }),
  );
}

const whole = (body: string, ...lines: readonly string[]) =>
  `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n${body}`;
const sized = (body: string) => whole(body, `Content-Length: ${body.length}`);

const STATUSES: readonly Case[] = [
  ...[429, 500, 502, 503, 504].flatMap((status) => retried(`status ${status}`, () => answer(status, "busy"))),
  ...retried("Retry-After: 2", () => answer(503, "", { "Retry-After": "2" }), 1990),
  ...[201, 204, 206, 301, 302, 307, 400, 402, 406, 410, 418].flatMap((status) =>
    ended(
      `status ${status}`,
      answer(status, status === 204 ? "" : "no", { Location: "http://8.8.8.8/" }),
      new RegExp(`/case\\d+/latest/\\S+ \\(--instance-role\\) answered ${status}`),
    ),
  ),
  ...ended("status 403", answer(403, "<html>403"), /answered 403\n {2}.*--http-endpoint enabled/),
  ...[404, 405, 501].flatMap((status) =>
    ended(`status ${status}`, answer(status, "no"), /answered \d+: no\n {2}.*IMDSv2/, [0]),
  ),
  ...ended(
    "status 404",
    answer(404, "<?xml version='1.0'?><html>404"),
    /names no role: none is attached/,
    [1],
  ),
  ...ended("status 404", answer(404, ""), /build-runner \(--instance-role\) answered 404/, [2]),
  ...[0, 1, 2].map((index) =>
    instance(
      `${STEPS[index]}: status 503 five times is the end`,
      at(index, ...Array.from({ length: 5 }, () => answer(503, "throttled"))),
      { code: 254, requests: index + 5, stderr: /answered 503: throttled/ },
    ),
  ),
];

/** 401: another token, once. */
const TOKENS: readonly Case[] = [
  instance("the role: 401 gets another token", [token, answer(401, ""), token, role, keys], {
    code: 0,
    requests: 5,
  }),
  instance("the keys: 401 gets another token", [token, role, answer(401, ""), token, role, keys], {
    code: 0,
    requests: 6,
  }),
  instance("401 to the second token ends it", [token, answer(401, ""), token, answer(401, "")], {
    code: 254,
    requests: 4,
    stderr: /answered 401\n {2}the token was refused twice/,
  }),
  ...["", " ", "two words", "a\u0007b", "a\r\nX-Other: b", "\u00e9\u00e9", "x".repeat(5000)].flatMap((text) =>
    ended(
      `a token ${JSON.stringify(text.slice(0, 20))}`,
      answer(200, text),
      /answered something that cannot be a token/,
      [0],
    ),
  ),
  instance("a line end after the token is dropped", at(0, answer(200, `${SESSION}\n`)), {
    code: 0,
    requests: 3,
  }),
];

const ROLES: readonly Case[] = [
  ...["", "\n", "  "].flatMap((text) =>
    ended(`a role ${JSON.stringify(text)}`, answer(200, text), /names no role/, [1]),
  ),
  ...[
    "..",
    ".",
    "a/b",
    "../../user-data",
    "a?b",
    "a#b",
    "a%2fb",
    "a b",
    "a\tb",
    "\u00e9",
    "<html>",
    "{}",
    "r".repeat(65),
  ].flatMap((text) =>
    ended(
      `a role ${JSON.stringify(text.slice(0, 20))}`,
      answer(200, text),
      /answered something that cannot be the name of a role/,
      [1],
    ),
  ),
  ...[`${ROLE}\n`, `${ROLE}\r\nanother\n`].map((text) =>
    instance(`the role is the first line of ${JSON.stringify(text)}`, at(1, answer(200, text)), {
      code: 0,
      requests: 3,
    }),
  ),
  ...["a", "A_b+c=d,e.f@g-h", "r".repeat(64)].map((text) =>
    instance(`a role ${text.slice(0, 20)}`, at(1, answer(200, text)), { code: 0, requests: 3 }),
  ),
];

const BAD_VALUES: readonly unknown[] = [
  undefined,
  null,
  "",
  42,
  true,
  ["x"],
  {},
  "SECRETKEY\nx",
  "\u001bSECRETKEY",
];

const KEYS_CASES: readonly Case[] = [
  ...["AccessKeyId", "SecretAccessKey", "Token", "Expiration"].flatMap((field) =>
    BAD_VALUES.flatMap((value) =>
      ended(
        `${field} ${value === undefined ? "missing" : JSON.stringify(value)}`,
        answer(200, keysWith({ [field]: value })),
        new RegExp(field),
        [2],
      ),
    ),
  ),
  ...["2099-02-30T00:00:00Z", "2099-01-01T00:00:00", "tomorrow"].flatMap((date) =>
    ended(`Expiration ${date}`, answer(200, keysWith({ Expiration: date })), /Expiration/, [2]),
  ),
  instance(
    "the keys: an error in a 200 is said, with the trust policy",
    at(
      2,
      answer(
        200,
        '{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role build-runner."}',
      ),
    ),
    {
      code: 254,
      requests: 3,
      stderr:
        /error AssumeRoleUnauthorizedAccess: EC2 cannot assume the role build-runner\.\n {2}.*ec2\.amazonaws\.com/,
    },
  ),
  ...ended("an error beside keys", answer(200, keysWith({ Code: "Failed" })), /error Failed/, [2]),
  ...ended("an empty object", answer(200, "{}"), /AccessKeyId/, [2]),
  ...["", "{", "null", "[]", "<html></html>", KEYS.slice(0, 40)].map((body) =>
    instance(
      `the keys: ${JSON.stringify(body.slice(0, 20))} is tried again`,
      at(2, answer(200, body), keys),
      {
        code: 0,
        requests: 4,
      },
    ),
  ),
  instance(
    "the keys: gzip that was not asked for is tried again",
    at(2, answer(200, gzipSync(KEYS), { "Content-Encoding": "gzip" }), keys),
    { code: 0, requests: 4 },
  ),
  instance("the keys: with a byte order mark", at(2, answer(200, `\ufeff${KEYS}`)), { code: 0, requests: 3 }),
  {
    ...instance(
      "--raw shows the body of the keys as it came",
      at(2, answer(200, keysWith({ SecretAccessKey: "bbbbbbbb", Token: "t" }))),
      {
        code: 0,
        requests: 3,
        stdout: /^\{"AccessKeyId".*"SecretAccessKey":"bbbbbbbb".*\}$/,
      },
    ),
    args: [...ARGS, "--raw"],
  },
];

const WIRE: readonly Case[] = [
  ...retried("closed without a response", () => (socket) => socket.destroy()),
  ...retried("reset in the headers", () => reset("HTTP/1.1 200 OK\r\nContent-")),
  ...retried("reset in the body", (body) => reset(sized(body).slice(0, -2))),
  ...retried("ended in the body", (body) => bytes(sized(body).slice(0, -1))),
  ...retried("two lengths that differ", (body) =>
    bytes(whole(body, `Content-Length: ${body.length}`, "Content-Length: 5")),
  ),
  ...retried("a folded header", (body) => bytes(whole(body, "X: a", " b", `Content-Length: ${body.length}`))),
  ...retried("not HTTP", () => bytes("SSH-2.0-OpenSSH_9.2\r\n")),
  ...retried("bare text", (body) => bytes(body)),
  ...retried("HTTP/2", (body) => bytes(sized(body).replace("HTTP/1.1", "HTTP/2"))),
  ...retried("an endless body", () => endless(whole("", "Connection: close"))),
  ...STEPS.flatMap((step, index) => {
    const body = BODIES[index] as string;
    const good: readonly (readonly [string, Script])[] = [
      ["byte by byte", inPieces(sized(body), 1)],
      [
        "chunked",
        bytes(whole(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`, "Transfer-Encoding: chunked")),
      ],
      ["closed at its end", bytes(whole(body, "Connection: close"))],
      ["HTTP/1.0", bytes(`HTTP/1.0 200 OK\r\n\r\n${body}`)],
      ["the connection stays open", stall(sized(body))],
      ["after a second", later(1000, bytes(sized(body)))],
    ];
    return good.map(([name, script]) =>
      instance(`${step}: ${name}`, at(index, script), { code: 0, requests: 3 }),
    );
  }),
];

/** No answer to the request for a token: given up early, with what to do. */
const SILENCE: readonly Case[] = [
  instance("the token: silence is the hop limit", [stall()], {
    code: 255,
    requests: 2,
    underMs: 30_000,
    overMs: 6000,
    stderr: /did not answer the request for a token\n {2}.*--http-put-response-hop-limit 2 .*--network host/,
  }),
  instance("the token: silence once is tried again", [stall(), ...GOOD], { code: 0, requests: 4 }),
  instance("the token: a response that drips is given up", [drip(responseText(200, {}, ""), "x", 200)], {
    code: 255,
    underMs: 60_000,
    stderr: /did not finish it in time/,
  }),
  {
    ...instance("--timeout ends the wait for the role", [token, stall()], {
      code: 255,
      requests: 2,
      underMs: 20_000,
      stderr: /security-credentials\/ \(--instance-role\)/,
    }),
    args: [...ARGS, "--timeout", "2s"],
  },
];

const REQUESTS: readonly Case[] = [
  instance("the token is asked for by PUT, with its life", [answer(403, "")], {
    code: 254,
    requests: 1,
    head: /^PUT \/case\d+\/latest\/api\/token HTTP\/1\.1\r\nHost: 127\.0\.0\.1\r\n(?=[\s\S]*^X-aws-ec2-metadata-token-ttl-seconds: 21600\r$)(?=[\s\S]*^Content-Length: 0\r$)/m,
    notHead: /^(Authorization|X-Forwarded-For|Cookie):/im,
  }),
  {
    ...instance("no proxy is asked", GOOD, { code: 0, requests: 3 }),
    env: {
      ...ENV,
      HTTP_PROXY: "http://8.8.8.8:8080",
      http_proxy: "http://8.8.8.8:8080",
      HTTPS_PROXY: "http://8.8.8.8:8080",
      ALL_PROXY: "http://8.8.8.8:8080",
    },
  },
  {
    ...instance("a slash at the endpoint's end is no second one", GOOD, {
      code: 0,
      requests: 3,
      head: /^(PUT|GET) \/case\d+\/latest\//,
    }),
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1/ID/" },
  },
  {
    ...instance("a name is looked up", GOOD, { code: 0, requests: 3, head: /^Host: loop\.test\r$/m }),
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://loop.test/ID" },
  },
  {
    ...instance("the container's endpoint is not asked", GOOD, { code: 0, requests: 3 }),
    env: { ...ENV, AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:8080/" },
  },
  ...["true", "TRUE"].map(
    (value): Case => ({
      ...instance(`AWS_EC2_METADATA_DISABLED=${value}`, [], {
        code: 253,
        requests: 0,
        stderr: /^fetch-creds: AWS_EC2_METADATA_DISABLED is true/,
      }),
      env: { ...ENV, AWS_EC2_METADATA_DISABLED: value },
    }),
  ),
  {
    ...instance("no network", [], {
      code: 255,
      requests: 0,
      stderr: /169\.254\.169\.254\/latest\/api\/token .*cannot be reached/,
    }),
    env: {},
    network: "none",
  },
  {
    ...instance("a token in the environment that disables nothing", GOOD, { code: 0, requests: 3 }),
    env: { ...ENV, AWS_EC2_METADATA_DISABLED: "false", AWS_EC2_METADATA_V1_DISABLED: "false" },
  },
];

/** The instance metadata service, request by request. */
export const INSTANCE: readonly Case[] = [
  instance("a token, the role, its keys", GOOD, { code: 0, requests: 3 }),
  ...REQUESTS,
  ...TOKENS,
  ...STATUSES,
  ...ROLES,
  ...KEYS_CASES,
  ...WIRE,
  ...SILENCE,
];
