import type { Context } from "../context.js";
import type { Around } from "../credentials/around.js";
import { AWS_CLI_ORDER, CONTAINER, chainOf, SECRET } from "../credentials/chain.js";
import type { SourceSearch } from "../credentials/find-source.js";
import type { Step } from "../credentials/profile-steps.js";
import { Failure } from "../failure.js";
import { sourceWords } from "../output/source-words.js";
import { type Finding, noteOf, ok } from "./finding.js";

type Search = Omit<SourceSearch, "purpose">;

/** What a step holds, in words; undefined: nothing. */
async function held(step: Step, around: Around): Promise<string | undefined> {
  try {
    const source = await step.find(around);
    return source && sourceWords(source.description);
  } catch (error) {
    if (error instanceof Failure) return `cannot be used: ${error.message}`;
    throw error;
  }
}

/** What somebody uses. */
interface Source {
  readonly step: Step;
  /** In words. */
  readonly found: string;
}

/** The first step that holds something, be it of use or not. */
async function winner(steps: readonly Step[], around: Around): Promise<Source | undefined> {
  for (const step of steps) {
    const found = await held(step, around);
    if (found !== undefined) return { step, found };
  }
  return undefined;
}

/** Not a copy: reading the streams would open them. */
function withoutSecrets(context: Context): Context {
  return Object.create(context, { secretsFolder: { value: "/dev/null" } });
}

/** What an SDK in this environment takes: it knows no secrets. Undefined also where it cannot go on. */
async function sdkSource(search: Search, context: Context): Promise<Source | undefined> {
  try {
    const { around } = chainOf({ ...search, purpose: "s3" }, withoutSecrets(context));
    return await winner(AWS_CLI_ORDER, around);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** An option that names the source: nothing else is looked at. */
function namingOption({ uri, credentialsFile, webIdentity, instanceRole }: Search): string | undefined {
  if (uri !== undefined) return "--uri";
  if (credentialsFile !== undefined) return "--credentials-file";
  if (webIdentity) return "--web-identity";
  return instanceRole ? "--instance-role" : undefined;
}

const INSTANCE = noteOf(
  "chain, role of the instance",
  "asked only by --instance-role, or by a profile with credential_source = Ec2InstanceMetadata; the AWS CLI and SDKs ask it last",
);

/** Each place where credentials may be named, in our order, with what is there and who uses it. */
export async function lookAtChain(search: Search, context: Context): Promise<Finding[]> {
  const option = namingOption(search);
  if (option !== undefined) return [noteOf("chain", `not looked at: ${option} names the source`)];
  const { around, order, inForce } = chainOf({ ...search, purpose: "s3" }, context);
  const holds = new Map<Step, string | undefined>();
  for (const step of [...order, CONTAINER]) if (!holds.has(step)) holds.set(step, await held(step, around));
  const first = (steps: readonly Step[]) => steps.find((step) => holds.get(step) !== undefined);
  const s3 = first(order);
  const role = search.profile ? s3 : first([CONTAINER, SECRET]);
  const sdk = await sdkSource(search, context);
  const profile = `${inForce.name} (${inForce.namedBy ?? "none is named"})`;
  const findings = [ok("chain, profile in force", profile)];
  // A profile of the secret leaves the container out.
  for (const step of role === CONTAINER && !order.includes(role) ? [...order, role] : order) {
    const found = holds.get(step) ?? "none";
    const ofSdk = step === sdk?.step ? sdk.found : undefined;
    const users = [
      ...(step === role ? ["verify, export and exec"] : []),
      ...(step === s3 ? ["cp, sync and ls"] : []),
      ...(ofSdk === found ? ["the AWS CLI and SDKs"] : []),
    ];
    const used = users.length === 0 ? "" : `; used by ${users.join(", and by ")}`;
    const differs =
      ofSdk === undefined || ofSdk === found
        ? ""
        : `; for the AWS CLI and SDKs, which see no secrets: ${ofSdk}`;
    findings.push((used === "" ? noteOf : ok)(`chain, ${step.title}`, `${found}${used}${differs}`));
  }
  return [...findings, INSTANCE];
}
