import type { Context } from "../context.js";
import { ExitCode, Failure } from "../failure.js";
import type { Credentials } from "./credentials.js";

export interface CallerIdentity {
  readonly arn: string;
  readonly account: string;
  readonly userId: string;
}

/** Not there yet: the signed request. */
export async function getCallerIdentity(
  _credentials: Credentials,
  _options: { readonly region: string; readonly endpointUrl?: string | undefined },
  _context: Context,
): Promise<CallerIdentity> {
  throw new Failure("sts-missing", { message: "STS is not reachable yet", exitCode: ExitCode.other });
}
