import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { TemporaryKeys } from "../radosgw.js";

export interface RoleEndpoint {
  /** The value of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI. */
  readonly relativeUri: string;
  /** What the EKS agent wants in the Authorization header. */
  readonly podToken: string;
  close(): Promise<void>;
}

/** What CodeBuild's endpoint calls the role; the server that made the keys has no account of its own. */
const ROLE = "arn:aws:iam::123456789012:role/service-role/codebuild-my-project";

/** The ECS agent's: keys for whoever knows the id, its own JSON for anyone else. */
function containerEndpoint(relativeUri: string, fields: object): RequestListener {
  const refusal = {
    code: "InvalidIdInRequest",
    message: "CredentialsV2Request: Credentials not found",
    HTTPErrorCode: 400,
  };
  return (request, response) => {
    const known = request.url === relativeUri;
    response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? { RoleArn: ROLE, ...fields } : refusal));
  };
}

/** The EKS Pod Identity agent's: no RoleArn, a token, and a Host header that is exactly the address. */
function podIdentityAgent(token: string, fields: object): RequestListener {
  return ({ url, headers }, response) => {
    const allowed =
      url === "/v1/credentials" && headers.host === "169.254.170.23" && headers.authorization === token;
    response.writeHead(allowed ? 200 : 403, { "content-type": allowed ? "application/json" : "text/plain" });
    response.end(allowed ? JSON.stringify({ AccountId: "123456789012", ...fields }) : "access denied");
  };
}

async function listen(listener: RequestListener, address: string): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(80, address, resolve);
  });
  return server;
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * The credential endpoints of ECS and EKS at their real addresses, in namespaces of the test's own. They hand out keys
 * that a real STS made.
 */
export async function startRoleEndpoint(keys: Omit<TemporaryKeys, "roleArn">): Promise<RoleEndpoint> {
  const relativeUri = `/v2/credentials/${randomUUID()}`;
  const podToken = `pod-token-${randomUUID()}`;
  const fields = {
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    Token: keys.sessionToken,
    Expiration: keys.expiration,
  };
  const servers = [
    await listen(containerEndpoint(relativeUri, fields), "169.254.170.2"),
    await listen(podIdentityAgent(podToken, fields), "169.254.170.23"),
  ];
  const close = async () => {
    await Promise.all(servers.map(end));
  };
  return { relativeUri, podToken, close };
}
