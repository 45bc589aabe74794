import type { Environment } from "../context.js";

/** AWS STS API Reference, AssumeRole, RoleSessionName: these, 2 to 64 of them. */
const REFUSED = /[^\w+=,.@-]/gu;
const LONGEST = 64;
const SHORTEST = 2;

/** A text as STS takes it for the name of a session; undefined where too little is left. */
export function sessionNameOf(text: string): string | undefined {
  const name = text.replace(REFUSED, "-").slice(0, LONGEST);
  return name.length < SHORTEST ? undefined : name;
}

/**
 * The name of a session that nobody named: ours, and in CodeBuild the build's id behind it, by which CloudTrail's
 * entries lead to the build. `CODEBUILD_BUILD_ID` is `PROJECT:UUID`.
 */
export function defaultSessionName({ CODEBUILD_BUILD_ID: build }: Environment): string {
  const id = build?.slice(build.lastIndexOf(":") + 1);
  return sessionNameOf(id ? `fetch-creds-${id}` : "fetch-creds") as string;
}
