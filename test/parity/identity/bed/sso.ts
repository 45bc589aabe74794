import { keysOf } from "./named-keys.js";
import type { Answer, Recorded } from "./recorder.js";

/** The portal of IAM Identity Center: keys of a role for a token that was left by `aws sso login`. */
export function answerPortal({ path, headers }: Recorded): Answer {
  if (path !== "/federation/credentials" || headers["x-amz-sso_bearer_token"] === undefined)
    return { status: 401 };
  const { id, secret, token } = keysOf("portal");
  const roleCredentials = {
    accessKeyId: id,
    secretAccessKey: secret,
    sessionToken: token,
    expiration: 4070908800000,
  };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ roleCredentials }),
  };
}
