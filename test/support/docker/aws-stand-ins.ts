import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TemporaryKeys } from "../radosgw.js";

export interface StandIn extends AsyncDisposable {
  /** `http://ADDRESS:PORT` */
  readonly url: string;
  /** How often it gave what it is there for. */
  readonly given: () => number;
}

type Reply = { readonly type: string; readonly body: string | Buffer };

interface Asked {
  readonly url: string;
  /** `ADDRESS:PORT` */
  readonly host: string;
  readonly body: string;
  readonly authorization: string;
}

/** A server of one purpose; `reply` gives undefined for what is refused. */
async function standIn(address: string, reply: (asked: Asked) => Reply | undefined): Promise<StandIn> {
  let given = 0;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const { authorization = "", host = "" } = request.headers;
      const body = Buffer.concat(chunks).toString();
      const told = reply({ url: request.url ?? "", host, body, authorization });
      if (told !== undefined) given++;
      response.writeHead(told === undefined ? 401 : 200, { "content-type": told?.type ?? "text/plain" });
      response.end(told?.body ?? "refused");
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, address, resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${address}:${port}`, given: () => given, [Symbol.asyncDispose]: close };
}

/** STS, which gives the role's keys for an ID token, and for nothing else. */
export function startWebIdentity(address: string, token: string, keys: TemporaryKeys): Promise<StandIn> {
  const credentials = `<AccessKeyId>${keys.accessKeyId}</AccessKeyId><SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey><SessionToken>${keys.sessionToken}</SessionToken><Expiration>${keys.expiration}</Expiration>`;
  const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult>`;
  const body = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>`;
  return standIn(address, (asked) => {
    const fields = new URLSearchParams(asked.body);
    const right =
      fields.get("Action") === "AssumeRoleWithWebIdentity" && fields.get("WebIdentityToken") === token;
    return right ? { type: "text/xml", body } : undefined;
  });
}

/** CodeArtifact: gives a token to who has signed as the role, and to who has the token one package of npm. */
export function startCodeArtifact(
  address: string,
  token: string,
  accessKeyId: string,
  tarball: Buffer,
): Promise<StandIn> {
  const registry = "/npm/my-repository/";
  const name = "@my-company/greeting";
  return standIn(address, ({ url, host, authorization }) => {
    if (url.startsWith("/v1/authorization-token?"))
      return authorization.includes(`Credential=${accessKeyId}/`)
        ? { type: "application/json", body: JSON.stringify({ authorizationToken: token, expiration: 2e9 }) }
        : undefined;
    if (authorization !== `Bearer ${token}`) return undefined;
    if (url === `${registry}greeting.tgz`) return { type: "application/octet-stream", body: tarball };
    const versions = {
      "1.0.0": { name, version: "1.0.0", dist: { tarball: `http://${host}${registry}greeting.tgz` } },
    };
    return decodeURIComponent(url) === `${registry}${name}`
      ? {
          type: "application/json",
          body: JSON.stringify({ name, "dist-tags": { latest: "1.0.0" }, versions }),
        }
      : undefined;
  });
}
