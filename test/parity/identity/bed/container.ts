import { processDocument } from "./named-keys.js";
import type { Answer, Recorded } from "./recorder.js";

const JSON_TYPE = { "content-type": "application/json" };

/** The agent's answer in the form of its own: `Token`, and no `Version`. */
function credentials(name: string, expiration: string): string {
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(processDocument(name));
  const RoleArn = `arn:aws:iam::123456789012:role/${name}`;
  return JSON.stringify({
    RoleArn,
    AccessKeyId,
    SecretAccessKey,
    Token: SessionToken,
    Expiration: expiration,
  });
}

/** `/container/NAME` gives the keys of that name; the other paths fail as their last part says. */
export function answerContainer({ path }: Recorded): Answer {
  const name = path.split("/").at(-1) ?? "";
  if (name === "fails") return { status: 500, body: "internal error" };
  if (name === "forbidden")
    return { status: 403, headers: JSON_TYPE, body: '{"code":"AccessDenied","message":"no"}' };
  if (name === "missing") return { status: 404, body: "not found" };
  if (name === "junk") return { status: 200, body: "<html>hello</html>" };
  if (name === "halfkeys")
    return { status: 200, headers: JSON_TYPE, body: '{"AccessKeyId":"ASIAHALF000000000000"}' };
  const expiration = name === "expired" ? "2020-01-01T00:00:00Z" : "2099-01-01T00:00:00Z";
  return { status: 200, headers: JSON_TYPE, body: credentials(name, expiration) };
}
