import { codeBuildRoleArn } from "../../support/credential-endpoint/codebuild-role-arn.js";
import { answer } from "../../support/raw-endpoint/scripts.js";
import type { Case, Expectation } from "../harness/case.js";
import { bodyWith, CODEBUILD, FULL, GOOD_BODY } from "./good-response.js";

type Body = string | Buffer;

function accepted(name: string, body: Body, more: Partial<Expectation> = {}): Case {
  return { name, env: CODEBUILD, script: answer(200, body), expect: { code: 0, requests: 1, ...more } };
}

function refused(name: string, body: Body, more: Partial<Expectation> = {}): Case {
  return { name, env: CODEBUILD, script: answer(200, body), expect: { code: 254, requests: 1, ...more } };
}

/** Tried again: it may have been cut off. `--timeout` keeps it short. */
function retried(name: string, body: Body): Case {
  const good = answer(200, GOOD_BODY);
  return {
    name: `tried again: ${name}`,
    env: CODEBUILD,
    script: [answer(200, body), good],
    expect: { code: 0, requests: 2 },
  };
}

const BAD_VALUES: readonly (readonly [name: string, value: unknown])[] = [
  ["missing", undefined],
  ["null", null],
  ["empty", ""],
  ["a number", 42],
  ["true", true],
  ["a list", ["x"]],
  ["an object", {}],
  ["with a newline", "SECRETKEY\nx"],
  ["with NUL", "SECRETKEY\u0000"],
  ["with ESC", "\u001bSECRETKEY"],
  ["with DEL", "SECRETKEY\u007f"],
];

const fields = ["AccessKeyId", "SecretAccessKey", "Token"].flatMap((field) =>
  BAD_VALUES.filter(([name]) => field !== "Token" || (name !== "missing" && name !== "null")).map(
    ([name, value]) =>
      refused(`${field} ${name}`, bodyWith({ [field]: value }), { stderr: new RegExp(field) }),
  ),
);

