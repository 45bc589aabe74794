import { CERTIFICATE } from "../http/certificate-codes.js";
import { causeCode, type NoResponse } from "../http/no-response.js";
import { printable } from "../output/printable.js";

const BROKEN = /^(ECONNRESET|EPIPE)$/;

/** What the codes of connections mean to a user; of all that match the first. */
const CONNECTION_HINTS: readonly (readonly [codes: RegExp, hint: string])[] = [
  [
    /^ERR_CONNECT_TIMEOUT$/,
    "No try was answered: check --endpoint-url, HTTPS_PROXY and NO_PROXY; --cli-connect-timeout sets how long to wait.",
  ],
  [
    /^ERR_SILENT$/,
    "The server, or a proxy in between, takes connections and does not answer: --cli-read-timeout sets how long to wait.",
  ],
  [
    /^ERR_UNREADABLE_ANSWER$/,
    "What answers does not speak HTTP as S3 does: check --endpoint-url, HTTPS_PROXY and NO_PROXY.",
  ],
  [BROKEN, "The connection broke off on every try: a proxy or the network in between may be at fault."],
  [
    CERTIFICATE,
    "The server's certificate is not trusted here: give your company's roots with --ca-bundle FILE or AWS_CA_BUNDLE.",
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    "The host name does not resolve: check --region, --endpoint-url and the network of this build.",
  ],
  [/./, "Check --endpoint-url, HTTPS_PROXY and NO_PROXY, and that this build may reach the network."],
];

/** What OpenSSL says of a response that is no TLS, mostly the plain HTTP of a server that has no other. */
const NO_TLS = /wrong version number|packet length too long|http request|unknown protocol/i;

/** A region in a host name of AWS that does not resolve. */
const REGION = /\bs3(?:-fips)?(?:\.dualstack)?\.([a-z0-9-]+)\.amazonaws\.com/i;

/** What a region of AWS looks like: `us-gov-west-1`. */
const LIKE_REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;

/** What makes a request go without a response, and what fixes it. */
export function connectionHint(error: NoResponse): string | undefined {
  const code = causeCode(error) ?? "ECONNRESET";
  if (NO_TLS.test(error.message))
    return "What answers does not speak TLS: write http:// in --endpoint-url, or in HTTPS_PROXY where that is an http proxy.";
  const region = REGION.exec(error.message)?.[1];
  if (code === "ENOTFOUND" && region !== undefined && !LIKE_REGION.test(region))
    return `There is no region ${printable(region)}: regions are written like eu-central-1, without the letter of a zone.`;
  const hint = CONNECTION_HINTS.find(([codes]) => codes.test(code))?.[1];
  return /^(ECONNRESET|EPIPE|ERR_UNREADABLE_ANSWER)$/.test(code) && error.overHttp
    ? `${hint} Or the endpoint speaks TLS there: write https://.`
    : hint;
}
