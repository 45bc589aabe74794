import type { Observed, Step } from "./observed.js";

const S3 = "https://BUCKET.s3.us-east-1.amazonaws.com";
/** In the token file of the set-ups. */
const TOKEN = "web.identity.token";
const STS = "https://sts.us-east-1.amazonaws.com";

function stepText(step: Step): string {
  const {
    action,
    role,
    signer,
    host,
    region = "us-east-1",
    session,
    externalId,
    duration,
    webIdentityToken,
  } = step;
  const more = [
    host === STS ? [] : [`at ${host}`],
    region === "us-east-1" ? [] : [`in ${region}`],
    session === "default" ? [] : [`as ${JSON.stringify(session)}`],
    externalId === undefined ? [] : [`with the external id ${JSON.stringify(externalId)}`],
    duration === undefined ? [] : [`for ${duration} s`],
    [undefined, TOKEN].includes(webIdentityToken)
      ? []
      : [`with the token ${JSON.stringify(webIdentityToken)}`],
  ];
  const who = action === "AssumeRole" ? `${role} by ${signer}` : `${role} by web identity`;
  return [who, ...more.flat()].join(" ");
}

/**
 * What came of a run, in few words: whose keys signed, and what is not as usual of where and how. `stops` where S3 was
 * sent nothing.
 */
export function outcomeOf(observed: Observed): string {
  const { stopped, signer = "nothing sent", token, region = "us-east-1", host = S3, steps } = observed;
  if (stopped) return steps.length === 0 ? "stops" : `stops (${steps.map(stepText).join(", ")})`;
  const usualToken = signer === "nobody" ? undefined : `token-of-${signer}`;
  const how = [
    token === usualToken ? [] : [token === undefined ? "no token" : `token ${token}`],
    host === S3 ? [] : [`at ${host}`],
    region === "us-east-1" ? [] : [`in ${region}`],
    steps.length === 0 ? [] : [steps.map(stepText).join(", ")],
  ].flat();
  return how.length === 0 ? signer : `${signer} (${how.join("; ")})`;
}
