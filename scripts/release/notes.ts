export interface Release {
  readonly version: string;
  /** The sha256 of fetch-creds.js. */
  readonly digest: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** What changed, from CHANGELOG.md. */
  readonly changes: string;
}

/** The text of the release on GitHub: how to get exactly this file, then what changed. */
export function notes({ version, digest, repository, changes }: Release): string {
  const address = `https://github.com/${repository}/releases/download/v${version}/fetch-creds.js`;
  return `## Use it

Pinned to these bytes (Dockerfile frontend 1.6 or newer):

\`\`\`dockerfile
ADD --checksum=sha256:${digest} --chmod=755 ${address} /fetch-creds.js
\`\`\`

From the image that holds nothing else:

\`\`\`dockerfile
COPY --from=ghcr.io/${repository.toLowerCase()}:${version} /fetch-creds.js /fetch-creds.js
\`\`\`

Check a download, and where it was built:

\`\`\`sh
echo "${digest}  fetch-creds.js" | sha256sum --check
gh attestation verify fetch-creds.js --repo ${repository}
\`\`\`

## Changes

${changes}
`;
}
