import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { nearest } from "../cli/nearest.js";
import { REGION_VARIABLES } from "../cli/region.js";
import type { Context } from "../context.js";
import {
  ACCESS_KEY_ID,
  AUTHORIZATION_TOKEN,
  CREDENTIAL_EXPIRATION,
  CREDENTIALS_SECRET,
  FULL_URI,
  RELATIVE_URI,
  ROLE_ARN,
  ROLE_SESSION_NAME,
  SECRET_ACCESS_KEY,
  SECURITY_TOKEN,
  SESSION_TOKEN,
  WEB_IDENTITY_TOKEN_FILE,
} from "../credentials/variables.js";
import { learnSecrets } from "../output/concealed.js";
import { type Finding, noteOf, ok, toFix } from "./finding.js";
import { symptomOf } from "./value-symptoms.js";

/** Read as the variables of their names by cp, sync and ls. */
const KEYS = [ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, SECURITY_TOKEN];
const NAMES = [
  ...[WEB_IDENTITY_TOKEN_FILE, ROLE_ARN, ROLE_SESSION_NAME, CREDENTIAL_EXPIRATION],
  ...["AWS_PROFILE", "AWS_DEFAULT_PROFILE", ...REGION_VARIABLES],
];
const KNOWN = [RELATIVE_URI, FULL_URI, AUTHORIZATION_TOKEN, CREDENTIALS_SECRET, ...KEYS, ...NAMES];

/** Hold nothing that must be concealed as a whole. */
const OPEN: readonly string[] = [CREDENTIALS_SECRET, ACCESS_KEY_ID, ...NAMES];

type Place = Pick<Context, "secretsFolder" | "uid">;

/** Above this it is no secret of ours. */
const LARGEST = 1 << 20;

function secretFile({ secretsFolder: folder, uid = 1000 }: Place, name: string): Finding {
  const subject = `secret ${name}`;
  let stats: Stats;
  let text: string;
  try {
    stats = statSync(`${folder}/${name}`);
    if (!stats.isFile() || stats.size > LARGEST)
      return toFix(subject, "is not a small file", "Mount the secret itself, not a folder.");
    text = readFileSync(`${folder}/${name}`, "utf8");
  } catch {
    return toFix(
      subject,
      "is there, but this user may not read it",
      `Add uid=${uid} or mode=0444 to its mount: RUN --mount=type=secret,id=${name},uid=${uid} ...`,
    );
  }
  const value = text.replace(/\r?\n$/, "");
  if (!OPEN.includes(name)) learnSecrets(value);
  if (value === "")
    return noteOf(subject, "is empty: counts as not there", "The variable was empty where docker build ran.");
  const symptom = [RELATIVE_URI, FULL_URI, AUTHORIZATION_TOKEN].includes(name) ? symptomOf(value) : undefined;
  return symptom === undefined
    ? ok(subject, `${stats.size} bytes, mode ${(stats.mode & 0o777).toString(8).padStart(4, "0")}`)
    : toFix(subject, symptom.found, symptom.fix);
}

/** The folder where BuildKit puts secrets: ours, and names that look like a misspelt one of ours. */
export function lookAtSecrets(place: Place): Finding[] {
  const { secretsFolder } = place;
  let names: string[];
  try {
    names = readdirSync(secretsFolder).sort();
  } catch {
    return [noteOf(secretsFolder, "not there: no secret is mounted in this step")];
  }
  const ours = names.filter((name) => KNOWN.includes(name)).map((name) => secretFile(place, name));
  const strangers = names.flatMap((name) => {
    const meant = KNOWN.includes(name) ? undefined : nearest(name, KNOWN);
    return meant === undefined
      ? []
      : [noteOf(`secret ${name}`, "has a name that is not read", `Did you mean id=${meant}?`)];
  });
  return ours.length + strangers.length > 0
    ? [...ours, ...strangers]
    : [noteOf(secretsFolder, "has none of the secrets that are read here")];
}
