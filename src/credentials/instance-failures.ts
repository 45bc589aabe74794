import { ExitCode, Failure } from "../failure.js";
import type { Response } from "../http/response.js";
import { printable, shortened } from "../output/printable.js";
import { systemError } from "../system-error.js";
import { type Asked, isLoopbackHost, noResponse, OWN_LOOPBACK, shownAsked } from "./endpoint-failures.js";
import { errorWords } from "./error-response.js";
import { shownWords } from "./shown-words.js";
import type { Trouble } from "./trouble.js";

const exitCode = ExitCode.configuration;

export function instanceDisabled(variable: string, askedBy: string): Failure {
  return new Failure("instance-disabled", {
    message: `${variable} is true, but ${askedBy} needs the instance metadata service; nothing was sent`,
    hint: `unset ${variable} where the instance's role is wanted, or use another credential source`,
    exitCode,
  });
}

export function instanceEndpointMalformed(name: string): Failure {
  return new Failure("instance-endpoint", {
    message: `${name} is not a valid address of an instance metadata service; nothing was sent`,
    hint: "expected http://HOST[:PORT][/PATH], such as http://169.254.169.254 or http://[fd00:ec2::254]",
    exitCode,
  });
}

export function instanceModeMalformed(name: string, mode: string): Failure {
  return new Failure("instance-endpoint-mode", {
    message: `${name} is not a valid mode: ${shortened(printable(mode))}`,
    hint: "expected IPv4 or IPv6",
    exitCode,
  });
}

export function instanceNameNotResolved(name: string, host: string, cause: unknown): Failure {
  const { code } = systemError(cause);
  return new Failure("instance-name", {
    message: `${name}: the name ${printable(host)} cannot be resolved (${code ?? "no address"}); nothing was sent`,
    hint: "is the address of the instance metadata service spelled right?",
    exitCode,
    cause,
  });
}

/** The two ways out of a container's one hop more. */
const HOP_LIMIT =
  "aws ec2 modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2 (HttpPutResponseHopLimit 2), or docker build --network host";

/**
 * Nothing came back to the request for a token, the first of all: 255.
 *
 * @param isSilent  whether the connection was accepted
 */
export function noToken(asked: Asked, isSilent: boolean): Failure {
  return new Failure("instance-no-token", {
    message: isSilent
      ? `${shownAsked(asked)} accepted the connection, but did not answer the request for a token`
      : `${shownAsked(asked)} did not accept the connection for a token in time`,
    hint: isSilent
      ? `with a hop limit of 1 the token does not come as far as a container: ${HOP_LIMIT}`
      : `this is no EC2 instance, or a firewall drops the packets, or a hop limit of 1 does, which a container exceeds: ${HOP_LIMIT}`,
    exitCode: ExitCode.other,
  });
}

const NO_INSTANCE =
  "this step does not run on an EC2 instance, or its network does not lead to the instance metadata service";

/** Of the troubles that mean something else of an instance than of a container's endpoint; the others have the same words. */
export function instanceTrouble(asked: Asked, trouble: Trouble, namedBy: string | undefined): Failure {
  const { reason, cause, detail } = trouble;
  const isRefused = reason === "refused";
  if (!isRefused && reason !== "unreachable") return noResponse(asked, trouble);
  const elsewhere = isLoopbackHost(asked.endpoint.host) ? OWN_LOOPBACK : `check ${namedBy}`;
  const usual = isRefused
    ? `nothing listens there: ${NO_INSTANCE}`
    : `no route: this step runs without a network (docker build --network none, RUN --network=none), or ${NO_INSTANCE}`;
  return new Failure(isRefused ? "instance-refused" : "instance-unreachable", {
    message: `${shownAsked(asked)} ${isRefused ? "refused the connection" : `cannot be reached (${detail ?? reason})`}`,
    hint: namedBy === undefined ? usual : elsewhere,
    exitCode: ExitCode.other,
    cause,
  });
}

function answered(id: string, asked: Asked, response: Response, hint: string): Failure {
  const words = errorWords(response);
  return new Failure(id, {
    message: `${shownAsked(asked)} answered ${response.status}${words === "" ? "" : `: ${words}`}`,
    hint,
    exitCode: ExitCode.service,
  });
}

/** The list of roles is not there (404), or empty: 254. */
export function noRole(asked: Asked): Failure {
  return new Failure("instance-no-role", {
    message: `${shownAsked(asked)} names no role: none is attached to this instance`,
    hint: "attach an instance profile that holds a role: aws ec2 associate-iam-instance-profile --instance-id ID --iam-instance-profile Name=PROFILE",
    exitCode: ExitCode.service,
  });
}

/** What is told of a role has to become part of a path, and may not lead elsewhere. */
export function roleNameMalformed(asked: Asked): Failure {
  return new Failure("instance-role-name", {
    message: `${shownAsked(asked)} answered something that cannot be the name of a role`,
    hint: "something other than an instance metadata service answered: a proxy, or another service at that address",
    exitCode: ExitCode.service,
  });
}

/** The token is no header: something else answered. */
export function instanceTokenMalformed(asked: Asked): Failure {
  return new Failure("instance-token", {
    message: `${shownAsked(asked)} answered something that cannot be a token`,
    hint: "something other than an instance metadata service answered: a proxy, or another service at that address",
    exitCode: ExitCode.service,
  });
}

/** What the service's statuses mean (EC2 User Guide, "Use the Instance Metadata Service"): id and hint. */
const STATUSES: Readonly<Record<number, readonly [id: string, hint: string]>> = {
  401: [
    "instance-401",
    "the token was refused twice: another service, or several instances, answer at that address",
  ],
  403: [
    "instance-403",
    "the service is turned off for this instance (aws ec2 modify-instance-metadata-options --instance-id ID --http-endpoint enabled), or a proxy between adds X-Forwarded-For, which it refuses",
  ],
};

const NOT_V2: readonly [id: string, hint: string] = [
  "instance-not-v2",
  "what answers there gives no tokens: IMDSv2 is needed, and a stand-in may not know it",
];

function meaning(status: number, isToken: boolean): readonly [id: string, hint: string] {
  const known = STATUSES[status];
  if (known !== undefined) return known;
  if (isToken && (status === 404 || status === 405 || status === 501)) return NOT_V2;
  if (status === 429 || status >= 500)
    return ["instance-5xx", "the service has too much to do, or a problem: run the step again"];
  return [
    "instance-status",
    "something other than an instance metadata service may listen there; redirects are not followed",
  ];
}

/**
 * A status other than 200: 254.
 *
 * @param isToken  whether a token was asked for
 */
export function instanceStatus(asked: Asked, response: Response, isToken: boolean): Failure {
  const [id, hint] = meaning(response.status, isToken);
  return answered(id, asked, response, hint);
}

/** The trust policy that lets EC2 assume a role, in short. */
const TRUST = "the role's trust policy must let ec2.amazonaws.com do sts:AssumeRole";

/** A 200 whose `Code` is not `Success`: what the instance knows of why it has no keys. 254. */
export function instanceCode(asked: Asked, code: string, message: string | undefined): Failure {
  return new Failure("instance-code", {
    message: `${shownAsked(asked)} answered 200 with the error ${shownWords(code, message)}`,
    hint: /AssumeRole/i.test(code)
      ? `${TRUST}; a changed policy takes some minutes`
      : `see whether the role of the instance profile exists; ${TRUST}`,
    exitCode: ExitCode.service,
  });
}
