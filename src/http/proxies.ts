import { isIPv6 } from "node:net";
import type { Environment } from "../context.js";
import { proxyUnusable } from "./failures.js";
import type { WireRequest } from "./request.js";

/** A proxy as the environment names it. */
export interface ForwardProxy {
  /** http: or https: */
  readonly url: URL;
  /** The value of `Proxy-Authorization`, where the address holds a user. */
  readonly authorization: string | undefined;
}

function variable(env: Environment, name: string): string | undefined {
  return env[name.toLowerCase()] || env[name.toUpperCase()] || undefined;
}

/**
 * Whether `NO_PROXY` covers a host, as curl and the AWS CLI read it: names separated by commas or blanks, each a host, a
 * domain (with or without a leading dot), an address, any of them with a port, or `*` for all.
 */
export function bypassesProxy(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === "*") return true;
      // As URL writes it; `fd00::a:10` names no port.
      if (isIPv6(entry)) return host === new URL(`http://[${entry}]`).hostname;
      const [, name = entry, entryPort] = entry.match(/^(.*[^:]):(\d+)$/) ?? [];
      if (entryPort !== undefined && entryPort !== port) return false;
      const domain = name.replace(/^\*?\./, "");
      return host === domain || host === `[${domain}]` || host.endsWith(`.${domain}`);
    });
}

/**
 * The proxy for an address, by HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY in either case (lower first, as curl);
 * undefined: none. A value without a scheme means http; a scheme is given in lower case. ALL_PROXY is for every program: one of
 * another kind there (`socks5://`) is not meant for us.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  const all = variable(env, "all_proxy");
  const proxy =
    variable(env, url.protocol === "https:" ? "https_proxy" : "http_proxy") ??
    (all?.match(/^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i) ? undefined : all);
  if (proxy === undefined) return undefined;
  const noProxy = variable(env, "no_proxy");
  if (noProxy !== undefined && bypassesProxy(url, noProxy)) return undefined;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(proxy)?.[0];
  return scheme === undefined ? `http://${proxy}` : scheme.toLowerCase() + proxy.slice(scheme.length);
}

/** A `%` that begins no escape means itself, whatever stands beside it. */
function unescaped(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/**
 * Reads the address of a proxy.
 *
 * @throws Failure when it is none of an http or https proxy
 */
export function readProxy(text: string): ForwardProxy {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw proxyUnusable(error);
  }
  if (!/^https?:/.test(url.protocol)) throw proxyUnusable(undefined);
  const { username, password } = url;
  if (username === "" && password === "") return { url, authorization: undefined };
  const user = Buffer.from(`${unescaped(username)}:${unescaped(password)}`);
  return { url, authorization: `Basic ${user.toString("base64")}` };
}

/** A request to a proxy itself: in absolute form (RFC 9112, 3.2.2). */
export function toProxy(request: WireRequest, { authorization }: ForwardProxy): WireRequest {
  const user: Record<string, string> =
    authorization === undefined ? {} : { "proxy-authorization": authorization };
  return {
    ...request,
    path: `${request.origin}${request.path}`,
    headers: { ...request.headers, ...user },
  };
}
