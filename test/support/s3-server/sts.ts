import { randomUUID } from "node:crypto";
import type { KnownKeys } from "../key-ring.js";
import type { Call, Response } from "./operation.js";
import { accessDenied, S3Error } from "./s3-error.js";
import { element } from "./xml.js";

/** A role that can be assumed. */
export interface Role {
  /** `arn:aws:iam::210987654321:role/team/deploy` */
  readonly arn: string;
  /** The ARNs of callers whose keys may assume it; of a role's sessions that of the role's name. */
  readonly trusts?: readonly string[];
  /** What the trust policy's condition on sts:ExternalId wants. */
  readonly externalId?: string;
  /** Tokens of an identity provider that may have it. A test may change them. */
  tokens?: readonly string[];
  /** Its maximum session duration; an hour. */
  readonly maxSeconds?: number;
  /** Life of its keys in ms, whatever is asked for. A test may change it. */
  lifeMs?: number;
}

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
const HOUR = 3600;

const requestId = () => element("RequestId", randomUUID());

function answer(action: string, result: string): Response {
  const body = `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result><ResponseMetadata>${requestId()}</ResponseMetadata></${action}Response>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

function getCallerIdentity({ caller }: Call): Response {
  if (caller === undefined) throw accessDenied("Request is missing Authentication Token");
  const { arn, account } = caller.keys;
  const result = `${element("Arn", arn)}${element("UserId", "AROAEXAMPLE:AWSCodeBuild")}${element("Account", account)}`;
  return answer("GetCallerIdentity", result);
}

const invalid = (message: string) => new S3Error(400, "ValidationError", message);

/** Keys of a session of the role, which every server with this ring takes from now on. */
function keysOf(role: Role, sessionName: string, seconds: number, { keys, now }: Call): KnownKeys {
  const [, account = "", path = ""] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(role.arn) ?? [];
  const name = path.slice(path.lastIndexOf("/") + 1);
  return keys.add({
    ...keys.issue(now + (role.lifeMs ?? seconds * 1000), name),
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`,
    account,
  });
}

function given(action: string, { accessKeyId, secretAccessKey, sessionToken, expiresAt, arn }: KnownKeys) {
  const date = new Date(expiresAt ?? 0).toISOString();
  const fields = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken ?? "",
    Expiration: date,
  };
  const credentials = Object.entries(fields).map(([name, text]) => element(name, text));
  const user = element("Arn", arn) + element("AssumedRoleId", "AROAEXAMPLE:session");
  return answer(
    action,
    `<AssumedRoleUser>${user}</AssumedRoleUser><Credentials>${credentials.join("")}</Credentials>`,
  );
}

function sessionName(asked: URLSearchParams): string {
  const name = asked.get("RoleSessionName") ?? "";
  if (!/^[\w+=,.@-]{2,64}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint`,
    );
  return name;
}

/** A role's ARN of the ARN of one of its sessions, without a path, which STS does not know. */
const roleOf = (arn: string) =>
  arn.replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*$/, "arn:aws:iam::$1:role/$2");

function assumeRole(asked: URLSearchParams, call: Call): Response {
  const { caller, roles } = call;
  if (caller === undefined)
    throw new S3Error(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  const arn = asked.get("RoleArn") ?? "";
  const name = sessionName(asked);
  const seconds = Number(asked.get("DurationSeconds") ?? HOUR);
  if (seconds < 900) throw invalid("1 validation error detected: Value at 'durationSeconds' failed");
  const role = roles.find((each) => each.arn === arn);
  const trusted = role?.trusts?.includes(roleOf(caller.keys.arn)) === true;
  const knowsId = role?.externalId === undefined || role.externalId === asked.get("ExternalId");
  if (role === undefined || !trusted || !knowsId)
    throw accessDenied(
      `User: ${caller.keys.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    );
  if (seconds > HOUR && caller.keys.sessionToken !== undefined)
    throw invalid(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  if (seconds > (role.maxSeconds ?? HOUR))
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  return given("AssumeRole", keysOf(role, name, seconds, call));
}

function assumeRoleWithWebIdentity(asked: URLSearchParams, call: Call): Response {
  const role = call.roles.find((each) => each.arn === asked.get("RoleArn"));
  const name = sessionName(asked);
  if (call.caller !== undefined) throw invalid("this action takes no signature");
  if (role?.tokens === undefined)
    throw accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  if (!role.tokens.includes(asked.get("WebIdentityToken") ?? ""))
    throw new S3Error(400, "InvalidIdentityToken", "Incorrect token audience");
  return given("AssumeRoleWithWebIdentity", keysOf(role, name, HOUR, call));
}

/** STS in the same server. Source: AWS STS API Reference, and the texts that STS really sends. */
export function sts(call: Call): Response {
  const asked = new URLSearchParams(call.body.toString());
  if (asked.get("Version") === "2011-06-15") {
    const action = asked.get("Action");
    if (action === "GetCallerIdentity") return getCallerIdentity(call);
    if (action === "AssumeRole") return assumeRole(asked, call);
    if (action === "AssumeRoleWithWebIdentity") return assumeRoleWithWebIdentity(asked, call);
  }
  throw new S3Error(400, "InvalidAction", "Could not find operation for the version.");
}

/** What S3 calls otherwise; the status is 403 then (Common errors, AWS STS API Reference). */
const OWN_CODES: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: "InvalidClientTokenId",
  InvalidToken: "InvalidClientTokenId",
  RequestTimeTooSkewed: "SignatureDoesNotMatch",
  ExpiredToken: "ExpiredToken",
};

/** An error in STS's envelope. */
export function stsError(error: S3Error): Response {
  const code = OWN_CODES[error.code];
  return {
    status: code === undefined ? error.status : 403,
    headers: { "content-type": "text/xml" },
    body: Buffer.from(
      `<ErrorResponse xmlns="${NAMESPACE}"><Error>${element("Type", "Sender")}${element("Code", code ?? error.code)}${element("Message", error.message)}</Error>${requestId()}</ErrorResponse>`,
    ),
  };
}
