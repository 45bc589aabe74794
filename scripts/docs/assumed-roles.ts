/** What the reference says of roles that STS gives. */
export const ASSUMED_ROLES = `## Assumed roles

\`--role-arn\` calls STS AssumeRole with the keys of the source that was found, and continues with that role: checks apply to it, \`export\` and \`exec\` pass its keys on, and \`verify\` shows both. \`--web-identity\`, or a token file in the environment or the profile for the commands that look there, calls AssumeRoleWithWebIdentity, without keys. The token file is read again each time. Nothing is written to disk.

- **Duration.** One hour, unless you set \`--duration\`. With a role's keys, another role can be assumed for one hour at most; with a user's keys, for up to the role's maximum session duration. A longer copy renews the role's keys, and the source's keys before they expire.
- **Session name**, which CloudTrail shows: \`--role-session-name\`, \`AWS_ROLE_SESSION_NAME\` for a web identity, or \`role_session_name\` of the profile; otherwise \`fetch-creds\`, or in CodeBuild \`fetch-creds-\` and the id in \`CODEBUILD_BUILD_ID\`. Characters that STS does not accept become \`-\`, and the name is cut to 64 characters.
- **STS endpoint.** The region of \`--region\`, the variables or the profile in use; without one, \`sts.amazonaws.com\`, or for a role of another partition, that partition's first region. \`--endpoint-url-sts\`, \`AWS_ENDPOINT_URL_STS\`, \`AWS_ENDPOINT_URL\`, and the profile's services section and \`endpoint_url\` set another address; \`--endpoint-url\` applies to S3 only.
- **Time limit.** \`--timeout\` for each request with its retries, otherwise one minute. If STS is busy, up to five attempts are made.
- **\`exec --refreshable\`** cannot pass on a role, because the command's SDK would have to assume it. Use [credential-process](recipes/credential-process/README.md) instead.

[cross-account](recipes/cross-account/README.md) and [irsa](recipes/irsa/README.md) have the policies of both sides.`;
