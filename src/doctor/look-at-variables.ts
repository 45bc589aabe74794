import type { Context, Environment } from "../context.js";
import {
  ACCESS_KEY_ID,
  AUTHORIZATION_TOKEN,
  AUTHORIZATION_TOKEN_FILE,
  FULL_URI,
  RELATIVE_URI,
  SECRET_ACCESS_KEY,
} from "../credentials/variables.js";
import { secretState } from "../credentials/what-lies-there.js";
import { nearest } from "../output/nearest.js";
import { type Finding, noteOf, ok, toFix } from "./finding.js";
import { symptomOf } from "./value-symptoms.js";

const ENDPOINT_VARIABLES = [RELATIVE_URI, FULL_URI, AUTHORIZATION_TOKEN, AUTHORIZATION_TOKEN_FILE];

/** What SDKs take before they ask the container. */
const EARLIER = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

const TAKEN =
  "set: the AWS CLI and the SDKs take it before the container's role; verify, export and exec do not";
const LONE = `set without ${SECRET_ACCESS_KEY}: the AWS CLI fails; verify, export and exec do not take it`;

/** What each of them is good for here, where there is no endpoint. */
const SERVES: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID:
    "It serves cp, sync and ls; for verify, export and exec give --credentials-file, or the address of an endpoint.",
  AWS_PROFILE: "It chooses a profile for cp, sync and ls; for verify, export and exec give --profile.",
  AWS_WEB_IDENTITY_TOKEN_FILE:
    "cp, sync and ls use it, with AWS_ROLE_ARN; verify, export and exec with --web-identity.",
};

type Place = Pick<Context, "env" | "secretsFolder">;

function endpointVariable(name: string, value: string | undefined): Finding {
  if (value === undefined) return noteOf(name, "not set");
  if (value === "")
    return noteOf(name, "set, but empty: counts as not set", "It was empty where it was passed on.");
  const symptom = symptomOf(value);
  return symptom === undefined
    ? ok(name, `set, ${value.length} characters`)
    : toFix(name, symptom.found, symptom.fix);
}

/** Names like those of the endpoint, which nobody reads. */
function misspelt(env: Environment): Finding[] {
  return Object.keys(env)
    .filter((name) => /^_?AWS_?CONTAINER/i.test(name) && !ENDPOINT_VARIABLES.includes(name))
    .map((name) => {
      const meant = nearest(name.toUpperCase(), ENDPOINT_VARIABLES);
      return noteOf(
        name,
        "set, but not a name that anything reads",
        meant === undefined ? `The names are ${ENDPOINT_VARIABLES.join(", ")}.` : `Did you mean ${meant}?`,
      );
    });
}

/** What becomes of an id without its secret access key beside it. */
function loneId(context: Place): string {
  const [id, secret] = [ACCESS_KEY_ID, SECRET_ACCESS_KEY].map(
    (name) => secretState(context.secretsFolder, name) === "there",
  );
  if (!secret) return `No command takes it without ${SECRET_ACCESS_KEY}: set both.`;
  return id
    ? `No command takes it: cp, sync and ls take the pair in the secrets ${ACCESS_KEY_ID} and ${SECRET_ACCESS_KEY}. Unset it.`
    : `cp, sync and ls take it with the secret ${SECRET_ACCESS_KEY}; the AWS CLI knows no secrets, and fails.`;
}

/** The variables that name an endpoint, and those that lead SDKs elsewhere. */
export function lookAtVariables(context: Place): Finding[] {
  const { env } = context;
  const findings = [...ENDPOINT_VARIABLES.map((name) => endpointVariable(name, env[name])), ...misspelt(env)];
  if (env[RELATIVE_URI] && env[FULL_URI])
    findings.push(noteOf(FULL_URI, `not used: ${RELATIVE_URI} stands before it`, "Set one of the two."));
  const isLone = (name: string) => name === ACCESS_KEY_ID && !env[SECRET_ACCESS_KEY];
  const fix = (name: string) =>
    env[RELATIVE_URI] || env[FULL_URI]
      ? `unset ${name}, or run the command with exec, which takes it away.`
      : isLone(name)
        ? loneId(context)
        : SERVES[name];
  for (const name of EARLIER.filter((each) => env[each]))
    findings.push(noteOf(name, isLone(name) ? LONE : TAKEN, fix(name)));
  return findings;
}
