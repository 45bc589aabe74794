import { isRegion } from "../aws/region.js";
import { findRegion, givenRegion } from "../cli/region.js";
import type { SettingsSearch } from "../cli/settings-of.js";
import type { Context, Environment } from "../context.js";
import { readProfiles } from "../profiles/profiles.js";
import { asFinding } from "./ask-source.js";
import { type Finding, noteOf, ok, toFix } from "./finding.js";
import { symptomOf } from "./value-symptoms.js";

const PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/** Node's version, the region, proxies: what stands around the credentials. */
export async function lookAtSurroundings(
  context: Pick<Context, "env" | "nodeVersion" | "secretsFolder" | "uid">,
  search: SettingsSearch,
): Promise<Finding[]> {
  const { env, nodeVersion } = context;
  const broken = lookAtProfiles(context);
  return [
    ok("Node.js", nodeVersion),
    ...broken,
    // The region of a profile that cannot be read is that same finding.
    ...(broken.length > 0 && givenRegion(context) === undefined ? [] : await lookAtRegion(context, search)),
    ...lookAtProxies(env),
  ];
}

/** The files of profiles, where they cannot be read: all that reads them stops there. */
function lookAtProfiles(context: Pick<Context, "env" | "uid">): Finding[] {
  try {
    readProfiles(context);
    return [];
  } catch (error) {
    return [asFinding("profiles", error)];
  }
}

/** One that no variable names: of a secret, or of the profile. */
async function lookElsewhere(
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
  search: SettingsSearch,
): Promise<Finding | undefined> {
  try {
    const found = await findRegion(context, search);
    if (found === undefined) return undefined;
    return isRegion(found.value)
      ? ok("region", `${found.value} (${found.from})`)
      : toFix(found.from, "is not a valid region", "Example: eu-central-1.");
  } catch (error) {
    return asFinding("region", error);
  }
}

async function lookAtRegion(
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
  search: SettingsSearch,
): Promise<Finding[]> {
  const { env } = context;
  const given = ["AWS_REGION", "AWS_DEFAULT_REGION"].flatMap((name) => {
    const value = env[name];
    return value ? [{ name, value }] : [];
  });
  const [first, second] = given;
  if (first === undefined)
    return [
      (await lookElsewhere(context, search)) ??
        noteOf(
          "region",
          "neither AWS_REGION nor AWS_DEFAULT_REGION is set: a bucket's region is found by itself, other programs need it",
          "Pass it in: --build-arg AWS_REGION, with ARG AWS_REGION after FROM.",
        ),
    ];
  const wrong = given.flatMap(({ name, value }) => {
    const symptom = symptomOf(value);
    if (symptom !== undefined) return [toFix(name, symptom.found, symptom.fix)];
    return isRegion(value) ? [] : [toFix(name, "is not a valid region", "Example: eu-central-1.")];
  });
  if (wrong.length > 0) return wrong;
  return second !== undefined && second.value !== first.value
    ? [
        noteOf(
          "region",
          `${first.name} says ${first.value}, ${second.name} says ${second.value}: the first is used`,
        ),
      ]
    : [ok("region", `${first.value} (${first.name})`)];
}

function lookAtProxies(env: Environment): Finding[] {
  const set = PROXIES.filter((name) => env[name]);
  if (set.length === 0) return [ok("proxies", "none in the environment")];
  return [
    noteOf(
      "proxies",
      `${set.join(", ")} set: used for S3, never for the credentials`,
      "Other programs may send the credential request to the proxy: set NO_PROXY=169.254.170.2,169.254.170.23 for them.",
    ),
  ];
}
