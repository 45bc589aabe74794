import { ExitCode, Failure, usageFailure } from "../failure.js";
import { printable } from "../output/printable.js";
import type { RoleRequest } from "./credentials.js";

/** `--duration` above what role chaining allows; STS is not asked. */
export function tooLongForRoles(): Failure {
  return usageFailure(
    "role-too-long",
    "--duration is longer than 1h, and the source's keys are temporary: AWS STS allows at most an hour when a role assumes another",
    "Leave --duration out (the default is one hour), or set it to at most 1h. A longer copy renews the keys by itself.",
  );
}

/** A role in another partition, which no keys of this one can assume; STS is not asked. */
export function otherPartition(
  { roleArn, from }: RoleRequest,
  caller: string,
  own: string,
  asked: string,
): Failure {
  return new Failure("role-partition", {
    message: `${printable(caller)} cannot assume ${printable(roleArn)} (${printable(from)}): it is in the partition ${printable(own)}, the role in ${printable(asked)}`,
    hint: "roles and keys are valid in one partition only: pass keys of an account in that partition (docker build --secret id=aws-credentials,src=FILE .)",
    exitCode: ExitCode.configuration,
  });
}

/** @param now ms since the epoch */
export function keysExpired({ roleArn }: Pick<RoleRequest, "roleArn">, text: string, now: number): Failure {
  return new Failure("role-keys-expired", {
    message: `STS gave keys for ${printable(roleArn)} that expired at ${printable(text)}; the local clock says ${new Date(now).toISOString()}`,
    hint: "set the clock of the machine that runs the build",
    exitCode: ExitCode.service,
  });
}

/** Whether STS says that the keys it was asked with have expired. */
export function isExpiredToken(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : undefined;
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return code === "ExpiredToken" || code === "ExpiredTokenException";
}
