import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import { noSource } from "../credentials/no-source-failure.js";
import { namedSource } from "../output/named-source.js";
import type { CredentialOptions } from "./options/credential-options.js";
import { lowestElsewhere } from "./other-identity.js";
import { othersAlone } from "./whose-notices.js";

/**
 * No source is configured: a failure, unless `--if-available` allows it. What was to be checked then is not, and one line says
 * so where cp, sync and ls would act as somebody all the same.
 *
 * @throws Failure `no-source`
 */
export async function withoutSource(
  options: CredentialOptions,
  context: Context,
  purpose: "role" | "s3",
): Promise<void> {
  const { search, quiet } = options;
  if (!search.ifAvailable) throw noSource(purpose, context, search.profile);
  if (purpose === "s3" || quiet) return;
  const winner = await lowestElsewhere(options, context);
  if (winner !== undefined) note(othersAlone(namedSource(winner)), context);
}
