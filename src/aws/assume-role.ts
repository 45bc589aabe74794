import type { Context } from "../context.js";
import type { Sts } from "../credentials/sts.js";
import { roleRefused } from "./assume-role-failures.js";
import { readAssumedKeys } from "./assumed-keys.js";
import { type StsOptions, sendToSts } from "./sts.js";
import { webIdentityRefused } from "./web-identity-failures.js";

/**
 * STS for those who assume roles.
 *
 * @throws its functions: Failure of STS' refusal (254), as sendToSts
 */
export function stsAt(options: StsOptions, context: Context): Sts {
  return {
    assumeRole(credentials, role, words) {
      const { roleArn, sessionName, externalId, durationSeconds } = role;
      const action = {
        name: "AssumeRole",
        parameters: {
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          DurationSeconds: durationSeconds === undefined ? undefined : String(durationSeconds),
          ExternalId: externalId,
        },
        credentials,
        arns: [roleArn],
        read: (origin: string, body: Buffer) => readAssumedKeys("AssumeRole", role, origin, body),
        refused: roleRefused.bind(undefined, { role, caller: credentials.roleArn, words }),
      } as const;
      return sendToSts(action, options, context);
    },
    assumeRoleWithWebIdentity(token, role, tokenFile) {
      const { roleArn, sessionName } = role;
      const name = "AssumeRoleWithWebIdentity";
      const action = {
        name,
        parameters: { RoleArn: roleArn, RoleSessionName: sessionName, WebIdentityToken: token },
        credentials: undefined,
        arns: [roleArn],
        read: (origin: string, body: Buffer) => readAssumedKeys(name, role, origin, body),
        refused: webIdentityRefused.bind(undefined, { role, tokenFile, token }),
      } as const;
      return sendToSts(action, options, context);
    },
  };
}
