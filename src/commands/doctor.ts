import { CREDENTIAL_GROUPS, GENERAL_GROUP } from "../cli/credential-options.js";
import { learnFromEnvironment } from "../cli/environment-secrets.js";
import type { Invocation } from "../cli/invocation.js";
import type { ValueName } from "../cli/option-names.js";
import { CONNECTION_GROUP } from "../cli/s3-connection-options.js";
import type { Verb } from "../cli/verb.js";
import type { Context } from "../context.js";
import type { CredentialSource } from "../credentials/credentials.js";
import { createProvider } from "../credentials/provider.js";
import { asFinding, askSource } from "../doctor/ask-source.js";
import { eachCauseOnce } from "../doctor/causes.js";
import { type Finding, noteOf, ok } from "../doctor/finding.js";
import { lookAtBucket } from "../doctor/look-at-bucket.js";
import { lookAtChain } from "../doctor/look-at-chain.js";
import { lookAtSecrets } from "../doctor/look-at-secrets.js";
import { lookAtSurroundings } from "../doctor/look-at-surroundings.js";
import { lookAtVariables } from "../doctor/look-at-variables.js";
import { needsFixing, reportJson, reportText } from "../doctor/report.js";
import { ExitCode, Failure } from "../failure.js";
import { painter } from "../output/color.js";
import { withOwnPath } from "../output/own-path.js";
import { sourceWords } from "../output/source-words.js";
import { parseS3Uri, type S3Uri } from "../s3/locations/uri.js";
import { openStore } from "../s3/open-store.js";
import { checkedSource, knownArns } from "./checked-source.js";
import { keysOf } from "./keys-of.js";
import { obtainCredentials, obtainSource } from "./obtain-credentials.js";
import { type CredentialOptions, credentialOptions } from "./options/credential-options.js";
import { isUnsigned, storeOptions } from "./options/store-options.js";

/** What was found of the source, and of options that came too late; and the source when there is one to use. */
async function lookAtSource(
  options: CredentialOptions,
  context: Context,
  purpose: "role" | "s3",
): Promise<{ found: Finding[]; source: CredentialSource | undefined }> {
  try {
    const source = await obtainSource(options, context, purpose);
    return source === undefined
      ? { found: [noteOf("source", "none is configured (--if-available)")], source }
      : { found: [ok("source", sourceWords(source.description))], source };
  } catch (error) {
    return { found: [asFinding("source", error)], source: undefined };
  }
}

async function lookAtUri(
  uri: S3Uri,
  source: CredentialSource | undefined,
  options: CredentialOptions,
  context: Context,
  arns: readonly (string | undefined)[] = [],
): Promise<Finding[]> {
  // What is expected is expected of each set of keys.
  const provider =
    source === undefined ? undefined : createProvider(checkedSource(source, options, context), context);
  const connection = storeOptions(await options.connection(), provider, arns);
  const whose = source && keysOf(source.description, options.search);
  const store = openStore({ ...connection, keysOf: whose }, context);
  try {
    return await lookAtBucket(store, uri);
  } finally {
    await store.close();
  }
}

/** What names a setting that spoils the connection, on the command line, if any can: else the environment or a profile does. */
const OPTION_OF: Readonly<Record<string, ValueName | undefined>> = {
  "bad-region": "region",
  "bad-addressing-style": "addressing-style",
  "endpoint-unusable": "endpoint-url",
  "accelerate-unusable": "endpoint-url",
  "bad-setting": undefined,
  "config-file": undefined,
  "secret-unreadable": undefined,
  "setting-lines": undefined,
  "sso-session": undefined,
  "fips-unsupported": undefined,
  "credentials-file-unreadable": "credentials-file",
  "credentials-file-malformed": "credentials-file",
  "profile-missing": undefined,
  "services-missing": undefined,
};

/** A setting of the surroundings that S3 cannot be asked with is a finding. A wrong region is one already. */
async function orSetting(looked: Promise<Finding[]>, invocation: Invocation): Promise<Finding[]> {
  try {
    return await looked;
  } catch (error) {
    if (!(error instanceof Failure && Object.hasOwn(OPTION_OF, error.id))) throw error;
    const option = OPTION_OF[error.id];
    if (option !== undefined && invocation.value(option) !== undefined) throw error;
    return error.id === "bad-region"
      ? [noteOf("S3", "is not asked", "Put the region right first.")]
      : [asFinding("S3", error)];
  }
}

/** Its fix with the path that this file runs from. */
function pastable(finding: Finding, { scriptPath }: Context): Finding {
  return finding.fix === undefined ? finding : { ...finding, fix: withOwnPath(finding.fix, scriptPath) };
}

async function examine(invocation: Invocation, context: Context): Promise<Finding[]> {
  const [operand] = invocation.operands;
  const uri = operand === undefined ? undefined : parseS3Uri(operand);
  const unsigned = isUnsigned(invocation);
  // What others would use is a finding here.
  const options = { ...(await credentialOptions(invocation, context)), quiet: true };
  const findings = [
    ...lookAtVariables(context),
    ...lookAtSecrets(context),
    ...(await lookAtSurroundings(context, options.search)),
  ];
  if (unsigned)
    return uri === undefined
      ? findings
      : [...findings, ...(await orSetting(lookAtUri(uri, undefined, options, context), invocation))];
  findings.push(
    ...(await lookAtChain(options.search, context).catch((error) => [asFinding("chain", error)])),
  );
  const { found, source } = await lookAtSource(options, context, uri === undefined ? "role" : "s3");
  findings.push(...found);
  if (source === undefined) return findings;
  const asked = await askSource(source, () => obtainCredentials(source, options, context), context);
  findings.push(...asked.findings);
  if (asked.response === undefined || uri === undefined) return findings;
  const arns = knownArns(asked.response);
  return [...findings, ...(await orSetting(lookAtUri(uri, source, options, context, arns), invocation))];
}

export const doctorVerb: Verb = {
  name: "doctor",
  synopsis: "fetch-creds.js doctor [s3://BUCKET[/KEY]] [options]",
  operands: { min: 0, max: 1 },
  groups: [
    { title: "What to print", options: [{ name: "json", summary: "One JSON object." }] },
    ...CREDENTIAL_GROUPS,
    CONNECTION_GROUP,
    GENERAL_GROUP,
  ],
  description:
    "Checks the variables, the secret files, Node, region and proxies, the source, its route and its response, the role, how long its keys are valid, and the clock. With an s3:// URI, also checks whether the keys can list and read there; to read the named object, listing is not needed. Exit 1 if something must be fixed.",
  examples: ["node fetch-creds.js doctor s3://my-bucket/model.bin"],
  steps: ["node /fetch-creds.js doctor s3://my-bucket/model.bin"],
  run: async (invocation, context) => {
    learnFromEnvironment(context.env);
    const findings = eachCauseOnce(await examine(invocation, context)).map((each) => pastable(each, context));
    const report = invocation.flag("json")
      ? reportJson(findings)
      : reportText(findings, painter(context.stdout, context.env));
    context.print(report);
    return needsFixing(findings) ? ExitCode.failed : ExitCode.ok;
  },
};
