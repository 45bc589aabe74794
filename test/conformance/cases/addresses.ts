import { answer } from "../../support/raw-endpoint/scripts.js";
import type { Case } from "../harness/case.js";
import { FULL, GOOD_BODY, RELATIVE } from "./good-response.js";

const script = answer(200, GOOD_BODY);

function escapedForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Relative URIs and the request target that must arrive at 169.254.170.2. */
const TARGETS: readonly (readonly [uri: string, target: string])[] = [
  ["/v2/credentials/ID", "/v2/credentials/ID"],
  ["/ID", "/ID"],
  ["//8.8.8.8/ID", "//8.8.8.8/ID"],
  ["///ID", "///ID"],
  ["/@8.8.8.8/ID", "/@8.8.8.8/ID"],
  ["/ID@8.8.8.8", "/ID@8.8.8.8"],
  ["/:8080/ID", "/:8080/ID"],
  ["/../ID", "/../ID"],
  ["/a/../../ID", "/a/../../ID"],
  ["/./ID", "/./ID"],
  ["/%2e%2e/ID", "/%2e%2e/ID"],
  ["/a%2Fb/ID", "/a%2Fb/ID"],
  ["/%zz/ID", "/%zz/ID"],
  ["/ID%", "/ID%"],
  ["/a\\b/ID", "/a\\b/ID"],
  ["/\\8.8.8.8/ID", "/\\8.8.8.8/ID"],
  ["/ID?x=1&y=2", "/ID?x=1&y=2"],
  ["/ID??", "/ID??"],
  ["/ID/", "/ID/"],
  ["/ID#fragment", "/ID"],
  ["/ID#a#b", "/ID"],
  ["/ID?q#f", "/ID?q"],
  ["/http://8.8.8.8/ID", "/http://8.8.8.8/ID"],
  ["/ID;a=b,c", "/ID;a=b,c"],
  ["/ID'\"<>|^`{}", "/ID'\"<>|^`{}"],
  ["/ID$HOME", "/ID$HOME"],
  ["/A-._~!*()/ID", "/A-._~!*()/ID"],
];

const targets = TARGETS.map(
  ([uri, target]): Case => ({
    name: `relative URI ${uri} is sent as it is`,
    env: { [RELATIVE]: uri },
    script,
    expect: {
      code: 0,
      requests: 1,
      head: new RegExp(
        `^GET ${escapedForPattern(target).replace("ID", "case\\d{4}")} HTTP/1\\.1\\r\\nHost: 169\\.254\\.170\\.2\\r\\n`,
      ),
    },
  }),
);

const REFUSED_RELATIVE = [
  "ID",
  "@8.8.8.8/ID",
  "3/ID",
  "00/ID",
  "2/ID",
  ":8080/ID",
  ":80/ID",
  ".evil.test/ID",
  "\\ID",
  "http://169.254.170.2/ID",
  "?ID",
  "#ID",
  " /ID",
  "$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI}",
  '"/v2/credentials/ID"',
  "'/v2/credentials/ID'",
  " ",
  "/ID\n",
  "/ID\r\nX-Injected: 1",
  "/ID\tx",
  "/ID\u007f",
  "/ID\u0001",
  "/ID\u001b[31m",
  "/ID\u0085",
  "\n/ID",
];

const refusedRelative = REFUSED_RELATIVE.map(
  (uri): Case => ({
    name: `relative URI ${JSON.stringify(uri)} is refused`,
    env: { [RELATIVE]: uri },
    script,
    expect: { code: 253, requests: 0, underMs: 10_000, stderr: /AWS_CONTAINER_CREDENTIALS_RELATIVE_URI/ },
  }),
);

/** Full URIs that are taken, and the Host that must arrive. */
const TAKEN: readonly (readonly [uri: string, host: string])[] = [
  ["http://169.254.170.2/ID", "169.254.170.2"],
  ["http://169.254.170.2:80/ID", "169.254.170.2"],
  ["http://169.254.170.23/v1/credentials/ID", "169.254.170.23"],
  ["http://169.254.170.23:8081/ID", "169.254.170.23:8081"],
  ["http://[fd00:ec2::23]/v1/credentials/ID", "[fd00:ec2::23]"],
  ["http://[fd00:ec2::23]:80/ID", "[fd00:ec2::23]"],
  ["http://[FD00:EC2::23]/ID", "[fd00:ec2::23]"],
  ["http://[fd00:0ec2:0:0:0:0:0:23]/ID", "[fd00:ec2::23]"],
  ["http://[fd00:0ec2:0000:0000:0000:0000:0000:0023]/ID", "[fd00:ec2::23]"],
  ["http://[fd00:ec2::0.0.0.35]/ID", "[fd00:ec2::23]"],
  ["http://127.0.0.1/ID", "127.0.0.1"],
  ["http://127.0.0.1:8080/ID", "127.0.0.1:8080"],
  ["http://127.0.0.5/ID", "127.0.0.5"],
  ["http://[::1]/ID", "[::1]"],
  ["http://[0:0:0:0:0:0:0:1]/ID", "[::1]"],
  ["http://2130706433/ID", "127.0.0.1"],
  ["http://0x7f000001/ID", "127.0.0.1"],
  ["http://0x7f.1/ID", "127.0.0.1"],
  ["http://127.1/ID", "127.0.0.1"],
  ["http://0177.0.0.1/ID", "127.0.0.1"],
  ["http://2852039191/ID", "169.254.170.23"],
  ["http://0xA9FEAA02/ID", "169.254.170.2"],
  ["http://127.0.0.1./ID", "127.0.0.1"],
  ["http://localhost/2016-11-01/credentialprovider/ID/", "localhost"],
  ["http://localhost:8080/ID", "localhost:8080"],
  ["http://LOCALHOST/ID", "localhost"],
  ["http://loop.test/ID", "loop.test"],
  ["http://loops.test/ID", "loops.test"],
  ["HTTP://127.0.0.1/ID", "127.0.0.1"],
  ["http://127.0.0.1/ID?a=b", "127.0.0.1"],
  ["http://127.0.0.1/ID#f", "127.0.0.1"],
  ["http://127.0.0.1/a@b/ID", "127.0.0.1"],
  ["http://127.0.0.1?ID", "127.0.0.1"],
];

