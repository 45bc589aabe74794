import { addLine, assetAddress, copyLine, type Offer } from "../docs/get-it.js";

export interface Release extends Offer {
  /** The sha256 of fetch-creds.js. */
  readonly digest: string;
  /** What changed, from CHANGELOG.md. */
  readonly changes: string;
}

/** The text of the release on GitHub: how to get exactly this file, then what changed. */
export function notes(release: Release): string {
  return `## Use it

Pinned to these bytes (Docker 25 or newer):

\`\`\`dockerfile
${addLine(release)}
\`\`\`

From the image that holds nothing else:

\`\`\`dockerfile
${copyLine(release)}
\`\`\`

Download it, check it, and where it was built:

\`\`\`sh
curl -fsSLO ${assetAddress(release, "fetch-creds.js")}
echo "${release.digest}  fetch-creds.js" | sha256sum -c
gh attestation verify fetch-creds.js --repo ${release.home.repository}
\`\`\`

## Changes

${release.changes}
`;
}
