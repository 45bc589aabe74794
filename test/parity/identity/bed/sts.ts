import { keysOf } from "./named-keys.js";
import type { Answer, Recorded } from "./recorder.js";

const XML = { "content-type": "text/xml" };

/** Keys named by the role: `arn:aws:iam::1:role/deploy` gives those of `deploy`. */
function roleOf(form: URLSearchParams): string {
  return form.get("RoleArn")?.split("/").at(-1) ?? "";
}

function failure(status: number, code: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>refused by the recorder</Message></Error>`;
  return {
    status,
    headers: XML,
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}<RequestId>r</RequestId></ErrorResponse>`,
  };
}

/** A role whose name begins with `denied` is nobody's to assume. */
export function answerSts({ form }: Recorded): Answer {
  const action = form.get("Action") ?? "";
  const role = roleOf(form);
  if (action === "GetCallerIdentity") return failure(403, "AccessDenied");
  if (role.startsWith("denied")) return failure(403, "AccessDenied");
  const { id, secret, token } = keysOf(role);
  const keys = `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
  const partition = form.get("RoleArn")?.split(":")[1];
  const user = `<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:s</AssumedRoleId><Arn>arn:${partition}:sts::123456789012:assumed-role/${role}/${form.get("RoleSessionName")}</Arn></AssumedRoleUser>`;
  return {
    status: 200,
    headers: XML,
    body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${keys}${user}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
  };
}
