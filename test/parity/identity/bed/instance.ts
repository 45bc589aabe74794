import { processDocument } from "./named-keys.js";
import type { Answer, Recorded } from "./recorder.js";

const ROLES = "/latest/meta-data/iam/security-credentials/";

function credentials(): string {
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(processDocument("instance"));
  return JSON.stringify({
    Code: "Success",
    LastUpdated: "2026-01-01T00:00:00Z",
    Type: "AWS-HMAC",
    AccessKeyId,
    SecretAccessKey,
    Token: SessionToken,
    Expiration: "2099-01-01T00:00:00Z",
  });
}

/** IMDSv2: a token, then the role, then its keys. Another path is not found, as on the instance. */
export function answerInstance({ method, path, headers }: Recorded): Answer {
  if (method === "PUT" && path === "/latest/api/token")
    return {
      status: 200,
      headers: { "x-aws-ec2-metadata-token-ttl-seconds": "21600" },
      body: "instance-token",
    };
  if (headers["x-aws-ec2-metadata-token"] !== "instance-token") return { status: 401 };
  if (path === ROLES) return { status: 200, headers: { "content-type": "text/plain" }, body: "runner" };
  if (path === `${ROLES}runner`)
    return { status: 200, headers: { "content-type": "text/plain" }, body: credentials() };
  if (path === "/latest/meta-data/placement/region") return { status: 200, body: "eu-north-1" };
  if (path.startsWith("/latest/meta-data/placement/availability-zone"))
    return { status: 200, body: "eu-north-1a" };
  return { status: 404 };
}
