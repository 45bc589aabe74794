import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An OpenID Connect provider on loopback, as far as STS asks one: its configuration, its key, and tokens. */
export interface TokenIssuer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The paths that were asked for. */
  readonly requests: readonly string[];
  /** An ID token, good for ten minutes but for what the claims say otherwise. */
  token(claims?: Readonly<Record<string, unknown>>): string;
  close(): Promise<void>;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** @param audience of its tokens */
export async function startTokenIssuer(audience: string): Promise<TokenIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    const answer = request.url?.endsWith("/keys")
      ? { keys: [{ ...publicKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "one" }] }
      : { issuer: url, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ["RS256"] };
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    token(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const body = { iss: url, aud: audience, sub: "repo:o/r", iat: now, exp: now + 600, ...claims };
      const signed = `${encoded({ alg: "RS256", typ: "JWT", kid: "one" })}.${encoded(body)}`;
      return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey).toString("base64url")}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
