/** Builders whose containers are on a machine without the role of the one that starts the build. */
export const OTHER_BUILDER =
  "the builder is another machine (CodeBuild's Docker server, DOCKER_HOST, a remote buildx driver)";

/**
 * What to do where no endpoint serves the step. Where this file runs from says nothing of the machine that has the role.
 */
export const KEYS_INSTEAD =
  "pass keys instead of the address: run `node ./fetch-creds.js export --format process --output ../keys.json` where the role is, then docker build with --secret id=aws-credentials,src=../keys.json, and with --mount=type=secret,id=aws-credentials in the RUN";
