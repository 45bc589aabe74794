import { isRegion } from "../aws/region.js";
import { findRegion } from "../cli/region.js";
import type { Context, Environment } from "../context.js";
import { asFinding } from "./ask-source.js";
import { type Finding, noteOf, ok, toFix } from "./finding.js";
import { symptomOf } from "./value-symptoms.js";

const PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/** Node's version, the region, proxies: what stands around the credentials. */
export function lookAtSurroundings(
  context: Pick<Context, "env" | "nodeVersion" | "secretsFolder">,
  profile: string | undefined,
): Finding[] {
  const { env, nodeVersion } = context;
  return [ok("Node.js", nodeVersion), ...lookAtRegion(context, profile), ...lookAtProxies(env)];
}

/** One that no variable names: of a secret, or of the profile. */
function lookElsewhere(
  context: Pick<Context, "env" | "secretsFolder">,
  profile: string | undefined,
): Finding | undefined {
  try {
    const found = findRegion(context, profile);
    if (found === undefined) return undefined;
    return isRegion(found.value)
      ? ok("region", `${found.value} (${found.from})`)
      : toFix(found.from, "is not a valid region", "Example: eu-central-1.");
  } catch (error) {
    return asFinding("region", error);
  }
}

function lookAtRegion(
  context: Pick<Context, "env" | "secretsFolder">,
  profile: string | undefined,
): Finding[] {
  const { env } = context;
  const given = ["AWS_REGION", "AWS_DEFAULT_REGION"].flatMap((name) => {
    const value = env[name];
    return value ? [{ name, value }] : [];
  });
  const [first, second] = given;
  if (first === undefined)
    return [
      lookElsewhere(context, profile) ??
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
