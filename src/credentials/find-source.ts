import type { Context, Environment } from "../context.js";
import { containerSource } from "./container-source.js";
import type { CredentialSource, RoleRequest, SourceDescription } from "./credentials.js";
import { uriEmpty } from "./failures.js";
import { readSecret } from "./secret-file.js";
import { FULL_URI, RELATIVE_URI } from "./variables.js";

/** What the command line says about where credentials come from. */
export interface SourceSearch {
  /** `--uri`: begins with `/`: relative; else full. */
  readonly uri?: string | undefined;
  /** `--credentials-file`. */
  readonly credentialsFile?: string | undefined;
  /** `--profile`, of an INI file. */
  readonly profile?: string | undefined;
  /** `--web-identity`: the token file and the role of the environment. */
  readonly webIdentity?: boolean | undefined;
  /** `--instance-role`. */
  readonly instanceRole?: boolean | undefined;
  /** `--role-arn` and what belongs to it: a layer on top of the source. */
  readonly role?: RoleRequest | undefined;
  /** `s3` takes keys from the environment and shared profiles as the AWS CLI does; `role` never does. */
  readonly purpose: "role" | "s3";
  /** `--timeout`, ms: bounds one fetch with all its tries. */
  readonly timeoutMs?: number | undefined;
}

type Place = SourceDescription["place"];

/** The pair of variables, relative first, wherever they are looked up. */
function containerFrom(
  lookup: (name: string) => string | undefined,
  place: Place,
  search: SourceSearch,
  context: Context,
): CredentialSource | undefined {
  for (const name of [RELATIVE_URI, FULL_URI]) {
    const value = lookup(name);
    if (value) return containerSource({ name, place, value }, name === FULL_URI, context, search.timeoutMs);
  }
  return undefined;
}

function fromOption(search: SourceSearch, context: Context): CredentialSource | undefined {
  const { uri } = search;
  if (uri === undefined) return undefined;
  if (uri === "") throw uriEmpty("--uri");
  return containerSource(
    { name: "--uri", place: "option", value: uri },
    !uri.startsWith("/"),
    context,
    search.timeoutMs,
  );
}

async function fromEnvironment(env: Environment): Promise<CredentialSource | undefined> {
  const { environmentKeys } = await import("./environment-keys.js");
  return environmentKeys(env);
}

async function fromFile(
  { credentialsFile, profile, purpose, timeoutMs }: SourceSearch,
  context: Context,
): Promise<CredentialSource | undefined> {
  const { optionFileSource, secretFileSource, sharedFileSource } = await import("./file-source.js");
  if (credentialsFile !== undefined) return optionFileSource(credentialsFile, profile, context, timeoutMs);
  return (
    secretFileSource(profile, context) ?? (purpose === "s3" ? sharedFileSource(profile, context) : undefined)
  );
}

/**
 * The first configured source, in the order of docs/reference.md. It is final: one that cannot be used is a Failure,
 * never a reason to look further.
 *
 * @returns undefined when nothing is configured
 * @throws Failure with exit code 253
 */
export async function findSource(
  search: SourceSearch,
  context: Context,
): Promise<CredentialSource | undefined> {
  const { env, secretsFolder } = context;
  return (
    fromOption(search, context) ??
    (search.purpose === "s3" ? await fromEnvironment(env) : undefined) ??
    containerFrom((name) => env[name], "environment", search, context) ??
    containerFrom((name) => readSecret(secretsFolder, name), "secret", search, context) ??
    fromFile(search, context)
  );
}
