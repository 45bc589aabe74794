import { CERTIFICATE } from "../http/certificate-codes.js";
import { causeCode, type NoResponse } from "../http/no-response.js";
import { printable } from "../output/printable.js";

const BROKEN = /^(ECONNRESET|EPIPE)$/;

/** What the codes of connections mean to a user; of all that match the first. */
const CONNECTION_HINTS: readonly (readonly [codes: RegExp, hint: string])[] = [
  [
    /^ERR_CONNECT_TIMEOUT$/,
    "No connection was accepted: check --endpoint-url, HTTPS_PROXY and NO_PROXY; --cli-connect-timeout sets how long to wait.",
  ],
  [
    /^ERR_SILENT$/,
    "The server, or a proxy in between, accepts connections but does not respond; --cli-read-timeout sets how long to wait.",
  ],
  [
    /^ERR_UNREADABLE_ANSWER$/,
    "The response is not valid HTTP: check --endpoint-url, HTTPS_PROXY and NO_PROXY.",
  ],
  [BROKEN, "The connection was closed on every try, possibly by a proxy or the network in between."],
  [
    CERTIFICATE,
    "The server's certificate is not trusted: add your company's root certificates with --ca-bundle FILE or AWS_CA_BUNDLE.",
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    "The host name cannot be resolved: check the region (--region, AWS_REGION), --endpoint-url and the network of this step.",
  ],
  [/./, "Check --endpoint-url, HTTPS_PROXY and NO_PROXY, and that this step can reach the network."],
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
    return "The server does not use TLS: write http:// in --endpoint-url, or in HTTPS_PROXY if that is an http proxy.";
  const region = REGION.exec(error.message)?.[1];
  if (code === "ENOTFOUND" && region !== undefined && !LIKE_REGION.test(region))
    return `There is no region ${printable(region)}: a region looks like eu-central-1, without the letter of a zone.`;
  const hint = CONNECTION_HINTS.find(([codes]) => codes.test(code))?.[1];
  return /^(ECONNRESET|EPIPE|ERR_UNREADABLE_ANSWER)$/.test(code) && error.overHttp
    ? `${hint} Or the endpoint uses TLS: write https://.`
    : hint;
}