/** As they are written, and the same moments in UTC. */
const GOOD_DATES: readonly (readonly [written: string, utc: string])[] = [
  ["2099-01-02T03:04:05Z", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05z", "2099-01-02T03:04:05Z"],
  ["2099-01-02t03:04:05Z", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05.1Z", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05.123Z", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05.123456789Z", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05.123456789123456789Z", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05+00:00", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05-00:00", "2099-01-02T03:04:05Z"],
  ["2099-01-02T03:04:05+14:00", "2099-01-01T13:04:05Z"],
  ["2099-01-02T03:04:05-12:30", "2099-01-02T15:34:05Z"],
  ["2096-02-29T00:00:00Z", "2096-02-29T00:00:00Z"],
  ["2099-12-31T23:59:59Z", "2099-12-31T23:59:59Z"],
  ["2099-01-31T00:00:00Z", "2099-01-31T00:00:00Z"],
];

const BAD_DATES: readonly unknown[] = [
  "",
  "2099-02-30T00:00:00Z",
  "2099-02-29T00:00:00Z",
  "2100-02-29T00:00:00Z",
  "2099-04-31T00:00:00Z",
  "2099-13-01T00:00:00Z",
  "2099-00-01T00:00:00Z",
  "2099-01-00T00:00:00Z",
  "2099-01-32T00:00:00Z",
  "2099-01-01T24:00:00Z",
  "2099-01-01T00:60:00Z",
  "2099-01-01T00:00:61Z",
  "2099-01-01T00:00:00",
  "2099-01-01T00:00:00.Z",
  "2099-01-01T00:00:00+25:00",
  "2099-01-01T00:00:00+01:60",
  "2099-01-01T00:00:00+0100",
  "2099-01-01T00:00:00 UTC",
  "2099-01-01T00:00Z",
  "2099-01-01",
  "2099-1-1T00:00:00Z",
  "20990101T000000Z",
  "+2099-01-01T00:00:00Z",
  "+012099-01-01T00:00:00Z",
  " 2099-01-01T00:00:00Z",
  "2099-01-01T00:00:00Z ",
  "2099-01-01T00:00:00Z\n",
  "Thu, 01 Jan 2099 00:00:00 GMT",
  "tomorrow",
  "4070908800",
  4070908800,
  4070908800000,
  true,
  {},
];

const dates = [
  ...GOOD_DATES.map((expires) =>
    accepted(`Expiration ${expires[0]}`, bodyWith({ Expiration: expires[0] }), { expires }),
  ),
  ...BAD_DATES.map((date) =>
    refused(`Expiration ${JSON.stringify(date)} is refused`, bodyWith({ Expiration: date }), {
      stderr: /Expiration/,
    }),
  ),
];

const unparsable = [
  "",
  " ",
  "{",
  "null",
  "[]",
  '"text"',
  "42",
  "nonsense",
  "<html></html>",
  GOOD_BODY.slice(0, 40),
  `${GOOD_BODY}}`,
  "{'a':1}",
].map((body) => retried(JSON.stringify(body.slice(0, 20)), body));

/** Point 7. */
export const BODIES: readonly Case[] = [
  accepted("with a byte order mark", `\ufeff${GOOD_BODY}`),
  accepted("with white space around", `\n  ${GOOD_BODY}\r\n`),
  accepted(
    "with further fields",
    bodyWith({ AccountId: "123456789012", LastUpdated: 5, Nested: { a: [1] }, Type: null }),
  ),
  accepted("with Code Success", bodyWith({ Code: "Success", Type: "AWS-HMAC" })),
  accepted("without RoleArn", bodyWith({ RoleArn: undefined }), {
    stdout: /^Role {8}the endpoint does not name it[\s\S]*^Access key {2}\*{16}MPLE$/m,
  }),
  accepted("without Token", bodyWith({ Token: undefined }), { stdout: /^Session {5}no session token/m }),
  accepted("without Expiration", bodyWith({ Expiration: undefined }), {
    stdout: /^Access key {2}\*{16}MPLE\nExpires {5}unknown: this source does not report it$/m,
  }),
  accepted("with letters beyond ASCII", bodyWith({ Note: "Zürich 東京 😀" })),
  accepted("with escaped letters", GOOD_BODY.replace("ASIA", "\\u0041SIA")),
  accepted(
    "EKS Pod Identity's",
    bodyWith({ RoleArn: undefined, AccountId: "123456789012", Expiration: "2099-01-01T00:00:00.123456789Z" }),
  ),
  accepted("of 60 KiB", bodyWith({ Padding: "x".repeat(60 * 1024) })),
  accepted("SessionToken in the place of Token", bodyWith({ Token: undefined, SessionToken: "TOKENVALUE" }), {
    stdout: /^Session {5}no session token: the response has SessionToken where Token belongs/m,
  }),
  accepted("a temporary key without a token", bodyWith({ Token: undefined }), {
    stdout: /^Session {5}no session token, but .*ASIA.*temporary/m,
  }),
  accepted("an empty Code is none", bodyWith({ Code: "" })),
  refused("an empty Expiration", bodyWith({ Expiration: "" }), { stderr: /Expiration is empty/ }),
  accepted("CodeBuild's answer: a RoleArn that is none", bodyWith({ RoleArn: codeBuildRoleArn() }), {
    stdout: /^Role {8}the endpoint does not name it \(verify --sts asks\)$/m,
    secret: "AQICAH",
  }),
  accepted("ECS' answer with an account", bodyWith({ AccountId: "123456789012" }), {
    stdout: /^Account {5}123456789012$/m,
  }),
  {
    name: "EKS' answer: an account, no role, nanoseconds",
    env: { [FULL]: "http://169.254.170.23/v1/credentials/ID" },
    script: answer(
      200,
      bodyWith({
        RoleArn: undefined,
        AccountId: "123456789012",
        Expiration: "2099-01-02T03:04:05.123456789Z",
      }),
    ),
    expect: { code: 0, requests: 1, stdout: /^Account {5}123456789012$/m },
  },
  {
    name: "Greengrass' answer: its path to the last slash, no role",
    env: { [FULL]: "http://localhost:8080/2016-11-01/credentialprovider/ID/" },
    script: answer(200, bodyWith({ RoleArn: undefined })),
    expect: {
      code: 0,
      requests: 1,
      head: /^GET \/2016-11-01\/credentialprovider\/case\d+\/ HTTP/,
      stdout: /^Role {8}the endpoint does not name it/m,
    },
  },
  refused("an error in a 200, upper case", '{"Code":"AssumeRoleUnauthorizedAccess","Message":"no"}', {
    stderr: /AssumeRoleUnauthorizedAccess: no/,
  }),
  refused("an error in a 200, lower case", '{"code":"Failed","message":"no"}', { stderr: /Failed: no/ }),
  refused("an error in a 200 beside keys", bodyWith({ Code: "Expired", Message: "SECRETless" }), {
    stderr: /Expired/,
  }),
  refused("a lower-case error beside keys", bodyWith({ code: "Failed" }), { stderr: /Failed/ }),
  refused("Success in one case, an error in the other", bodyWith({ Code: "Success", code: "Failed" }), {
    stderr: /Failed/,
  }),
  refused("an empty object", "{}"),
  refused("lower-case fields", '{"accessKeyId":"a","secretAccessKey":"SECRETKEY"}'),
  retried("not UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  retried("UTF-16", Buffer.from(GOOD_BODY, "utf16le")),
  ...fields,
  ...dates,
  ...unparsable,
  {
    name: "an expired answer is fetched once more",
    env: CODEBUILD,
    script: [answer(200, bodyWith({ Expiration: "2020-01-01T00:00:00Z" })), answer(200, GOOD_BODY)],
    expect: { code: 0, requests: 2 },
  },
  {
    name: "expired twice is an error with both times",
    env: CODEBUILD,
    script: answer(200, bodyWith({ Expiration: "2020-01-01T00:00:00Z" })),
    expect: { code: 254, requests: 2, stderr: /2020-01-01T00:00:00Z.*clock.*20\d\d-/ },
  },
  {
    name: "expired by a clock that is wrong",
    env: CODEBUILD,
    script: answer(200, bodyWith({ Expiration: "2020-01-01T00:00:00Z" }), {
      Date: "Wed, 01 Jan 2020 00:00:00 GMT",
    }),
    expect: { code: 254, requests: 2, stderr: /clock is \d+ minutes ahead/ },
  },
  {
    name: "--raw shows the body as it came",
    args: ["--raw"],
    env: CODEBUILD,
    script: answer(200, '{"AccessKeyId":"A1234","SecretAccessKey":"bbbbbbbb"} \n'),
    expect: { code: 0, stdout: /^\{"AccessKeyId":"A1234","SecretAccessKey":"bbbbbbbb"\} \n$/ },
  },
];
