import { CREDENTIAL_GROUPS, GENERAL_GROUP, STS_GROUP } from "../cli/credential-options.js";
import { notRefreshable } from "../cli/failures.js";
import type { Invocation } from "../cli/invocation.js";
import { findRegion } from "../cli/region.js";
import type { OptionGroup, Verb } from "../cli/verb.js";
import type { Context } from "../context.js";
import {
  type ChildCredentials,
  inheritedDescriptors,
  runWithCredentials,
} from "../exec/run-with-credentials.js";
import { sourceWords } from "../output/source-words.js";
import { obtainCredentials, obtainSource, withAccount } from "./obtain-credentials.js";
import { credentialOptions } from "./options/credential-options.js";

async function childCredentials(invocation: Invocation, context: Context): Promise<ChildCredentials> {
  const options = await credentialOptions(invocation, context);
  const source = await obtainSource(options, context, "role");
  if (source === undefined) return undefined;
  const endpoint = invocation.flag("refreshable") ? source.refreshVariables : undefined;
  if (invocation.flag("refreshable") && endpoint === undefined)
    throw notRefreshable(sourceWords(source.description));
  // Asked once in any case: a role that does not answer is diagnosed here, not by the SDK in the command.
  const credentials = withAccount(await obtainCredentials(source, options, context));
  const region = (await findRegion(context, options.search))?.value;
  return endpoint === undefined ? { credentials, region } : { endpoint, region };
}

export const EXEC_GROUP = {
  title: "How the command gets them",
  options: [
    {
      name: "refreshable",
      summary:
        "Give the endpoint's address in place of keys: the command's SDK then refreshes them itself. Files of profiles whose default would win there are replaced by an empty one.",
    },
  ],
} as const satisfies OptionGroup;

export const execVerb: Verb = {
  name: "exec",
  synopsis: "fetch-creds.js exec [options] -- COMMAND [ARGUMENTS…]",
  operands: { min: 0, max: 0 },
  takesCommand: true,
  groups: [EXEC_GROUP, ...CREDENTIAL_GROUPS, STS_GROUP, GENERAL_GROUP],
  description:
    "Runs COMMAND with the credentials in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CREDENTIAL_EXPIRATION, and the account, if known, in AWS_ACCOUNT_ID. Variables that name other credentials are removed, also with --if-available and no source. Nothing after -- is read. The exit code is the command's own; 126 if it cannot be run, 127 if it is not found. Needs no shell.",
  examples: ["node fetch-creds.js exec -- aws s3 ls s3://my-bucket"],
  steps: ["node /fetch-creds.js exec -- aws s3 ls s3://my-bucket"],
  run: async (invocation, context) => {
    // Before a connection is opened, which is ours alone.
    const descriptors = inheritedDescriptors();
    const given = await childCredentials(invocation, context);
    return runWithCredentials(invocation.command ?? [], given, descriptors, context);
  },
};
