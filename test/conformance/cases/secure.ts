import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import { bytes, inPieces } from "../../support/raw-endpoint/scripts.js";
import type { Case } from "../harness/case.js";
import { FULL, GOOD_RESPONSE } from "./good-response.js";

const good = bytes(GOOD_RESPONSE);
const CERTIFICATE = { NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE };

/** Full URIs over https (point 2). */
export const SECURE: readonly Case[] = [
  {
    name: "https with a certificate that is trusted",
    env: { [FULL]: "https://127.0.0.1:8443/ID", ...CERTIFICATE },
    script: good,
    expect: { code: 0, requests: 1, head: /\r\nHost: 127\.0\.0\.1:8443\r\n/ },
  },
  {
    name: "https with a name that is in the certificate",
    env: { [FULL]: "https://localhost:8443/ID", ...CERTIFICATE },
    script: good,
    expect: { code: 0, requests: 1 },
  },
  {
    name: "https, byte by byte",
    env: { [FULL]: "https://localhost:8443/ID", ...CERTIFICATE },
    script: inPieces(GOOD_RESPONSE, 1),
    expect: { code: 0, requests: 1 },
  },
  {
    name: "https with a certificate that nobody trusts ends at once",
    env: { [FULL]: "https://127.0.0.1:8443/ID" },
    script: good,
    expect: { code: 255, requests: 0, underMs: 10_000, stderr: /certificate/ },
  },
  {
    name: "https with a certificate of another name ends at once",
    env: { [FULL]: "https://127.0.0.5:8443/ID", ...CERTIFICATE },
    script: good,
    expect: { code: 255, requests: 0, underMs: 10_000, stderr: /certificate/ },
  },
  {
    name: "https through no proxy",
    env: {
      [FULL]: "https://localhost:8443/ID",
      HTTPS_PROXY: "http://8.8.8.8:8080",
      https_proxy: "http://8.8.8.8:8080",
      ...CERTIFICATE,
    },
    script: good,
    expect: { code: 0, requests: 1 },
  },
];
