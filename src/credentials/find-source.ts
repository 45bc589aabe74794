import type { Context } from "../context.js";
import { containerSource } from "./container-source.js";
import { containerOf } from "./container-variables.js";
import type { CredentialSource, RoleRequest } from "./credentials.js";
import { uriEmpty } from "./failures.js";
import type { StsReach } from "./sts.js";

/** What the command line says about where credentials come from. */
export interface SourceSearch {
  /** `--uri`: begins with `/`: relative; else full. */
  readonly uri?: string | undefined;
  /** `--credentials-file`. */
  readonly credentialsFile?: string | undefined;
  /** `--profile`: the profile in force, or one of `--credentials-file`. Empty counts as not given. */
  readonly profile?: string | undefined;
  /** `--web-identity`: the token file and the role of the environment. */
  readonly webIdentity?: boolean | undefined;
  /** `--instance-role`. */
  readonly instanceRole?: boolean | undefined;
  /** `--role-arn` and what belongs to it: a layer on top of the source. */
  readonly role?: RoleRequest | undefined;
  /** `--if-available`: what an option names, and is not there, is no failure. */
  readonly ifAvailable?: boolean | undefined;
  /** `s3` looks where the AWS CLI does; `role` only where a role is given to this build. */
  readonly purpose: "role" | "s3";
  /** `--timeout`, ms: bounds one fetch with all its tries. */
  readonly timeoutMs?: number | undefined;
  /** How STS is asked, should it be. */
  readonly sts: StsReach;
}

/** Whether an option says where to look. `--role-arn` does not. */
export function isNamed(search: Omit<SourceSearch, "purpose">): boolean {
  const { uri, credentialsFile, profile, webIdentity, instanceRole } = search;
  return (uri ?? credentialsFile) !== undefined || !!(profile || webIdentity || instanceRole);
}

function ofUri(uri: string, search: SourceSearch, context: Context): CredentialSource | undefined {
  if (uri === "") {
    if (search.ifAvailable) return undefined;
    throw uriEmpty("--uri");
  }
  const given = { name: "--uri", place: "option", value: uri } as const;
  return containerSource(given, !uri.startsWith("/"), context, search.timeoutMs);
}

async function ofSecret(search: SourceSearch, context: Context): Promise<CredentialSource | undefined> {
  const { secretInForce } = await import("./chain.js");
  return secretInForce(search, context);
}

async function lowestSource(search: SourceSearch, context: Context): Promise<CredentialSource | undefined> {
  const { uri, purpose, timeoutMs } = search;
  if (uri !== undefined) return ofUri(uri, search, context);
  // What looks further is compiled only where somebody wants that.
  if (purpose === "role" && !isNamed(search))
    return containerOf(context, timeoutMs) ?? ofSecret(search, context);
  const { firstInChain } = await import("./chain.js");
  return firstInChain(search, context);
}

/**
 * The source that an option names, else the first that is configured, in the order of docs/reference.md. It is final: one
 * that cannot be used is a Failure, never a reason to look further. With `--role-arn` that role, on top of it.
 *
 * @returns undefined when nothing is configured
 * @throws Failure with exit code 253
 */
export async function findSource(
  search: SourceSearch,
  context: Context,
): Promise<CredentialSource | undefined> {
  const source = await lowestSource(search, context);
  if (source === undefined || search.role === undefined) return source;
  const { assumedRoleSource } = await import("./assumed-role.js");
  const assumed = assumedRoleSource(source, search.role, search.sts, context);
  return { ...assumed, passedOver: source.passedOver };
}
