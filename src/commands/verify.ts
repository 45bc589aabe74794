import { CREDENTIAL_GROUPS, GENERAL_GROUP } from "../cli/credential-options.js";
import { conflictingOptions, optionNeeds } from "../cli/failures.js";
import type { Invocation } from "../cli/invocation.js";
import { note } from "../cli/say.js";
import type { Verb } from "../cli/verb.js";
import type { Context } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { noRawBody } from "../credentials/failures.js";
import { ExitCode } from "../failure.js";
import { type Caller, reportJson, reportText, verification } from "../output/verification.js";
import { nothingToDo } from "./notices.js";
import { obtainCredentials, obtainSource, sourceWords } from "./obtain-credentials.js";

function checkOptions(invocation: Invocation): void {
  if (invocation.flag("raw") && invocation.flag("json")) throw conflictingOptions("raw", "json");
  if (invocation.flag("raw") && invocation.flag("sts")) throw conflictingOptions("raw", "sts");
  if (invocation.value("endpoint-url-sts") !== undefined && !invocation.flag("sts"))
    throw optionNeeds("endpoint-url-sts", "--sts");
}

/** What signs and asks is compiled only when it is wanted: the signer is the S3 side's. */
async function askSts(credentials: Credentials, invocation: Invocation, context: Context): Promise<Caller> {
  const { callerOf } = await import("../s3-side.js");
  return callerOf(credentials, invocation, context);
}

async function run(invocation: Invocation, context: Context): Promise<number> {
  checkOptions(invocation);
  const source = obtainSource(invocation, context, "role");
  if (source === undefined) {
    if (invocation.flag("json")) context.print(`${JSON.stringify({ available: false })}\n`);
    else note(nothingToDo("verify"), context);
    return ExitCode.ok;
  }
  let caller: Caller | undefined;
  const answer = await obtainCredentials(source, invocation, context, async (credentials) => {
    if (!invocation.flag("sts")) return credentials;
    caller = await askSts(credentials, invocation, context);
    return { roleArn: caller.arn, accountId: caller.account, ...credentials };
  });
  if (invocation.flag("raw")) {
    if (answer.body === undefined) throw noRawBody(sourceWords(source.description));
    context.print(answer.body);
    return ExitCode.ok;
  }
  const found = verification(answer.credentials, source.description, caller, context.now());
  context.print(invocation.flag("json") ? reportJson(found) : reportText(found));
  return ExitCode.ok;
}

export const verifyVerb: Verb = {
  name: "verify",
  summary: "Check that a role answers, and say which. The default.",
  synopsis: "fetch-creds.js [verify] [options]",
  operands: { min: 0, max: 0 },
  groups: [
    {
      title: "What to show",
      options: [
        { name: "json", summary: "One JSON object." },
        { name: "raw", summary: "The endpoint's answer as it is, secrets and all." },
        { name: "sts", summary: "Also ask STS who these keys belong to (GetCallerIdentity)." },
        { name: "endpoint-url-sts", value: "URL", summary: "Ask this STS, not the region's." },
      ],
    },
    ...CREDENTIAL_GROUPS,
    GENERAL_GROUP,
  ],
  description:
    "Asks the credential endpoint as curl would, and says which role answered, until when, and where it was found. Never a secret. Exit 0 if a role answers.",
  examples: ["RUN --mount=type=secret,id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI node /fetch-creds.js"],
  run,
};
