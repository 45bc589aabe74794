/** What the reference says of roles that STS gives. */
export const ASSUMED_ROLES = `## Assumed roles

\`--role-arn\` asks STS (AssumeRole) with the keys of the source that was found, and goes on as that role: expectations hold against it, \`export\` and \`exec\` hand its keys on, \`verify\` names both. \`--web-identity\`, and a token file in the environment or the profile for the commands that look there, asks without keys (AssumeRoleWithWebIdentity); the file is read anew each time. Nothing is written to disk.

- **How long.** An hour, unless \`--duration\` says otherwise. Keys of a role get another role for an hour at most; a user's own keys for as long as that role's maximum session duration. A copy that runs longer renews the role's keys, and those of the source when they near their end.
- **The session's name**, by which CloudTrail knows the build: \`--role-session-name\`, \`AWS_ROLE_SESSION_NAME\` for a web identity, \`role_session_name\` of the profile; otherwise \`fetch-creds\`, in CodeBuild \`fetch-creds-\` and the id in \`CODEBUILD_BUILD_ID\`. What STS does not take in a name becomes \`-\`, and it is cut to 64 characters.
- **Where STS is asked.** In the region of \`--region\`, the variables or the profile in force; without one at \`sts.amazonaws.com\`, for a role of another partition in that partition's first region. \`--endpoint-url-sts\`, \`AWS_ENDPOINT_URL_STS\`, \`AWS_ENDPOINT_URL\`, and the profile's services section and \`endpoint_url\` name another address; \`--endpoint-url\` is S3's alone.
- **What it may take.** \`--timeout\` for each request with its tries, else a minute. STS that is busy is asked up to five times.
- **\`exec --refreshable\`** cannot hand on a role: the command's SDK would have to assume it. [credential-process](recipes/credential-process/README.md) lets it ask us.

[cross-account](recipes/cross-account/README.md) and [irsa](recipes/irsa/README.md) have the policies of both sides.`;
