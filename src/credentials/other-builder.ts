/**
 * A RUN of a builder elsewhere is in no container that has a role: what the host does instead, in the folder of its
 * build. Where this file runs from says nothing of the host.
 */
export function otherBuilder(): string {
  return "or the builder is another machine (CodeBuild's Docker server, DOCKER_HOST, a remote buildx driver), which has no role: run `node ./fetch-creds.js export --format process --output ../keys.json` on the host, pass --secret id=aws-credentials,src=../keys.json in place of the address, and mount it in the RUN (--mount=type=secret,id=aws-credentials)";
}
