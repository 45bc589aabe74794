/** Builders whose containers are on a machine without the role of the one that starts the build. */
export const OTHER_BUILDER =
  "the builder is another machine (CodeBuild's Docker server, DOCKER_HOST, a remote buildx driver)";

/**
 * What to do where no endpoint serves the step. Where this file runs from says nothing of the machine that has the role.
 */
export const KEYS_THERE = [
  "pass keys instead of the address: `docker build --secret id=aws-credentials,src=../keys.json .`, and in the Dockerfile `RUN --mount=type=secret,id=aws-credentials`",
  "to write them where the role is: `node ./fetch-creds.js export --format process --output ../keys.json`, or on a laptop: `(umask 077; aws configure export-credentials > ../keys.json)`",
].join("\n");

export const KEYS_INSTEAD = `in both cases, ${KEYS_THERE}`;
