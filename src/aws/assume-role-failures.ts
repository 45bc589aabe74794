import type { RoleRequest } from "../credentials/credentials.js";
import { type RoleArn, splitArn } from "../credentials/role-name.js";
import { ExitCode, Failure } from "../failure.js";
import { concealed } from "../output/concealed.js";
import { printable, shortened } from "../output/printable.js";
import type { ServerError } from "./server-error.js";
import { answeredWords, stsAnsweredError } from "./sts-failures.js";

/** Who asked for which role. */
export interface Asking {
  readonly role: RoleRequest;
  /** As the source of the keys names it. */
  readonly caller: string | undefined;
  /** Whose keys these are, where nobody names an ARN. */
  readonly words: string;
}

const ACTION = "AssumeRole";

/** `User: arn:aws:sts::111122223333:assumed-role/NAME/SESSION is not authorized to perform: …` */
const CALLER = /\bUser: (arn:aws[a-z-]*:(?:iam|sts)::[A-Za-z0-9]*:[!-~]{1,512})/;

/** What a service control policy, a boundary or anything else forbids outright. */
const EXPLICIT_DENY = /\bexplicit deny in ([\w -]{3,60})/;

/** A role as a policy names it: never its session. */
function principalOf(caller: string): string {
  const { form, partition, account, name } = splitArn(caller) ?? ({} as Partial<RoleArn>);
  return form === "assumed-role" ? `arn:${partition}:iam::${account}:role/${name}` : caller;
}

function statement(fields: object): string {
  return JSON.stringify({ Effect: "Allow", ...fields, Action: "sts:AssumeRole" });
}

/** What the external ID may have to do with it: STS' answer is the same. */
function aboutExternalId({ externalId, from }: RoleRequest): string {
  if (externalId !== undefined)
    return "the external ID must be the one in that trust policy's condition on sts:ExternalId";
  const option = from.startsWith("--") ? "--external-id" : "external_id";
  return `no external ID was sent: if the trust policy has a condition on sts:ExternalId, add ${option}`;
}

/** The two policies that must agree, ready to be pasted. */
function policies({ role }: Asking, caller: string | undefined, message: string): string[] {
  const { roleArn } = role;
  const denied = EXPLICIT_DENY.exec(message)?.[1];
  if (denied !== undefined)
    return [`an explicit deny in ${printable(denied.trim())} forbids it: change that policy`];
  const principal = caller === undefined ? "arn:aws:iam::ACCOUNT:role/NAME" : principalOf(caller);
  const path =
    caller === undefined
      ? " (verify --sts shows whose keys these are)"
      : splitArn(caller)?.form === "assumed-role"
        ? " (with the role's path if it has one, as CodeBuild's usually do: role/service-role/NAME)"
        : "";
  const trust = statement({ Principal: { AWS: principal } });
  const own = statement({ Resource: roleArn });
  const both = [
    ...(message.includes("no identity-based policy")
      ? []
      : [`the trust policy of ${roleArn} needs: ${trust}${path}`]),
    ...(message.includes("no resource-based policy") ? [] : [`and a policy of ${principal} needs: ${own}`]),
  ];
  return [...both, aboutExternalId(role)].map((line) => printable(concealed(line)));
}

/** STS does not let this caller have this role. It says the same of a role that does not exist. */
function denied(asking: Asking, origin: string, error: ServerError): Failure {
  const told = CALLER.exec(error.message)?.[1];
  const caller = told ?? asking.caller;
  const who = caller === undefined ? `whoever has the keys of ${asking.words}` : caller;
  const { roleArn, from } = asking.role;
  const shown = shortened(printable(concealed(who)), 300);
  return new Failure("role-denied", {
    message: `${shown} may not assume ${printable(roleArn)} (${printable(from)}): ${answeredWords(ACTION, origin, error)}`,
    hint: policies(asking, caller, error.message).join("\n"),
    exitCode: ExitCode.service,
    cause: error,
  });
}

function durationHint({ from, roleArn }: RoleRequest, message: string): string | undefined {
  const setting = from.startsWith("--") ? "--duration" : "duration_seconds";
  if (message.includes("role chaining"))
    return `one role can assume another for one hour at most: leave ${setting} out, or set it to one hour or less`;
  if (message.includes("MaxSessionDuration"))
    return `set ${setting} to no more than the role's maximum session duration, or raise that: aws iam update-role --role-name ${printable(splitArn(roleArn)?.name ?? "NAME")} --max-session-duration SECONDS`;
  return undefined;
}

/**
 * What STS' refusal of AssumeRole is to the user (AWS STS API Reference, AssumeRole, and the texts that STS really
 * sends).
 */
export function roleRefused(asking: Asking, origin: string, error: ServerError): Failure {
  if (/^AccessDenied(Exception)?$/.test(error.code)) return denied(asking, origin, error);
  const hint = error.code === "ValidationError" ? durationHint(asking.role, error.message) : undefined;
  if (hint === undefined) return stsAnsweredError(ACTION, origin, error);
  return new Failure("role-duration", {
    message: `${printable(asking.role.roleArn)} (${printable(asking.role.from)}) cannot be assumed for that long: ${answeredWords(ACTION, origin, error)}`,
    hint,
    exitCode: ExitCode.service,
    cause: error,
  });
}
