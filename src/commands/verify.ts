import { CREDENTIAL_GROUPS, GENERAL_GROUP, STS_GROUP } from "../cli/credential-options.js";
import type { Invocation } from "../cli/invocation.js";
import { conflictingOptions } from "../cli/option-failures.js";
import { findRegion, type NamedRegion } from "../cli/region.js";
import { note } from "../cli/say.js";
import type { SettingsSearch } from "../cli/settings-of.js";
import type { OptionGroup, Verb } from "../cli/verb.js";
import type { Context } from "../context.js";
import { accountOfAccessKey } from "../credentials/access-key-account.js";
import type { Caller, Credentials } from "../credentials/credentials.js";
import { noRawBody } from "../credentials/failures.js";
import { identityOf } from "../credentials/identity.js";
import { ExitCode, Failure } from "../failure.js";
import { sourceWords } from "../output/source-words.js";
import { reportJson, reportText, tokenless, verification } from "../output/verification.js";
import { nothingToDo } from "./notices.js";
import { obtainCredentials, obtainSource } from "./obtain-credentials.js";
import { credentialOptions } from "./options/credential-options.js";

function checkOptions(invocation: Invocation): void {
  if (invocation.flag("raw") && invocation.flag("json")) throw conflictingOptions("raw", "json");
  if (invocation.flag("raw") && invocation.flag("sts")) throw conflictingOptions("raw", "sts");
}

async function differ(credentials: Credentials, caller: Caller): Promise<boolean> {
  const { differs } = await import("../credentials/same-role.js");
  return differs(credentials, caller);
}

/** The region is only shown: a file or secret that cannot be read is told, and no failure of the role's. */
async function shownRegion(search: SettingsSearch, context: Context): Promise<NamedRegion | undefined> {
  try {
    return await findRegion(context, search);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { regionNotRead } = await import("./region-notices.js");
    note(regionNotRead(error), context);
    return undefined;
  }
}

async function run(invocation: Invocation, context: Context): Promise<number> {
  checkOptions(invocation);
  const options = await credentialOptions(invocation, context);
  const source = await obtainSource(options, context, "role");
  if (source === undefined) {
    if (invocation.flag("json")) context.print(`${JSON.stringify({ available: false })}\n`);
    else note(nothingToDo("verify"), context);
    return ExitCode.ok;
  }
  const response = await obtainCredentials(source, options, context);
  if (invocation.flag("raw")) {
    if (response.body === undefined) throw noRawBody(sourceWords(source.description));
    context.print(response.body);
    return ExitCode.ok;
  }
  const { credentials, asked } = response;
  const caller = asked?.caller;
  const whose = {
    identity: identityOf(credentials, caller),
    accessKeyAccountId: accountOfAccessKey(credentials.accessKeyId),
    caller,
    differs: caller !== undefined && (await differ(credentials, caller)),
  };
  const region = await shownRegion(options.search, context);
  const found = verification(credentials, source.description, whose, region, context.now());
  const session = tokenless(credentials.accessKeyId, response.tokenMisnamed === true);
  context.print(invocation.flag("json") ? reportJson(found) : reportText(found, session));
  return ExitCode.ok;
}

export const VERIFY_GROUP = {
  title: "What to show",
  options: [
    { name: "json", summary: "One JSON object." },
    { name: "raw", summary: "The endpoint's response unchanged, with its secrets." },
  ],
} as const satisfies OptionGroup;

export const verifyVerb: Verb = {
  name: "verify",
  synopsis: "fetch-creds.js [verify] [options]",
  operands: { min: 0, max: 0 },
  groups: [VERIFY_GROUP, ...CREDENTIAL_GROUPS, STS_GROUP, GENERAL_GROUP],
  description:
    "Gets the credentials of the container endpoint, or of the secret aws-credentials. Prints the role, when they expire, and where they come from; never a secret.",
  examples: ["node fetch-creds.js verify --expect-role 'codebuild-*' --min-ttl 15m"],
  steps: ["node /fetch-creds.js"],
  run,
};
