import type { Context } from "../context.js";
import type { Credentials, SourceDescription } from "../credentials/credentials.js";
import { type Asked, unnamed } from "../credentials/expectations.js";
import type { CredentialOptions } from "./options/credential-options.js";

/**
 * What STS says of the keys: asked with `--sts`, and by itself for an expectation that the source of the keys leaves
 * open. What signs and asks is compiled only then.
 *
 * @returns undefined when nobody wants to know
 * @throws Failure 252, 254 or 255
 */
export async function askSts(
  credentials: Credentials,
  { kind }: Pick<SourceDescription, "kind">,
  { expected, sts, stsUrl, connection }: CredentialOptions,
  context: Context,
): Promise<Asked | undefined> {
  const what = unnamed(credentials, expected);
  if (!sts && what === undefined) return undefined;
  const { callerOf } = await import("../s3-side.js");
  return callerOf(credentials, kind, await connection(), stsUrl, context, sts ? undefined : what);
}
