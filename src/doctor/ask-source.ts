import type { Context } from "../context.js";
import type {
  CredentialResponse,
  CredentialSource,
  Expiration,
  SourceDescription,
} from "../credentials/credentials.js";
import type { Asked as AskedSts } from "../credentials/expectations.js";
import { identityOf } from "../credentials/identity.js";
import { differs } from "../credentials/same-role.js";
import { Failure } from "../failure.js";
import { sayDuration } from "../output/duration.js";
import { tokenless } from "../output/verification.js";
import { type Finding, noteOf, ok, toFix } from "./finding.js";
import { routeTo } from "./route.js";

/** S3 and STS refuse requests whose time is 15 minutes off; well before that something is wrong with the clock. */
const CLOCK_TO_FIX = 5 * 60_000;
const CLOCK_TO_NOTE = 30_000;

/** Builds are rarely shorter. */
const LIFE_TO_NOTE = 10 * 60_000;

/** What the source answered, and what STS said of it where it was asked. */
export type Told = CredentialResponse & { readonly asked?: AskedSts | undefined };

export interface Asked {
  readonly findings: Finding[];
  readonly response: Told | undefined;
}

/** A failure of ours as a finding; anything else is a bug and goes on. */
export function asFinding(subject: string, error: unknown): Finding {
  if (!(error instanceof Failure)) throw error;
  return { ...toFix(subject, error.message, error.hint ?? ""), id: error.id };
}

/** Where the address is, whether the role answers and how fast, how long the keys live, and what the clock says. */
export async function askSource(
  source: CredentialSource,
  obtain: () => Promise<Told>,
  context: Pick<Context, "now">,
): Promise<Asked> {
  const { address } = source.description;
  const findings = address === undefined ? [] : await lookAtRoute(address);
  const start = context.now();
  try {
    const response = await obtain();
    const end = context.now();
    findings.push(
      ok("answer", `after ${sayDuration(end - start)}`),
      ...lookAtResponse(response, source.description, end),
    );
    return { findings, response };
  } catch (error) {
    findings.push(asFinding("answer", error));
    return { findings, response: undefined };
  }
}

async function lookAtRoute(address: string): Promise<Finding[]> {
  const route = await routeTo(address);
  if (route === undefined) return [];
  return "from" in route
    ? [ok("route", `${address} has a route, from ${route.from}`)]
    : [
        toFix(
          "route",
          `there is no way to ${address} (${route.error})`,
          "Is this step run with --network none? It needs the network of the build.",
        ),
      ];
}

/** For the sources that verify takes, too. */
const ROLE_FIXES: { readonly [K in SourceDescription["kind"]]?: string } = {
  container: "--sts asks STS for it.",
  "credentials-file": "--sts asks STS for it.",
  instance: "--sts asks STS for it.",
};

/** Whose the keys are: as STS says where it was asked, else as the source names it. */
function lookAtIdentity(
  credentials: CredentialResponse["credentials"],
  kind: SourceDescription["kind"],
  caller: AskedSts["caller"] | undefined,
): Finding[] {
  const { roleArn, accountId } = identityOf(credentials, caller);
  const silent =
    caller === undefined
      ? noteOf("role", "not reported by the source", ROLE_FIXES[kind])
      : noteOf("role", `none: STS says that these are the keys of ${caller.arn}`);
  const named = [credentials.roleArn, credentials.accountId].filter((name) => name !== undefined).join(", ");
  return [
    roleArn === undefined ? silent : ok("role", roleArn),
    ...(accountId === undefined ? [] : [ok("account", accountId)]),
    ...(caller !== undefined && differs(credentials, caller)
      ? [noteOf("role", `the source names another than STS: ${named}`, "STS's word is used.")]
      : []),
  ];
}

function lookAtResponse(
  { credentials, date, asked, tokenMisnamed, expiredAt }: Told,
  { kind }: SourceDescription,
  now: number,
): Finding[] {
  const { expiration } = credentials;
  const findings = lookAtIdentity(credentials, kind, asked?.caller);
  const { accessKeyId, sessionToken } = credentials;
  if (sessionToken === undefined && (tokenMisnamed === true || accessKeyId.startsWith("ASIA")))
    findings.push(
      toFix(
        "session",
        tokenless(accessKeyId, tokenMisnamed === true),
        "Pass the session token on with the keys.",
      ),
    );
  findings.push(expiredAt === undefined ? lookAtLife(expiration, now) : expired(expiredAt));
  if (date !== undefined) findings.push(lookAtClock(now - date));
  return findings;
}

/** How long the keys live. */
function lookAtLife(expiration: Expiration | undefined, now: number): Finding {
  if (expiration === undefined) return noteOf("life", "the source does not say when the keys expire");
  const left = expiration.epochMs - now;
  const found = `${sayDuration(left)} left, until ${expiration.text}`;
  return left < LIFE_TO_NOTE
    ? noteOf("life", found, "cp, sync and exec --refreshable ask again by themselves.")
    : ok("life", found);
}

function expired({ text }: Expiration): Finding {
  return noteOf(
    "life",
    `expired at ${text}, and the instance cannot renew them now`,
    "They are used as long as AWS takes them. Is the clock of this machine right?",
  );
}

/** @param ahead ms that our clock is before the endpoint's; its Date header has whole seconds */
function lookAtClock(ahead: number): Finding {
  const off = Math.abs(ahead);
  const found = `${sayDuration(off)} ${ahead > 0 ? "ahead of" : "behind"} the endpoint's`;
  if (off >= CLOCK_TO_FIX)
    return toFix(
      "clock",
      found,
      "Set the clock of the build machine: S3 refuses requests that are 15 minutes off.",
    );
  return off >= CLOCK_TO_NOTE
    ? noteOf("clock", found, "Set the clock of the build machine.")
    : ok("clock", off < 2000 ? "agrees with the endpoint's" : found);
}
