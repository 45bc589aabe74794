import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { answer } from "../../support/raw-endpoint/scripts.js";
import type { Case, Expectation } from "../harness/case.js";
import { CODEBUILD, FULL, GOOD_BODY, TOKEN, TOKEN_FILE } from "./good-response.js";

const script = answer(200, GOOD_BODY);
const EKS = { [FULL]: "http://169.254.170.23/v1/credentials/ID" };

function sent(name: string, token: string, rest: Omit<Case, "name" | "expect">): Case {
  const head = new RegExp(`\\r\\nAuthorization: ${token}\\r\\n`);
  return { name, script, ...rest, expect: { code: 0, requests: 1, head } };
}

function refused(name: string, rest: Omit<Case, "name" | "expect">, more: Partial<Expectation> = {}): Case {
  return { name, script, ...rest, expect: { code: 253, requests: 0, underMs: 10_000, ...more } };
}

const withFile = { ...EKS, [TOKEN_FILE]: "FILE" };

const BAD_CHARACTERS = [
  "a\nb",
  "a\r\nX-Injected: b",
  "a\rb",
  "a\tb",
  "a\u0001b",
  "a\u007fb",
  "a\u00e9b",
  "a\u0085b",
  "\n\na",
  "a\n\n",
  "\ud83d\ude00",
];

const refusedTokens = BAD_CHARACTERS.flatMap((middle): Case[] => [
  refused(`the token file holds ${JSON.stringify(middle)}`, { env: withFile, file: `TOKENVALUE${middle}` }),
  refused(`the token variable holds ${JSON.stringify(middle)}`, {
    env: { ...EKS, [TOKEN]: `TOKENVALUE${middle}` },
  }),
]);

/** Point 3. */
export const TOKENS: readonly Case[] = [
  sent("the token variable, raw", "TOKENVALUE", { env: { ...EKS, [TOKEN]: "TOKENVALUE" } }),
  sent("the token with its scheme", "Bearer TOKENVALUE", { env: { ...EKS, [TOKEN]: "Bearer TOKENVALUE" } }),
  sent("the token file", "TOKENVALUE", { env: withFile, file: "TOKENVALUE" }),
  sent("the token file's LF is dropped", "TOKENVALUE", { env: withFile, file: "TOKENVALUE\n" }),
  sent("the token file's CRLF is dropped", "TOKENVALUE", { env: withFile, file: "TOKENVALUE\r\n" }),
  sent("the file beats the variable", "TOKENVALUE", {
    env: { ...withFile, [TOKEN]: "other" },
    file: "TOKENVALUE",
  }),
  sent("an empty file variable leaves it to the token variable", "TOKENVALUE", {
    env: { ...EKS, [TOKEN_FILE]: "", [TOKEN]: "TOKENVALUE" },
  }),
  sent("a long token", "a{8000}", { env: withFile, file: "a".repeat(8000) }),
  {
    name: "no token, no header",
    env: EKS,
    script,
    expect: { code: 0, requests: 1, notHead: /authorization/i },
  },
  {
    name: "an empty token variable, no header",
    env: { ...EKS, [TOKEN]: "" },
    script,
    expect: { code: 0, requests: 1, notHead: /authorization/i },
  },
  sent("the token goes with a relative URI", "TOKENVALUE", { env: { ...CODEBUILD, [TOKEN]: "TOKENVALUE" } }),
  sent("the token file goes with a relative URI, and beats the variable", "TOKENVALUE", {
    env: { ...CODEBUILD, [TOKEN]: "other", [TOKEN_FILE]: "FILE" },
    file: "TOKENVALUE\n",
  }),
  sent("the token goes with --uri", "TOKENVALUE", {
    args: ["--uri", "/v2/credentials/ID"],
    env: { [TOKEN]: "TOKENVALUE" },
  }),
  sent("the token as a secret goes with a relative URI", "TOKENVALUE", {
    env: CODEBUILD,
    secrets: { [TOKEN]: "TOKENVALUE" },
  }),
  refused(
    "a missing token file is final beside a relative URI",
    { env: { ...CODEBUILD, [TOKEN_FILE]: "/does/not/exist", [TOKEN]: "TOKENVALUE" } },
    { stderr: /no such file/ },
  ),
  refused("an unreadable token file is final beside a relative URI", {
    env: { ...CODEBUILD, [TOKEN_FILE]: "FILE" },
    file: "TOKENVALUE",
    unreadable: true,
  }),
  refused("a token with a line break is final beside a relative URI", {
    env: { ...CODEBUILD, [TOKEN]: "TOKENVALUE\r\nX: y" },
  }),
  refused(
    "a missing token file is final",
    { env: { ...EKS, [TOKEN_FILE]: "/does/not/exist", [TOKEN]: "TOKENVALUE" } },
    { stderr: /no such file/ },
  ),
  refused(
    "a token file that is a directory is final",
    { env: { ...withFile, [TOKEN]: "TOKENVALUE" }, file: null },
    { stderr: /directory/ },
  ),
  refused(
    "an empty token file is final",
    { env: { ...withFile, [TOKEN]: "TOKENVALUE" }, file: "" },
    { stderr: /empty/ },
  ),
  refused("a token file of one newline is final", {
    env: { ...withFile, [TOKEN]: "TOKENVALUE" },
    file: "\n",
  }),
  refused(
    "an unreadable token file is final",
    { env: { ...withFile, [TOKEN]: "TOKENVALUE" }, file: "TOKENVALUE", unreadable: true },
    { stderr: /permission denied/ },
  ),
  refused("an endless token file is final", { env: { ...EKS, [TOKEN_FILE]: "/dev/zero" } }),
  ...refusedTokens,
  {
    name: "the token file is read again for the next try",
    env: withFile,
    file: "TOKENVALUE1",
    onRequest: (count, { file }) => {
      if (count === 1) writeFileSync(file, "TOKENVALUE2\n");
    },
    script: [
      answer(503, "later"),
      (socket, request) =>
        request.head.includes("Authorization: TOKENVALUE2\r\n")
          ? script(socket, request)
          : answer(403, "old")(socket, request),
    ],
    expect: { code: 0, requests: 2 },
  },
  {
    name: "a token file that vanishes between tries is final",
    env: { ...withFile, [TOKEN]: "TOKENVALUE" },
    file: "TOKENVALUE1",
    onRequest: (_, { file }) => rmSync(file, { force: true }),
    script: answer(503, "later"),
    expect: { code: 253, requests: 1 },
  },
  {
    name: "a token that goes bad between tries is final",
    env: withFile,
    file: "TOKENVALUE1",
    onRequest: (_, { file }) => {
      writeFileSync(file, "TOKENVALUE\nX: y");
      chmodSync(file, 0o600);
    },
    script: answer(500, ""),
    expect: { code: 253, requests: 1 },
  },
  {
    name: "a token that the endpoint repeats is not shown",
    env: { ...EKS, [TOKEN]: "TOKENVALUE-abcdefgh" },
    script: answer(403, "the token TOKENVALUE-abcdefgh is not known"),
    expect: { code: 254, requests: 1, secret: "abcdefgh", stderr: /403.*not known/ },
  },
];
