import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { namedSource } from "../output/named-source.js";
import type { CredentialSource, Credentials, RoleRequest, SourceDescription } from "./credentials.js";
import { createProvider } from "./provider.js";
import { isExpiredToken, otherPartition, tooLongForRoles } from "./role-failures.js";
import { unexpiredKeys } from "./role-keys.js";
import { splitArn } from "./role-name.js";
import { defaultSessionName, sessionNameOf } from "./session-name.js";
import type { AssumedKeys, StsReach } from "./sts.js";

/** What keys of a role get for another role, at most (IAM User Guide, "Role chaining"). */
const HOUR = 3600;

/** What STS is known to refuse, before it is asked. What a profile says is left to STS, as by the AWS CLI. */
function checkRequest(role: RoleRequest, { roleArn, sessionToken }: Credentials): void {
  const { durationSeconds = 0, from } = role;
  if (durationSeconds > HOUR && sessionToken !== undefined && from.startsWith("--")) throw tooLongForRoles();
  const [own, asked] = [splitArn(roleArn ?? "")?.partition, splitArn(role.roleArn)?.partition];
  if (own !== undefined && asked !== undefined && own !== asked)
    throw otherPartition(role, roleArn as string, own, asked);
}

/** Which setting says so, for messages and reports. */
function described(base: SourceDescription, { roleArn, from }: RoleRequest): SourceDescription {
  return {
    kind: "assumed-role",
    name: from,
    place: from.startsWith("--") ? "option" : "file",
    roleArn,
    base,
  };
}

/**
 * A role on top of another source: its keys are those that STS gives for that source's keys. The source is asked when its
 * keys near their end, not each time that the role's do.
 *
 * @param reach called when STS is to be asked
 * @throws its fetch: Failure of the source; `role-too-long` (252), `role-partition` (253); of STS (252, 254, 255)
 */
export function assumedRoleSource(
  base: CredentialSource,
  role: RoleRequest,
  reach: StsReach,
  context: Context,
): CredentialSource {
  learnSecrets(role.externalId);
  const named = role.sessionName === undefined ? undefined : sessionNameOf(role.sessionName);
  const session = { ...role, sessionName: named ?? defaultSessionName(context.env) };
  const words = namedSource(base.description);
  const provider = createProvider(base, context);

  const assume = async (credentials: Credentials): Promise<AssumedKeys> => {
    learnSecrets(credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken);
    checkRequest(role, credentials);
    context.debug(`assuming ${role.roleArn} as ${session.sessionName} with the keys of ${words}`);
    return (await reach()).assumeRole(credentials, session, words);
  };

  /** Where STS says that the source's keys have expired, earlier than the source said, once more with other ones. */
  const assumeWithFresh = async (): Promise<AssumedKeys> => {
    const used = await provider.get();
    try {
      return await assume(used);
    } catch (error) {
      if (!isExpiredToken(error)) throw error;
      provider.expire();
      const fresh = await provider.get();
      if (fresh.accessKeyId === used.accessKeyId) throw error;
      return assume(fresh);
    }
  };

  return {
    description: described(base.description, role),
    async fetch() {
      const { credentials } = await assumeWithFresh();
      return { credentials: unexpiredKeys(credentials, role, context) };
    },
  };
}
