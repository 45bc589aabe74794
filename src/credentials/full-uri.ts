import { hasControlCharacter, isBrokenText } from "../output/control-characters.js";
import type { Endpoint } from "./endpoint.js";
import {
  hostNotPermitted,
  type NamedValue,
  uriMalformed,
  uriSchemeRefused,
  uriWithControlCharacters,
  uriWithUserInfo,
} from "./failures.js";
import { addressFamily, isPermittedAddress, unmapped } from "./permitted-address.js";

// Both cases are written out: the first expression with the flag i makes V8 load its tables of letters.
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;

/** `http://` or `https://`, then an authority: WHATWG's parser would also take `http:host` and `http:\\host`. */
const STRICT_START = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^/?#\\]/;

function parsed(given: NamedValue): URL {
  const { value } = given;
  const scheme = SCHEME.exec(value)?.[1]?.toLowerCase();
  if (hasControlCharacter(value) || isBrokenText(value)) throw uriWithControlCharacters(given);
  if (scheme !== undefined && scheme !== "http" && scheme !== "https" && value.includes("://"))
    throw uriSchemeRefused(given, scheme);
  // A backslash is a slash to one parser and part of the host to another: nobody needs one here.
  if (!STRICT_START.test(value) || value.includes("\\") || value.endsWith(" ")) throw uriMalformed(given);
  try {
    return new URL(value);
  } catch {
    throw uriMalformed(given);
  }
}

/**
 * Reads a full URI, once. Over `http:` an address outside loopback and the three link-local ones is refused here; a
 * name is looked up, checked and dialled by src/credentials/dial.ts.
 *
 * @throws Failure `uri-malformed`, `uri-scheme`, `uri-user-info`, `uri-control-character`, `uri-host`
 */
export function parseFullUri(given: NamedValue): Endpoint {
  const url = parsed(given);
  if (/^[A-Za-z]+:\/\/[^/?#]*@/.test(given.value)) throw uriWithUserInfo(given);
  const scheme = url.protocol === "https:" ? "https" : "http";
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  if (port === 0) throw uriMalformed(given);
  if (scheme === "http" && addressFamily(host) !== 0 && !isPermittedAddress(unmapped(host)))
    throw hostNotPermitted(given, host);
  return { scheme, host, port, target: `${url.pathname}${url.search}` };
}
