import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { codeBuildRoleArn } from "../credential-endpoint/codebuild-role-arn.js";
import { startInstanceMetadata } from "../instance-metadata/instance-metadata.js";
import type { TemporaryKeys } from "../radosgw.js";

export interface RoleEndpoint {
  /** The value of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI. */
  readonly relativeUri: string;
  /** The same in the form of ECS, which names the role. */
  readonly ecsUri: string;
  /** What the EKS agent wants in the Authorization header. */
  readonly podToken: string;
  close(): Promise<void>;
}

/** What ECS' endpoint calls the role; the server that made the keys has no account of its own. */
const ROLE = "arn:aws:iam::123456789012:role/service-role/codebuild-my-project";
const SESSION = "arn:aws:sts::123456789012:assumed-role/codebuild-my-project/AWSCodeBuild-0a1b2c";

/**
 * The ECS agent's, and CodeBuild's, which puts an opaque text in the place of the role: keys for whoever knows the id,
 * its own JSON for anyone else.
 *
 * @param roles what stands as RoleArn, by the relative URI
 */
function containerEndpoint(roles: Readonly<Record<string, string>>, fields: object): RequestListener {
  const refusal = {
    code: "InvalidIdInRequest",
    message: "CredentialsV2Request: Credentials not found",
    HTTPErrorCode: 400,
  };
  return (request, response) => {
    const RoleArn = roles[request.url ?? ""];
    response.writeHead(RoleArn === undefined ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(RoleArn === undefined ? refusal : { RoleArn, ...fields }));
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

/** A role of another account: the build's role may assume it, and whoever has the token. */
export interface PartnerRole {
  readonly arn: string;
  readonly keys: Omit<TemporaryKeys, "roleArn">;
  /** Of a web identity. */
  readonly token: string;
}

type Fields = Readonly<Record<string, string>>;

/** The result of an action; undefined for who may not have it. */
function result({ Action, ...asked }: Fields, isBuild: boolean, partner?: PartnerRole): string | undefined {
  if (Action === "GetCallerIdentity")
    return isBuild
      ? `<Arn>${SESSION}</Arn><UserId>AROAEXAMPLE:AWSCodeBuild-0a1b2c</UserId><Account>123456789012</Account>`
      : undefined;
  const allowed = Action === "AssumeRole" ? isBuild : asked.WebIdentityToken === partner?.token;
  if (!allowed || partner === undefined || asked.RoleArn !== partner.arn) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = partner.keys;
  const [, account, name] = /^arn:aws:iam::(\d+):role\/(.+)$/.exec(partner.arn) ?? [];
  const user = `<Arn>arn:aws:sts::${account}:assumed-role/${name}/${asked.RoleSessionName}</Arn>`;
  return `<AssumedRoleUser>${user}</AssumedRoleUser><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${expiration}</Expiration></Credentials>`;
}

/**
 * STS, for one access key and one role: the server that made the keys has no GetCallerIdentity, and no accounts. Signatures are
 * not checked here.
 */
function sts(accessKeyId: string, partner?: PartnerRole): RequestListener {
  return async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const asked: Fields = Object.fromEntries(new URLSearchParams(body));
    const isBuild = request.headers.authorization?.includes(`Credential=${accessKeyId}/`) === true;
    const given = result(asked, isBuild, partner);
    const refusal = isBuild ? "AccessDenied" : "InvalidClientTokenId";
    const answer =
      given === undefined
        ? `<Error><Code>${refusal}</Code><Message>not known here</Message></Error>`
        : `<${asked.Action}Result>${given}</${asked.Action}Result>`;
    response.writeHead(given === undefined ? 403 : 200, { "content-type": "text/xml" });
    const root = given === undefined ? "ErrorResponse" : `${asked.Action}Response`;
    response.end(`<${root} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${answer}</${root}>`);
  };
}

async function listen(listener: RequestListener, address: string, port = 80): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, address, resolve);
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
 * The credential endpoints of CodeBuild, ECS, EKS and EC2 at their real addresses, in namespaces of the test's own, and an STS
 * that says whose the keys are, and gives the role of another account. They hand out keys that a real STS made.
 *
 * @param stsAddress where the STS listens
 */
export async function startRoleEndpoint(
  keys: Omit<TemporaryKeys, "roleArn">,
  stsAddress: string,
  partner?: PartnerRole,
): Promise<RoleEndpoint> {
  const [relativeUri, ecsUri] = [`/v2/credentials/${randomUUID()}`, `/v2/credentials/${randomUUID()}`];
  const podToken = `pod-token-${randomUUID()}`;
  const fields = {
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    Token: keys.sessionToken,
    Expiration: keys.expiration,
  };
  const roles = { [relativeUri]: codeBuildRoleArn(), [ecsUri]: ROLE };
  const servers = [
    await listen(containerEndpoint(roles, fields), "169.254.170.2"),
    await listen(podIdentityAgent(podToken, fields), "169.254.170.23"),
    await listen(sts(keys.accessKeyId, partner), stsAddress, STS_PORT),
  ];
  // It gives the same keys as the others, not fresh ones of its own.
  const instance = await startInstanceMetadata({
    listen: { address: "169.254.169.254", port: 80 },
    fields,
  });
  const close = async () => {
    await Promise.all([...servers.map(end), instance.close()]);
  };
  return { relativeUri, ecsUri, podToken, close };
}

const STS_PORT = 8910;

/** Where the STS of startRoleEndpoint answers. */
export function stsUrl(address: string): string {
  return `http://${address}:${STS_PORT}`;
}