const taken = TAKEN.map(
  ([uri, host]): Case => ({
    name: `full URI ${uri} is asked as ${host}`,
    env: { [FULL]: uri },
    script,
    expect: {
      code: 0,
      requests: 1,
      head: new RegExp(`\\r\\nHost: ${escapedForPattern(host)}\\r\\n`),
      notHead: /#/,
    },
  }),
);

const REFUSED_FULL = [
  "http://8.8.8.8/ID",
  "http://1.1.1.1/ID",
  "http://169.254.170.22/ID",
  "http://169.254.170.3/ID",
  "http://169.254.170.200/ID",
  "http://169.254.169.254/ID",
  "http://10.0.0.1/ID",
  "http://192.168.0.1/ID",
  "http://128.0.0.1/ID",
  "http://126.255.255.255/ID",
  "http://0.0.0.0/ID",
  "http://0/ID",
  "http://134744072/ID",
  "http://0x08080808/ID",
  "http://010.010.010.010/ID",
  "http://8.526344/ID",
  "http://[fd00:ec2::24]/ID",
  "http://[fd00:ec2::254]/ID",
  "http://[2001:db8::1]/ID",
  "http://[::]/ID",
  "http://[::ffff:8.8.8.8]/ID",
  "http://[::ffff:808:808]/ID",
  "http://[::8.8.8.8]/ID",
  "http://[fe80::23%25lo]/ID",
  "http://mixed.test/ID",
  "http://public.test/ID",
  "http://private.test/ID",
  "http://agent.test/ID",
  "http://127.0.0.1x/ID",
  "http://127.0.0.1.nip.test/ID",
  "http://localhost.evil.test/ID",
  "http://nowhere.test/ID",
  "http://user@127.0.0.1/ID",
  "http://user:password@127.0.0.1/ID",
  "http://127.0.0.1@8.8.8.8/ID",
  "http://8.8.8.8@127.0.0.1/ID",
  "http://@127.0.0.1/ID",
  "http://8.8.8.8\\@127.0.0.1/ID",
  "http://127.0.0.1\\@8.8.8.8/ID",
  "http:\\\\127.0.0.1\\ID",
  "http://127.0.0.1\\ID",
  "http:127.0.0.1/ID",
  "http:/127.0.0.1/ID",
  "http:///127.0.0.1/ID",
  "http:///ID",
  "http://",
  "http://:80/ID",
  "http://127.0.0.1:99999/ID",
  "http://127.0.0.1:0/ID",
  "http://127.0.0.1:80x/ID",
  "http://127.0.0.256/ID",
  "http://1.2.3.4.5/ID",
  "http://[::1/ID",
  "http://[::1]x/ID",
  "ftp://127.0.0.1/ID",
  "file:///ID",
  "unix:/ID",
  "gopher://127.0.0.1/ID",
  "javascript:ID",
  "169.254.170.2/ID",
  "localhost/ID",
  "127.0.0.1:80/ID",
  "/v2/credentials/ID",
  "$AWS_CONTAINER_CREDENTIALS_FULL_URI",
  " ",
  "http://127.0.0.1/ID\n",
  "http://127.0.0.1/ID\r\nX: y",
  "http://127.0.0.1\t/ID",
  "ht\ntp://127.0.0.1/ID",
  "\u0000http://127.0.0.1/ID".replace("\u0000", "\u0001"),
];

const refusedFull = REFUSED_FULL.map(
  (uri): Case => ({
    name: `full URI ${JSON.stringify(uri)} is refused`,
    env: { [FULL]: uri },
    script,
    expect: { code: 253, requests: 0, underMs: 15_000, stderr: /AWS_CONTAINER_CREDENTIALS_FULL_URI/ },
  }),
);

/** Points 1 and 2. */
export const ADDRESSES: readonly Case[] = [...targets, ...refusedRelative, ...taken, ...refusedFull];
