import { answer } from "../../support/raw-endpoint/scripts.js";
import type { Case } from "../harness/case.js";
import { CODEBUILD, FULL, GOOD_BODY } from "./good-response.js";

const script = answer(200, GOOD_BODY);

const HEADS: readonly (readonly [name: string, head: RegExp])[] = [
  ["is a GET over HTTP/1.1", /^GET \S+ HTTP\/1\.1\r\n/],
  ["accepts JSON", /\r\nAccept: application\/json\r\n/],
  ["accepts no compression", /\r\nAccept-Encoding: identity\r\n/],
  ["has the exact Host", /\r\nHost: 169\.254\.170\.2\r\n/],
  ["has Host once", /^(?!(?:[\s\S]*\r\nHost:){2})/i],
  ["has no body", /\r\n\r\n$/],
];

const PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

const REDIRECTS = [301, 302, 303, 307, 308];

/** Point 4. */
export const REQUEST: readonly Case[] = [
  ...HEADS.map(
    ([name, head]): Case => ({
      name: `the request ${name}`,
      env: CODEBUILD,
      script,
      expect: { code: 0, requests: 1, head },
    }),
  ),
  ...PROXIES.map(
    (variable): Case => ({
      name: `${variable} is not used`,
      env: { ...CODEBUILD, [variable]: "http://8.8.8.8:8080", NODE_USE_ENV_PROXY: "1" },
      script,
      expect: { code: 0, requests: 1, head: /^GET \/v2/ },
    }),
  ),
  {
    name: "a proxy is not used for a full URI either",
    env: {
      [FULL]: "http://127.0.0.1/ID",
      http_proxy: "http://8.8.8.8:8080",
      HTTP_PROXY: "http://8.8.8.8:8080",
      NODE_USE_ENV_PROXY: "1",
    },
    script,
    expect: { code: 0, requests: 1, head: /^GET \/case/ },
  },
  ...REDIRECTS.map(
    (status): Case => ({
      name: `a redirect ${status} is not followed`,
      env: CODEBUILD,
      script: answer(status, "", { Location: "http://8.8.8.8/elsewhere" }),
      expect: { code: 254, requests: 1, stderr: new RegExp(`answered ${status}\\n.*redirect`) },
    }),
  ),
  {
    name: "a redirect to the same host is not followed",
    env: CODEBUILD,
    script: answer(301, "", { Location: "/v2/credentials/ID" }),
    expect: { code: 254, requests: 1 },
  },
];
