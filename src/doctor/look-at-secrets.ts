import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import type { Context } from "../context.js";
import {
  AUTHORIZATION_TOKEN,
  FULL_URI,
  RELATIVE_URI,
  SECRET_ACCESS_KEY,
  SECURITY_TOKEN,
  SESSION_TOKEN,
} from "../credentials/variables.js";
import { SECRETS_READ } from "../credentials/what-lies-there.js";
import { learnSecrets } from "../output/concealed.js";
import { nearest } from "../output/nearest.js";
import { type Finding, noteOf, ok, toFix } from "./finding.js";
import { symptomOf } from "./value-symptoms.js";

/** What may not be shown as a whole; the others are paths, names and dates. */
const CONCEALED: readonly string[] = [
  ...[RELATIVE_URI, FULL_URI, AUTHORIZATION_TOKEN],
  ...[SECRET_ACCESS_KEY, SESSION_TOKEN, SECURITY_TOKEN],
];

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
  if (CONCEALED.includes(name)) learnSecrets(value);
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
  const ours = names.filter((name) => SECRETS_READ.includes(name)).map((name) => secretFile(place, name));
  const strangers = names.flatMap((name) => {
    const meant = SECRETS_READ.includes(name) ? undefined : nearest(name, SECRETS_READ);
    return meant === undefined
      ? []
      : [noteOf(`secret ${name}`, "has a name that is not read", `Did you mean id=${meant}?`)];
  });
  return ours.length + strangers.length > 0
    ? [...ours, ...strangers]
    : [noteOf(secretsFolder, "has none of the secrets that are read here")];
}
