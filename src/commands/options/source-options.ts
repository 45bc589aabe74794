import type { Invocation } from "../../cli/invocation.js";
import { conflictingOptions, optionNeeds } from "../../cli/option-failures.js";
import type { SourceSearch } from "../../credentials/find-source.js";
import { badAccount } from "./failures.js";
import { roleOption } from "./role-options.js";

/** What names a source: one of them decides. */
const NAMING = ["uri", "credentials-file", "profile", "web-identity", "instance-role"] as const;

/** `--profile ''` counts as not given: the variable was empty, and the AWS CLI goes on to its default. */
function given(name: (typeof NAMING)[number], invocation: Invocation): boolean {
  return name === "profile" ? Boolean(invocation.value(name)) : invocation.flag(name);
}

function checkSources(invocation: Invocation): void {
  const [one, other] = NAMING.filter((name) => given(name, invocation));
  if (one === undefined || other === undefined) return;
  const third = NAMING.filter((name) => given(name, invocation))[2];
  // The profile is one of that file.
  if (one === "credentials-file" && other === "profile" && third === undefined) return;
  throw conflictingOptions(one, third ?? other);
}

/** An AWS account's ID (AWS Account Management Reference Guide, "View AWS account identifiers"). */
const ACCOUNT = /^\d{12}$/;

/** What could never be the account would fail each time, and say that the keys are wrong. */
function checkAccount(invocation: Invocation): void {
  const account = invocation.value("expect-account");
  if (account !== undefined && !ACCOUNT.test(account)) throw badAccount(account);
}

/** They look into no files of profiles by themselves; for the others, a profile may name a role. */
const ROLE_VERBS = ["verify", "export", "exec"];

/** Whatever may come to ask STS. */
const ASKING = [
  "sts",
  "expect-role",
  "expect-account",
  "role-arn",
  "web-identity",
  "profile",
  "credentials-file",
] as const;

/**
 * The options that name a source of credentials, or a role on top of it. Checks the account that is expected.
 *
 * @throws Failure (252) for two that exclude each other, one that means nothing without another, a wrong ARN, account or
 *   duration
 */
export function sourceOptions(
  invocation: Invocation,
): Pick<SourceSearch, "credentialsFile" | "profile" | "webIdentity" | "instanceRole" | "role"> {
  checkSources(invocation);
  checkAccount(invocation);
  const asks = ROLE_VERBS.includes(invocation.verb) ? ASKING.some((name) => invocation.flag(name)) : true;
  if (invocation.flag("endpoint-url-sts") && !asks) throw optionNeeds("endpoint-url-sts", "--sts");
  return {
    credentialsFile: invocation.value("credentials-file"),
    profile: invocation.value("profile") || undefined,
    webIdentity: invocation.flag("web-identity"),
    instanceRole: invocation.flag("instance-role"),
    role: roleOption(invocation),
  };
}
