import type { Context } from "../context.js";
import type { Around } from "./around.js";
import type { CredentialSource } from "./credentials.js";

export const DISABLED = "AWS_EC2_METADATA_DISABLED";

/** Whether nobody may ask the instance. */
export const isDisabled = ({ env }: Pick<Context, "env">): boolean => env[DISABLED]?.toLowerCase() === "true";

/**
 * The instance's role, by the address that the profile in force may name.
 *
 * @param namedBy `--instance-role`; `~/.aws/config, profile deploy`
 * @throws Failure (253) where it is disabled, or its address is not valid
 */
export async function instanceOf(
  { profiles, inForce, context, search }: Pick<Around, "profiles" | "inForce" | "context" | "search">,
  namedBy: string,
): Promise<CredentialSource> {
  const { instanceSource } = await import("./instance.js");
  const setting = (name: string) => profiles.get(inForce)?.get(name);
  const given = {
    namedBy,
    endpoint: setting("ec2_metadata_service_endpoint"),
    endpointMode: setting("ec2_metadata_service_endpoint_mode"),
  };
  return instanceSource(given, context, search.timeoutMs);
}
