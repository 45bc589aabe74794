/** Nothing has been sent: the connection did not stand within its limit (`--cli-connect-timeout`). */
export class ConnectTimeout extends Error {
  readonly code = "ERR_CONNECT_TIMEOUT";

  /**
   * @param waitedFor with the host and port
   * @param ms the limit
   */
  constructor(waitedFor: string, ms: number) {
    super(`no response within ${ms / 1000} s while waiting for ${waitedFor}`);
  }
}

/** A proxy does not let the connection pass. */
export class ProxyRefusal extends Error {
  readonly code: "ERR_PROXY_REFUSED" | "ERR_PROXY_BUSY";

  /** @param answer its status, or what else is wrong with its response */
  constructor(response: number | string) {
    super(`the proxy answered CONNECT ${typeof response === "number" ? `with ${response}` : response}`);
    // What it does not allow now, it does not later.
    const isLasting = Number(response) < 500 && response !== 408 && response !== 429;
    this.code = isLasting ? "ERR_PROXY_REFUSED" : "ERR_PROXY_BUSY";
  }
}
