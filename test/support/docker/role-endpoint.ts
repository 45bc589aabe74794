import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { TemporaryKeys } from "../radosgw.js";

export interface RoleEndpoint {
  /** The value of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI. */
  readonly relativeUri: string;
  close(): Promise<void>;
}

/** What CodeBuild's endpoint calls the role; the server that made the keys has no account of its own. */
export const ROLE_ARN = "arn:aws:iam::123456789012:role/service-role/codebuild-my-project";

/**
 * The container credential endpoint at its real address, 169.254.170.2:80, in namespaces of the test's own. It hands
 * out keys that a real STS made, to whoever knows the id; any other id is answered as the ECS agent does.
 */
export async function startRoleEndpoint(keys: TemporaryKeys): Promise<RoleEndpoint> {
  const relativeUri = `/v2/credentials/${randomUUID()}`;
  const body = JSON.stringify({
    RoleArn: ROLE_ARN,
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    Token: keys.sessionToken,
    Expiration: keys.expiration,
  });
  const refusal = JSON.stringify({
    code: "InvalidIdInRequest",
    message: "CredentialsV2Request: Credentials not found",
    HTTPErrorCode: 400,
  });
  const server = createServer((request, response) => {
    const known = request.url === relativeUri;
    response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
    response.end(known ? body : refusal);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(80, "169.254.170.2", resolve);
  });
  return {
    relativeUri,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
