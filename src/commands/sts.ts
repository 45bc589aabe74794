import { stsAt } from "../aws/assume-role.js";
import type { Context } from "../context.js";
import type { Sts } from "../credentials/sts.js";
import type { Connection } from "./options/store-options.js";
import { stsOptions } from "./options/sts-options.js";

/**
 * STS for those who assume roles.
 *
 * @param stsUrl `--endpoint-url-sts`
 * @param budgetMs `--timeout`: for each action with all its tries
 * @throws Failure `bad-url`, exit code 252
 */
export function stsFor(
  connection: Connection,
  stsUrl: string | undefined,
  budgetMs: number | undefined,
  context: Context,
): Sts {
  return stsAt({ ...stsOptions(connection, stsUrl), budgetMs }, context);
}
