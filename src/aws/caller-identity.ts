import type { Context } from "../context.js";
import type { Caller, Credentials } from "../credentials/credentials.js";
import { parseRoleArn } from "../credentials/role-name.js";
import type { Failure } from "../failure.js";
import { type StsOptions, sendToSts } from "./sts.js";
import { stsAnsweredError, stsUnreadable } from "./sts-failures.js";
import { childText, parseXml } from "./xml/parse.js";

const ACTION = "GetCallerIdentity";

/** A caller's ARN, of a role's session, a user, the account itself, … with the account, which is not AWS's with other stores. */
const ARN = /^arn:aws[a-z-]*:(?:iam|sts)::([A-Za-z0-9]+):([!-~]+)$/;

/** Whether the ARN is one of this account. */
function isOf(account: string, arn: string): boolean {
  const [, named, resource = ""] = ARN.exec(arn) ?? [];
  return named === account && (!/^(?:assumed-)?role\//.test(resource) || parseRoleArn(arn) !== undefined);
}

/** The caller in STS's answer. What names nobody, two, or one of another account than it says, is not believed. */
function readCaller(origin: string, body: Buffer): Caller | Failure {
  const root = parseXml(body.toString("utf8"));
  const results = root?.children.filter(({ name }) => name === "GetCallerIdentityResult") ?? [];
  const [arn, account, userId] = ["Arn", "Account", "UserId"].map((name) => childText(results[0], name));
  if (!arn || !account || !userId) return stsUnreadable(ACTION, origin, "Arn, Account and UserId");
  const names = results.flatMap(({ children }) => children.map(({ name }) => name));
  return new Set(names).size === names.length && isOf(account, arn)
    ? { arn, account, userId }
    : stsUnreadable(ACTION, origin, "a valid Arn of its Account");
}

/**
 * Signs and sends GetCallerIdentity, which needs no permission: it shows that the keys are alive and whose they are.
 *
 * @param arns what tells their partition, where no region is named
 * @throws Failure `sts-error`, `sts-unreadable` (254); as sendToSts
 */
export function getCallerIdentity(
  credentials: Credentials,
  options: StsOptions,
  context: Context,
  arns: readonly (string | undefined)[] = [],
): Promise<Caller> {
  const action = {
    name: ACTION,
    parameters: {},
    credentials,
    arns: [credentials.roleArn, ...arns],
    read: readCaller,
    refused: stsAnsweredError.bind(undefined, ACTION),
  } as const;
  return sendToSts(action, options, context);
}
