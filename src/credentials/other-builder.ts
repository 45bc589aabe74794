/** A RUN of a builder elsewhere is in no container that has a role: what the host does instead. */
export function otherBuilder(): string {
  return "or the builder is another machine (CodeBuild's Docker server, DOCKER_HOST, a remote buildx driver), which has no role: run `node fetch-creds.js export --format process --output ../keys.json` on the host and pass --secret id=aws-credentials,src=../keys.json";
}
